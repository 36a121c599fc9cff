// Every way of being wrong is told as a problem that names the place and the kind; and headers do what they say.
import { afterAll, beforeAll, expect, test } from "vitest";
import { failure } from "../../../src/model/result.ts";
import { type Ask, ask } from "./ask.ts";
import { OWN, OWN_VM, OWN_WORKLOAD, type RunningService, startService } from "./running-service.ts";

let service: RunningService;
beforeAll(async () => {
  service = await startService({ ticks: 2 });
});
afterAll(() => service.close());

const told = (asked: Ask) => ask(service.address, asked);

type Case = Ask & { readonly status: number; readonly kind: string; readonly at?: string };
const CUSTOMER = { name: "X" };
const PUT = { method: "PUT", path: "/v1/customers/x", key: "operator" } as const;
const EVENT = { name: "sale", start: "2026-04-03T08:00:00Z", end: "2026-04-05T08:00:00Z" };
const SPAN = { start: "2026-04-03T08:00:00Z", end: "2026-04-05T08:00:00Z", reason: "x" };
const HOUR_OF_WEEK = new Array<number>(168).fill(2);

const CASES: readonly Case[] = [
  { method: "GET", path: "/v1/vms", status: 401, kind: "unauthenticated" },
  { method: "GET", path: "/v1/vms", key: "over", status: 401, kind: "unauthenticated" },
  {
    method: "GET",
    path: "/v1/vms",
    headers: { authorization: `Bearer hr_${"x".repeat(43)}` },
    status: 401,
    kind: "unauthenticated",
  },
  { method: "GET", path: "/v1/vms", headers: { authorization: "Basic eDp5" }, status: 401, kind: "unauthenticated" },
  { method: "GET", path: "/v1/fleet", status: 401, kind: "unauthenticated" },
  { method: "GET", path: "/v1/live", status: 401, kind: "unauthenticated" },
  { method: "GET", path: "/v1/vms", key: "collector", status: 403, kind: "forbidden" },
  { method: "GET", path: "/v1/hosts", key: "own", status: 403, kind: "forbidden" },
  { method: "PUT", path: `/v1/customers/${OWN}/contract`, key: "reader", body: {}, status: 403, kind: "forbidden" },
  {
    method: "POST",
    path: "/v1/samples?discover=true",
    key: "own",
    body: { vms: [], rows: [] },
    status: 403,
    kind: "forbidden",
  },
  { method: "GET", path: "/v1/vms/nobody", key: "operator", status: 404, kind: "not-found" },
  { method: "GET", path: "/v1/nothing", key: "operator", status: 404, kind: "not-found" },
  { method: "PATCH", path: "/v1/vms/x", key: "operator", status: 405, kind: "wrong-method" },
  { method: "DELETE", path: "/v1/samples", status: 405, kind: "wrong-method" },
  {
    method: "GET",
    path: "/v1/vms",
    key: "operator",
    headers: { accept: "text/html" },
    status: 406,
    kind: "not-acceptable",
  },
  { ...PUT, body: { name: 5 }, status: 400, kind: "bad-input", at: "/name" },
  { ...PUT, body: {}, status: 400, kind: "bad-input", at: "/name" },
  { ...PUT, body: { ...CUSTOMER, colour: 1 }, status: 400, kind: "bad-input", at: "/colour" },
  { ...PUT, body: [], status: 400, kind: "bad-input", at: "" },
  { ...PUT, body: "{", status: 400, kind: "bad-input" },
  { ...PUT, body: '{"name":"x","__proto__":{}}', status: 400, kind: "bad-input" },
  { ...PUT, status: 400, kind: "bad-input", at: "" },
  { ...PUT, path: "/v1/customers/-x", body: CUSTOMER, status: 400, kind: "bad-input", at: "/id" },
  { ...PUT, body: CUSTOMER, headers: { "content-type": "text/plain" }, status: 415, kind: "unsupported-media-type" },
  {
    ...PUT,
    body: CUSTOMER,
    headers: { "content-type": "application/octet-stream" },
    status: 415,
    kind: "unsupported-media-type",
  },
  { ...PUT, body: { name: "x".repeat(300_000) }, status: 413, kind: "too-large" },
  { ...PUT, body: CUSTOMER, headers: { "if-match": "3" }, status: 400, kind: "bad-input", at: "/If-Match" },
  { ...PUT, body: CUSTOMER, headers: { "if-match": '"3"' }, status: 412, kind: "precondition-failed" },
  { ...PUT, body: CUSTOMER, headers: { "if-match": "*" }, status: 412, kind: "precondition-failed" },
  {
    ...PUT,
    path: `/v1/customers/${OWN}`,
    body: CUSTOMER,
    headers: { "if-none-match": "*" },
    status: 412,
    kind: "precondition-failed",
  },
  {
    method: "DELETE",
    path: `/v1/customers/${OWN}`,
    key: "operator",
    headers: { "if-match": '"9"' },
    status: 412,
    kind: "precondition-failed",
  },
  { method: "DELETE", path: `/v1/customers/${OWN}`, key: "operator", status: 409, kind: "conflict" },
  { method: "GET", path: "/v1/vms?limit=0", key: "operator", status: 400, kind: "bad-input", at: "/limit" },
  { method: "GET", path: "/v1/vms?limit=1e1", key: "operator", status: 400, kind: "bad-input", at: "/limit" },
  { method: "GET", path: "/v1/vms?limit=1&limit=2", key: "operator", status: 400, kind: "bad-input", at: "/limit" },
  { method: "GET", path: "/v1/vms?colour=red", key: "operator", status: 400, kind: "bad-input", at: "/colour" },
  { method: "GET", path: "/v1/status?colour=red", key: "operator", status: 400, kind: "bad-input", at: "/colour" },
  {
    method: "GET",
    path: `/v1/vms/${OWN_VM}/history?from=2026-03-02`,
    key: "own",
    status: 400,
    kind: "bad-input",
    at: "/from",
  },
  {
    method: "GET",
    path: `/v1/vms/${OWN_VM}/history?from=2026-03-02T25:00:00Z`,
    key: "own",
    status: 400,
    kind: "bad-input",
    at: "/from",
  },
  {
    method: "GET",
    path: `/v1/vms/${OWN_VM}/history?from=2199-01-01T00:00:00Z`,
    key: "own",
    status: 422,
    kind: "unprocessable",
    at: "/from",
  },
  {
    method: "GET",
    path: `/v1/vms/${OWN_VM}/history?step=1`,
    key: "own",
    status: 422,
    kind: "unprocessable",
    at: "/step",
  },
  {
    ...{
      method: "PUT",
      path: `/v1/vms/${OWN_VM}`,
      key: "operator",
      status: 422,
      kind: "unprocessable",
      at: "/ceiling/cpu",
    },
    body: {
      ...{ workload: OWN_WORKLOAD, host: "host-1" },
      base: { cpu: 2, memory: 1, network: 1, storage: 1 },
      ceiling: { cpu: 1, memory: 1, network: 1, storage: 1 },
    },
  },
  {
    method: "PUT",
    path: `/v1/workloads/${OWN_WORKLOAD}`,
    key: "operator",
    body: { customer: "larkwhistle", class: "web" },
    status: 422,
    kind: "unprocessable",
    at: "/customer",
  },
  {
    method: "PUT",
    path: "/v1/workloads/new",
    key: "operator",
    body: { customer: "nobody", class: "web" },
    status: 422,
    kind: "unprocessable",
    at: "/customer",
  },
  { method: "PUT", path: "/v1/pools/x", key: "operator", body: { kind: "dedicated" }, status: 400, kind: "bad-input" },
  {
    ...{ method: "PUT", path: `/v1/workloads/${OWN_WORKLOAD}/profile`, key: "own", status: 422, kind: "unprocessable" },
    ...{ body: { demand: { cpu: { typical: HOUR_OF_WEEK, peak: 1 } } }, at: "/demand/cpu/peak" },
  },
  {
    ...{ method: "PUT", path: `/v1/workloads/${OWN_WORKLOAD}/profile`, key: "own", status: 400, kind: "bad-input" },
    ...{ body: { demand: { disk: { typical: 1 } } }, at: "/demand/disk" },
  },
  {
    method: "POST",
    path: "/v1/events",
    key: "own",
    body: { ...EVENT, end: EVENT.start },
    status: 422,
    kind: "unprocessable",
    at: "/end",
  },
  {
    method: "POST",
    path: "/v1/events",
    key: "own",
    body: { ...EVENT, halfLifeSeconds: 60 },
    status: 422,
    kind: "unprocessable",
    at: "/halfLifeSeconds",
  },
  {
    method: "POST",
    path: "/v1/events",
    key: "own",
    body: { ...EVENT, customers: ["larkwhistle"] },
    status: 422,
    kind: "unprocessable",
    at: "/customers",
  },
  { method: "POST", path: "/v1/do-not-learn", key: "own", body: SPAN, status: 422, kind: "unprocessable", at: "/vms" },
  {
    method: "POST",
    path: "/v1/do-not-learn",
    key: "own",
    body: { ...SPAN, vms: ["larkwhistle-web-1"] },
    status: 422,
    kind: "unprocessable",
    at: "/vms/0",
  },
  {
    ...{ method: "POST", path: "/v1/blackouts", key: "own", status: 422, kind: "unprocessable", at: "/scope" },
    body: { ...SPAN, scope: { kind: "everywhere" }, forbids: "any-change" },
  },
  {
    method: "POST",
    path: "/v1/keys",
    key: "operator",
    body: { name: "x", role: "customer", scopes: ["read"] },
    status: 422,
    kind: "unprocessable",
    at: "/customer",
  },
  { method: "POST", path: "/v1/keys/nobody/revoke", key: "operator", status: 404, kind: "not-found" },
  {
    method: "POST",
    path: "/v1/models/cccccccccccc/promote",
    key: "operator",
    body: { reason: "x" },
    status: 404,
    kind: "not-found",
  },
  {
    method: "POST",
    path: "/v1/events",
    key: "own",
    body: EVENT,
    headers: { "idempotency-key": "a b" },
    status: 400,
    kind: "bad-input",
    at: "/Idempotency-Key",
  },
];

