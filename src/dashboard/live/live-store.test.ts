import { expect, test, vi } from "vitest";
import type { HeadroomClient } from "../../api/client/client.ts";
import type { LiveNews } from "../../api/client/watch-live.ts";
import type { Problem } from "../../api/contract/live.ts";
import { createTickingSource } from "../../api/contract/ticking-source.arbitrary.ts";
import type { Result } from "../../model/result.ts";
import { createLiveStore } from "./live-store.ts";

const REFUSED: Problem = { type: "urn:headroom:problem:unreachable", title: "Headroom does not answer", status: 0 };

/** A store whose server answers only when it is told to, and whose stream says what the test says. */
function started() {
  const source = createTickingSource({ history: 5 });
  const waiting: ((isUp: boolean) => void)[] = [];
  const answer = <Value>(value: () => Value | undefined): Promise<Result<Value, Problem>> =>
    new Promise((resolve) => {
      const snapshot = value();
      waiting.push((isUp) =>
        resolve(isUp && snapshot !== undefined ? { ok: true, value: snapshot } : { ok: false, error: REFUSED }),
      );
    });
  const client: HeadroomClient = {
    getFleet: () => answer(() => source.fleet()),
    getCustomerChart: ({ id }) => answer(() => source.customerChart(id)),
  };
  const store = createLiveStore({ client, clock: () => 0, whenVisible: (draw) => draw() });
  const serverAnswers = async (isUp = true): Promise<void> => {
    for (const each of waiting.splice(0)) each(isUp);
    await Promise.resolve();
    await Promise.resolve();
  };
  const hear = (...news: LiveNews[]): Promise<void> => store.follow(inTurn(news));
  return { source, store, waiting, serverAnswers, hear };
}

async function* inTurn(news: readonly LiveNews[]): AsyncGenerator<LiveNews> {
  yield* news;
}

test("a tick that comes in while the snapshot is on its way is not lost", async () => {
  const { source, store, serverAnswers, hear } = started();
  await hear({ kind: "connected" }, { kind: "reset" });
  const tick = source.tick();
  await hear({ kind: "tick", tick });
  await serverAnswers();
  const { fleet } = store.getState();
  expect(fleet.kind === "ready" && fleet.value.latest.at).toBe(tick.at);
  expect(fleet.kind === "ready" && fleet.value.history.at).toHaveLength(6);
});

test("without a stream there is a snapshot, and the word that there is no connection", async () => {
  const { store, serverAnswers, hear } = started();
  await hear({ kind: "lost", reason: "refused" });
  await serverAnswers();
  expect(store.getState()).toMatchObject({ connected: false, fleet: { kind: "ready" } });
});

test("a server that is away is asked again, once at a time", async () => {
  vi.useFakeTimers();
  const { store, waiting, serverAnswers, hear } = started();
  await hear({ kind: "lost", reason: "refused" }, { kind: "lost", reason: "refused" });
  await serverAnswers(false);
  expect(store.getState().fleet).toEqual({ kind: "failed", problem: REFUSED });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(waiting).toHaveLength(1);
  await serverAnswers();
  expect(store.getState().fleet.kind).toBe("ready");
  vi.useRealTimers();
});

test("the chart of a customer that is no longer looked at is dropped", async () => {
  const { store, waiting, serverAnswers } = started();
  store.watchCustomer("meridian");
  const [late] = waiting.splice(0);
  store.watchCustomer("a/b ?%");
  await serverAnswers();
  late?.(true);
  await Promise.resolve();
  const { customer } = store.getState();
  expect(customer).toMatchObject({ id: "a/b ?%", chart: { kind: "ready", value: { name: "Odd & Sons" } } });
});

test("a forecast that cannot be had anew leaves the last one standing", async () => {
  const { store, serverAnswers, hear } = started();
  store.watchCustomer("meridian");
  await serverAnswers();
  await hear({ kind: "reset" });
  await serverAnswers(false);
  expect(store.getState().customer?.chart.kind).toBe("ready");
  expect(store.getState().fleet.kind).toBe("failed");
});
