// Programs that announce events: only what was signed with the source's secret, in time, and only once.
import { createHmac } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { MINUTE_MS } from "../../../src/model/time.ts";
import { OWN, type RunningService, startsServices } from "../api/running-service.ts";

const start = startsServices({ ticks: 3 });
let service: RunningService;
let source: string;
let secret: string;

beforeEach(async () => {
  service = await start();
  const made = await service.as("own").postSource({ body: { name: "Shop system", form: { kind: "hook" } } });
  source = made.ok ? made.value.id : "";
  const renewed = await service.as("own").renewSourceSecret({ id: source });
  secret = renewed.ok ? renewed.value.secret : "";
});

const SALE = {
  id: "spring-2026",
  name: "spring-sale",
  start: "2026-04-03T08:00:00Z",
  end: "2026-04-05T22:00:00Z",
  declaredUplift: 1.6,
};

interface Called {
  readonly to?: string;
  readonly ageMs?: number;
  readonly key?: string;
  readonly signature?: string;
}

async function call(body: unknown, { to = source, ageMs = 0, key = secret, signature }: Called = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const seconds = Math.floor((service.clock.now() - ageMs) / 1000);
  const signed = `t=${seconds},v1=${createHmac("sha256", key).update(`${seconds}.${text}`).digest("hex")}`;
  const answer = await fetch(`${service.address}/v1/hooks/${to}`, {
    method: "POST",
    headers: { "content-type": "application/json", "headroom-signature": signature ?? signed },
    body: text,
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

async function events() {
  const listed = await service.as("own").listSourceEvents({ id: source });
  return listed.ok ? listed.value.items : [];
}

test("a signed call becomes an event of its customer, a later one changes it, and one that cancels ends it", async () => {
  expect(await call(SALE)).toMatchObject({
    status: 200,
    body: { changed: 1, events: [{ id: `${source}:spring-2026` }] },
  });
  expect(await events()).toMatchObject([{ name: "spring-sale", customers: [OWN], declaredUplift: 1.6 }]);
  expect(await call({ events: [{ ...SALE, name: "longer-sale" }] }, { ageMs: -1_000 })).toMatchObject({ status: 200 });
  expect(await events()).toMatchObject([{ name: "longer-sale" }]);
  expect(await call({ id: SALE.id, status: "cancelled" }, { ageMs: -2_000 })).toMatchObject({ status: 200 });
  expect(await events()).toEqual([]);
});

test("an older call that comes late changes nothing back", async () => {
  await call({ ...SALE, name: "new" });
  expect(await call({ ...SALE, name: "old" }, { ageMs: MINUTE_MS })).toMatchObject({
    status: 200,
    body: { changed: 0 },
  });
  expect(await events()).toMatchObject([{ name: "new" }]);
});

test("a call is heard once: a repeat is refused, also at the same moment, and by whoever reads the store next", async () => {
  const both = await Promise.all([call(SALE), call(SALE)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(await call(SALE)).toMatchObject({ status: 409 });
  expect(await events()).toHaveLength(1);
});

test.each<[string, Called]>([
  ["another secret", { key: "hook_of-somebody-else" }],
  ["an old signature", { ageMs: 6 * MINUTE_MS }],
  ["a signature of tomorrow", { ageMs: -6 * MINUTE_MS }],
  ["no signature", { signature: "" }],
  ["half a signature", { signature: "t=1772409600,v1=00" }],
  ["a source that is not there", { to: "nobody" }],
])("%s is refused", async (_, given) => {
  const { status, body } = await call(SALE, given);
  expect(status).toBe(401);
  expect(JSON.stringify(body)).not.toContain("source nobody");
  expect(await events()).toEqual([]);
});

test("the old secret is over when there is a new one, and a muted source takes nothing", async () => {
  await service.as("own").renewSourceSecret({ id: source });
  expect(await call(SALE)).toMatchObject({ status: 401 });
  const renewed = await service.as("own").renewSourceSecret({ id: source });
  secret = renewed.ok ? renewed.value.secret : "";
  await service.as("own").putSource({ id: source, body: { name: "Shop", muted: true, form: { kind: "hook" } } });
  expect(await call(SALE)).toMatchObject({ status: 401 });
});

test.each([
  "",
  "{",
  "[]",
  '"text"',
  "{}",
  '{"events":[]}',
  '{"id":"a"}',
  '{"id":"a:b","name":"x","start":"2026-04-03T08:00:00Z","end":"2026-04-05T22:00:00Z"}',
  '{"id":"a","name":"x","start":"2026-04-03T08:00:00Z","end":"2020-04-05T22:00:00Z"}',
  '{"id":"a","status":"maybe"}',
  `{"events":${JSON.stringify(Array.from({ length: 101 }, (_, index) => ({ id: `e${index}`, status: "cancelled" })))}}`,
])("%s makes no sense, is told so, and may be sent again put right", async (body) => {
  const { status, body: problem } = await call(body);
  expect(status).toBe(422);
  expect(problem).toHaveProperty("title");
  expect(await events()).toEqual([]);
});

test("an event of a source is not taken for one that was announced by hand", async () => {
  await call(SALE);
  const id = `${source}:spring-2026`;
  const { id: _, ...body } = SALE;
  expect(await service.as("own").putEvent({ id, body })).toMatchObject({ ok: false, error: { status: 409 } });
  expect(await service.as("own").deleteEvent({ id })).toMatchObject({ ok: false, error: { status: 409 } });
});