test.each(CASES)("$status $kind: $method $path $at", async ({ status, kind, at, ...asked }) => {
  const answer = await told(asked);
  expect({ status: answer.status, text: answer.text }).toEqual({ status, text: answer.text });
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(answer.json).toMatchObject({ type: `urn:headroom:problem:${kind}`, status, title: expect.any(String) });
  if (at !== undefined) expect(answer.json).toMatchObject({ errors: [{ pointer: at, detail: expect.any(String) }] });
});

test("a 405 names what is allowed", async () => {
  const answer = await told({ method: "POST", path: "/v1/vms/x" });
  expect(answer.headers.get("allow")).toBe("GET, HEAD, PUT, DELETE");
});

test("a reader that has this version already is told so, and nothing more", async () => {
  const first = await told({ method: "GET", path: `/v1/vms/${OWN_VM}`, key: "own" });
  expect(first.headers.get("etag")).toBe('"1"');
  expect(first.headers.get("cache-control")).toBe("no-store");
  const again = await told({
    method: "GET",
    path: `/v1/vms/${OWN_VM}`,
    key: "own",
    headers: { "if-none-match": 'W/"1", "7"' },
  });
  expect([again.status, again.text]).toEqual([304, ""]);
});

test("a created thing says where it is, and what it is", async () => {
  const made = await told({ method: "POST", path: "/v1/events", key: "own", body: EVENT });
  expect(made.status).toBe(201);
  const location = made.headers.get("location") ?? "";
  expect((await told({ method: "GET", path: location, key: "own" })).json).toEqual(made.json);
  const put = await told({ ...PUT, body: CUSTOMER });
  expect([put.status, put.headers.get("etag")]).toEqual([201, '"1"']);
  expect((await told({ ...PUT, body: CUSTOMER })).status).toBe(200);
});

