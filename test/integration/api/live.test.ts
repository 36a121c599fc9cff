// The live stream with keys: everybody hears its own, comes back where it broke off, and is let go with a reason.
import { afterEach, expect, test } from "vitest";
import { readServerEvents, type ServerEvent } from "../../../src/api/client/server-events.ts";
import { watchLive } from "../../../src/api/client/watch-live.ts";
import { FOREIGN, KEYS, OWN, type RunningService, startsServices } from "./running-service.ts";

const started = startsServices({ ticks: 2 });
const stops = new Set<AbortController>();
afterEach(() => {
  for (const stop of stops) stop.abort();
  stops.clear();
});

/** Its events one by one, those without a name left out. */
async function listen(service: RunningService, key: string, lastEventId?: string) {
  const stop = new AbortController();
  stops.add(stop);
  const headers = {
    authorization: `Bearer ${key}`,
    ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
  };
  const response = await fetch(`${service.address}/v1/live`, { headers, signal: stop.signal });
  if (response.body === null || !response.ok) throw new Error(`the stream answered ${response.status}`);
  const events = readServerEvents(response.body);
  const next = async (): Promise<ServerEvent> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error("the stream ended");
      if (value.event !== "message") return value;
    }
  };
  // The response goes along: once it is collected, a body that nobody reads yet is cancelled with it.
  return { next, response, stop: () => stop.abort() };
}

test("a customer hears its own part, an operator all", async () => {
  const service = await started();
  const [all, own] = [await listen(service, KEYS.operator), await listen(service, KEYS.own)];
  for (let count = 0; count < 3; count++) await service.tick();
  for (let count = 0; count < 3; count++) {
    const [seen, mine] = [await all.next(), await own.next()];
    expect(mine.id).toBe(seen.id);
    expect(seen.data).toContain(FOREIGN);
    expect(mine.data).not.toContain(FOREIGN);
    const part = JSON.parse(mine.data) as { customers: { id: string }[]; decisions: { customer?: string }[] };
    expect(Object.keys(part).sort()).toEqual(["at", "customers", "decisions"]);
    expect(part.customers.map(({ id }) => id)).toEqual([OWN]);
    expect(part.decisions.every(({ customer }) => customer === OWN)).toBe(true);
  }
});

test("who comes back with the last id hears what was missed, and only its own of it", async () => {
  const service = await started();
  const before = await listen(service, KEYS.own);
  await service.tick();
  const heard = await before.next();
  before.stop();
  await service.tick();
  await service.tick();
  const again = await listen(service, KEYS.own, heard.id ?? "");
  const missed = [await again.next(), await again.next()];
  expect(missed.map(({ event }) => event)).toEqual(["tick", "tick"]);
  expect(missed.map(({ data }) => data).join()).not.toContain(FOREIGN);
});

test("a viewer whose key ends is let go with the reason, and does not come in again", async () => {
  const service = await started({ keepAliveMs: 5 });
  const client = service.as("operator");
  const made = await client.postKey({ body: { name: "x", role: "operator", scopes: ["read"] } });
  if (!made.ok) throw new Error(made.error.title);
  const stop = new AbortController();
  stops.add(stop);
  const news = watchLive({
    address: service.address,
    fetcher: fetch,
    key: made.value.secret,
    signal: stop.signal,
    retryMs: 1,
  });
  expect((await news.next()).value).toEqual({ kind: "connected" });
  expect((await news.next()).value).toEqual({ kind: "reset" });
  await client.revokeKey({ id: made.value.id });
  expect((await news.next()).value).toMatchObject({
    kind: "lost",
    reason: expect.stringContaining("key of this reader ended"),
  });
  expect((await news.next()).value).toMatchObject({ kind: "lost", reason: "the live stream answered 401" });
});

test("a thousand viewers hear every tick", async () => {
  const service = await started({ subscribersMax: 1_000 });
  const viewers = await Promise.all(Array.from({ length: 1_000 }, () => listen(service, KEYS.own)));
  await expect(listen(service, KEYS.own)).rejects.toThrow("503");
  await service.tick();
  await service.tick();
  const heard = await Promise.all(viewers.map(async ({ next }) => [(await next()).id, (await next()).id].join()));
  expect(new Set(heard).size).toBe(1);
});
