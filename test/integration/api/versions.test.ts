// Many change one thing at once, and the same request comes twice: nothing is lost, nothing is done twice.
import { expect, test } from "vitest";
import type { Store } from "../../../src/control/store-ports.ts";
import { ask } from "./ask.ts";
import { CELL, OWN, startsServices } from "./running-service.ts";

const started = startsServices({ ticks: 1 });

const EVENT = { name: "sale", start: "2026-04-03T08:00:00Z", end: "2026-04-05T08:00:00Z" };

test("of many changes to one version one comes through, and the others are told", async () => {
  const service = await started();
  const client = service.as("operator");
  const changes = Array.from({ length: 20 }, (_, index) =>
    client.putCustomer({ id: OWN, ifVersion: 1, body: { name: `name ${index}` } }),
  );
  const results = await Promise.all(changes);
  const winners = results.filter(({ ok }) => ok);
  expect(winners).toHaveLength(1);
  expect(results.filter((each) => !each.ok && each.error.status === 412)).toHaveLength(19);
  const kept = await client.getCustomer({ id: OWN });
  expect(kept).toEqual(winners[0]);
  expect(kept).toMatchObject({ value: { version: 2 } });
});

test("readers who change what they read and try again lose nothing", async () => {
  const service = await started();
  const client = service.as("operator");
  const add = async (letter: string): Promise<void> => {
    for (;;) {
      const read = await client.getCustomer({ id: OWN });
      if (!read.ok) throw new Error(read.error.title);
      const { name, version } = read.value;
      const put = await client.putCustomer({ id: OWN, ifVersion: version, body: { name: name + letter } });
      if (put.ok) return;
      expect(put.error.status).toBe(412);
    }
  };
  const letters = [..."0123456789"];
  await Promise.all(letters.map(add));
  const kept = await client.getCustomer({ id: OWN });
  expect(kept.ok && [...kept.value.name].filter((letter) => letters.includes(letter)).sort()).toEqual(letters);
});

test("only one of many can make a thing", async () => {
  const service = await started();
  const made = await Promise.all(
    Array.from({ length: 10 }, () =>
      service.as("operator").putCustomer({ id: "new", ifVersion: 0, body: { name: "x" } }),
    ),
  );
  expect(made.filter(({ ok }) => ok)).toHaveLength(1);
});

test("the kill switch comes through whatever else is being set", async () => {
  const service = await started();
  const client = service.as("operator");
  const settings = { serviceLevel: 0.99, stepSeconds: 300, mode: "act" as const, acting: [], killSwitch: false };
  const [pulled] = await Promise.all([
    client.putKillSwitch({ id: CELL, body: { on: true } }),
    ...[1, 2, 3].map((version) => client.putCell({ id: CELL, ifVersion: version, body: settings })),
  ]);
  expect(pulled).toMatchObject({ ok: true, value: { killSwitch: true } });
});

test("a POST with the same Idempotency-Key is done once, and answered the same", async () => {
  const service = await started();
  const post = (body: object = EVENT, key = "sale-1") =>
    ask(service.address, { method: "POST", path: "/v1/events", key: "own", body, headers: { "idempotency-key": key } });
  const first = await post();
  const again = await post();
  expect([again.status, again.text]).toEqual([first.status, first.text]);
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect([again.headers.get("etag"), again.headers.get("location")]).toEqual([
    first.headers.get("etag"),
    first.headers.get("location"),
  ]);
  expect((await post({ ...EVENT, name: "other" })).status).toBe(409);
  expect((await post(EVENT, "sale-2")).text).not.toBe(first.text);
  const others = await service.as("foreign").postEvent({ body: EVENT, idempotencyKey: "sale-1" });
  expect(others).toMatchObject({ ok: true, value: { customers: ["larkwhistle"] } });
  const list = await service.as("own").listEvents({});
  expect(list.ok && list.value.items).toHaveLength(2);
});

test("what was refused may be tried again under the same key", async () => {
  const service = await started();
  const body = { name: "x", role: "customer" as const, scopes: ["read" as const], customer: "new" };
  const post = () => service.as("operator").postKey({ body, idempotencyKey: "new-key" });
  expect(await post()).toMatchObject({ ok: false, error: { status: 422 } });
  await service.as("operator").putCustomer({ id: "new", body: { name: "New" } });
  expect(await post()).toMatchObject({ ok: true });
});

test("a secret is answered once: a repeat is told that it was, and nothing of it is kept", async () => {
  const kept: string[] = [];
  const listening = (store: Store): Store => ({
    ...store,
    idempotency: {
      ...store.idempotency,
      keep(asked, answer) {
        kept.push(answer.body);
        return store.idempotency.keep(asked, answer);
      },
    },
  });
  const service = await started({ wrap: listening });
  const body = { name: "x", role: "operator" as const, scopes: ["read" as const] };
  const first = await service.as("operator").postKey({ body, idempotencyKey: "k" });
  expect(first).toMatchObject({ ok: true });
  expect(await service.as("operator").postKey({ body, idempotencyKey: "k" })).toMatchObject({ error: { status: 409 } });
  expect(kept).toHaveLength(1);
  expect(kept.join()).not.toContain("hr_");
});

test("two at the same time with one key: one is done, the other is told to wait", async () => {
  let goOn = (): void => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let arrived = (): void => {};
  const isThere = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const slow = (store: Store): Store => ({
    ...store,
    documents: {
      ...store.documents,
      async write(changes, by) {
        arrived();
        await held;
        return store.documents.write(changes, by);
      },
    },
  });
  const service = await started({ wrap: slow });
  const post = () => service.as("own").postEvent({ body: EVENT, idempotencyKey: "k" });
  const first = post();
  await isThere;
  expect(await post()).toMatchObject({ ok: false, error: { status: 409 } });
  goOn();
  expect(await first).toMatchObject({ ok: true });
  expect(await post()).toEqual(await first);
});

test("a request that was cut off after its work finds what it made", async () => {
  let isCut = true;
  const forgetful = (store: Store): Store => ({
    ...store,
    idempotency: {
      // As after a crash: the event is there, its answer is not.
      answerTo: (asked) => store.idempotency.answerTo({ ...asked, key: `${asked.key}-${String(isCut)}` }),
      keep: (asked, answer) => store.idempotency.keep(asked, answer),
    },
  });
  const service = await started({ wrap: forgetful });
  const first = await service.as("own").postEvent({ body: EVENT, idempotencyKey: "k" });
  isCut = false;
  expect(await service.as("own").postEvent({ body: EVENT, idempotencyKey: "k" })).toEqual(first);
});