test("too many requests of one key are told to wait, and do not hinder another", async () => {
  const busy = await startService({ ticks: 1, limits: { requestsPerMinute: 5 } });
  const status = async (key: "own" | "reader") =>
    (await ask(busy.address, { method: "GET", path: `/v1/customers/${OWN}`, key })).status;
  const statuses: number[] = [];
  for (let count = 0; count < 6; count++) statuses.push(await status("own"));
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
  expect(await status("reader")).toBe(200);
  const refused = await ask(busy.address, { method: "GET", path: "/v1/vms", key: "own" });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.json).toMatchObject({ type: "urn:headroom:problem:too-many-requests", status: 429 });
  await busy.close();
});

test("without keys the API is open to this machine only, and only for reading", async () => {
  const open = await startService({ ticks: 1, access: { kind: "open-on-loopback" } });
  expect((await ask(open.address, { method: "GET", path: "/v1/vms" })).status).toBe(200);
  expect((await ask(open.address, { method: "PUT", path: "/v1/customers/x", body: CUSTOMER })).status).toBe(403);
  await open.close();
  await expect(startService({ ticks: 0, access: { kind: "open-on-loopback" }, host: "0.0.0.0" })).rejects.toThrow(
    "Without keys only this machine may reach the API",
  );
});

test("why something cannot be reached is for the operator, not for the caller", async () => {
  const secret = "postgres://headroom:secret@db-7";
  const broken = await startService({
    ticks: 1,
    wrap: (store) => ({
      ...store,
      documents: { ...store.documents, get: async () => failure("unavailable", `${secret} does not answer`) },
    }),
  });
  const answer = await ask(broken.address, { method: "GET", path: "/v1/customers/x", key: "operator" });
  expect(answer.status).toBe(503);
  expect(answer.text).not.toContain(secret);
  expect(broken.errors.map(({ message }) => message)).toEqual([`${secret} does not answer`]);
  await broken.close();
});
