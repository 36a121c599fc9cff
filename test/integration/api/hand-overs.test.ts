// Hand-overs over HTTP: what is asked for, refused, seen and returned, and what nobody is shown.
import { expect, test } from "vitest";
import { FOREIGN_WORKLOAD, KEYS, OWN, OWN_WORKLOAD, startsServices } from "./running-service.ts";

const start = startsServices({ ticks: 12 });
const REPLICA = { host: "10.0.0.7", port: 8080 };
const SIZE = { cpu: 0.5, memory: 2 ** 29, network: 1e6, storage: 1e6 };
const BODY = { workload: OWN_WORKLOAD, replica: REPLICA, size: SIZE };
const SECRET = "a-secret-of-enough-letters";

test("a replica that is asked for is promised once, grows, and is given back; the log says who asked", async () => {
  const service = await start();
  const own = service.as("own");
  const first = await own.postHandOver({ body: BODY, idempotencyKey: "once" });
  const again = await own.postHandOver({ body: BODY, idempotencyKey: "once" });
  expect(first).toMatchObject({ ok: true, value: { state: "asked", customer: OWN, replica: REPLICA, problem: null } });
  expect(again).toEqual(first);
  const { id } = first.ok ? first.value : { id: "" };
  for (let count = 0; count < 3; count++) await service.tick();
  const serving = await own.getHandOver({ id });
  expect(serving).toMatchObject({ ok: true, value: { state: "announced", untold: ["joins"] } });
  const returned = await own.returnHandOver({ id });
  expect(returned).toMatchObject({ ok: true, value: { returnAsked: true } });
  expect(await own.returnHandOver({ id })).toEqual(returned);
  await service.tick();
  const listed = await own.listHandOvers();
  expect(listed.ok && listed.value.items.map((each) => [each.id, each.state])).toEqual([[id, "draining"]]);
  const changes = await service.as("operator").listChanges({ query: { kind: "hand-over" } });
  expect(changes.ok && changes.value.items.map(({ by, what, target }) => [by, what, target])).toContainEqual([
    "key-own",
    "created",
    id,
  ]);
});

test("a request that was cut off before its answer was kept finds what it made", async () => {
  const service = await start({
    wrap: (store) => ({
      ...store,
      idempotency: {
        answerTo: async () => ({ ok: true, value: undefined }),
        keep: async () => ({ ok: true, value: undefined }),
      },
    }),
  });
  const own = service.as("own");
  const made = await own.postHandOver({ body: BODY, idempotencyKey: "once" });
  expect(made.ok).toBe(true);
  const again = await own.postHandOver({ body: BODY, idempotencyKey: "once" });
  expect(again).toEqual(made);
  const { id } = made.ok ? made.value : { id: "" };
  const listed = await own.listHandOvers();
  expect(listed.ok && listed.value.items.map((each) => each.id)).toEqual([id]);
});

test("what is refused says why in a sentence", async () => {
  const service = await start();
  const own = service.as("own");
  const huge = { cpu: 1e6, memory: 1e15, network: 1e12, storage: 1e12 };
  expect(await own.postHandOver({ body: { ...BODY, size: huge } })).toMatchObject({
    ok: false,
    error: { status: 409, title: expect.stringContaining("between its minimum and its ceiling") },
  });
  expect(await own.postHandOver({ body: { ...BODY, workload: FOREIGN_WORKLOAD } })).toMatchObject({
    ok: false,
    error: { status: 404 },
  });
  expect(await service.as("reader").postHandOver({ body: BODY })).toMatchObject({ error: { status: 403 } });
});

test("nobody sees, returns or lists a replica of somebody else", async () => {
  const service = await start();
  const made = await service.as("own").postHandOver({ body: BODY });
  const { id } = made.ok ? made.value : { id: "" };
  const foreign = service.as("foreign");
  expect(await foreign.getHandOver({ id })).toMatchObject({ error: { status: 404 } });
  expect(await foreign.returnHandOver({ id })).toMatchObject({ error: { status: 404 } });
  expect(await foreign.listHandOvers({ query: { customer: OWN } })).toMatchObject({ value: { items: [] } });
  expect(await service.as("operator").getHandOver({ id })).toMatchObject({ ok: true });
});

test("a webhook's secret is shown to nobody again, and its address is one that a customer may name", async () => {
  const service = await start();
  const own = service.as("own");
  const url = "https://lb.example.com/headroom";
  expect(await own.putWebhook({ id: OWN, body: { url, secret: SECRET } })).toMatchObject({ ok: true, value: { url } });
  await own.putWebhook({ id: OWN, body: { url: `${url}/2`, secret: `${SECRET}2` } });
  await own.deleteWebhook({ id: OWN });
  for (const path of [`/v1/customers/${OWN}/webhook`, "/v1/changes", "/v1/decisions"]) {
    const answer = await fetch(`${service.address}${path}`, { headers: { authorization: `Bearer ${KEYS.operator}` } });
    expect(await answer.text()).not.toContain(SECRET);
  }
  const changes = await service.as("operator").listChanges({ query: { kind: "webhook" } });
  expect(changes.ok && changes.value.items.map(({ before }) => before)).toEqual([
    { url: `${url}/2` },
    { url },
    undefined,
  ]);
  for (const inside of ["https://127.0.0.1/", "https://169.254.169.254/", "http://lb.example.com@10.0.0.1/", "ftp://x"])
    expect(await own.putWebhook({ id: OWN, body: { url: inside, secret: SECRET } }), inside).toMatchObject({
      ok: false,
      error: { status: 422 },
    });
});

test("a template is kept whole, and what replicas are made from", async () => {
  const service = await start();
  const own = service.as("own");
  const readiness = { kind: "http" as const, path: "/healthz", timeoutSeconds: 0.5 };
  const kept = await own.putTemplate({ id: OWN_WORKLOAD, body: { image: "web-7", readiness } });
  expect(kept).toMatchObject({
    value: { readiness: { path: "/healthz", intervalSeconds: 5, timeoutSeconds: 0.5, successes: 2 } },
  });
  expect(
    await own.putTemplate({ id: OWN_WORKLOAD, body: { image: "w", readiness: { kind: "tcp", path: "/" } } }),
  ).toMatchObject({ ok: false, error: { status: 422 } });
  const made = await own.postHandOver({ body: BODY });
  expect(made).toMatchObject({ value: { image: "web-7", ready: false } });
});
