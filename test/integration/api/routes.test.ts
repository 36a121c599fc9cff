// Every route on its good day, over a real socket: what it answers is what the contract says, to the last field.
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApiClient } from "../../../src/api/client/client.ts";
import type { Problem } from "../../../src/api/contract/live.ts";
import { ROUTES } from "../../../src/api/contract/routes.ts";
import type { Result } from "../../../src/model/result.ts";
import { billAMonth } from "./bill-a-month.ts";
import { CELL, FOREIGN, OWN, OWN_VM, OWN_WORKLOAD, type RunningService, startService } from "./running-service.ts";

let service: RunningService;
const called = new Set<string>();

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** Calls it, and holds the answer against the contract. */
async function good<Name extends keyof ApiClient>(name: Name, ...given: Parameters<ApiClient[Name]>) {
  called.add(name);
  const call = service.as("operator")[name] as (...args: unknown[]) => ReturnType<ApiClient[Name]>;
  const result = (await call(...given)) as Result<unknown, Problem>;
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`);
  const faults = Compile(ROUTES[name].response as TSchema).Errors(result.value);
  expect({ name, faults }).toEqual({ name, faults: [] });
  return result.value as Extract<Awaited<ReturnType<ApiClient[Name]>>, { ok: true }>["value"];
}

const SIZE = { cpu: 1, memory: 2 ** 30, network: 1e6, storage: 1e6 };

test("a fleet is set up, read, listed and taken down again", async () => {
  const mode = "observe" as const;
  const cell = { serviceLevel: 0.99, stepSeconds: 300, mode, acting: ["acme"], killSwitch: false };
  await good("putCell", { id: "cell-2", body: cell });
  await good("putCustomer", { id: "acme", body: { name: "Acme" } });
  await good("putPool", { id: "acme-pool", body: { kind: "dedicated", customer: "acme" } });
  await good("putHost", { id: "host-9", body: { cell: "cell-2", pool: "acme-pool", capacity: SIZE } });
  await good("putWorkload", { id: "acme-web", body: { customer: "acme", class: "web" } });
  const vm = await good("putVm", {
    id: "acme-web-1",
    body: { workload: "acme-web", host: "host-9", base: SIZE, ceiling: SIZE },
  });
  expect(vm).toMatchObject({ id: "acme-web-1", version: 1, workload: "acme-web" });
  expect(await good("getCell", { id: "cell-2" })).toMatchObject(cell);
  expect(await good("getCustomer", { id: "acme" })).toMatchObject({ name: "Acme" });
  expect(await good("getPool", { id: "acme-pool" })).toMatchObject({ kind: "dedicated", customer: "acme" });
  expect(await good("getHost", { id: "host-9" })).toMatchObject({ capacity: SIZE });
  expect(await good("getWorkload", { id: "acme-web" })).toMatchObject({ class: "web" });
  expect(await good("getVm", { id: "acme-web-1" })).toEqual(vm);
  expect((await good("listVms", { query: { customer: "acme" } })).items).toEqual([vm]);
  for (const list of ["listCustomers", "listWorkloads", "listHosts", "listPools", "listCells"] as const) {
    const page = await good(list, { query: { limit: 1 } });
    expect(page.items).toHaveLength(1);
    const rest = await good(list, { query: { after: page.next ?? "" } });
    const ids = rest.items.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids[0] ?? "").not.toBe(page.items[0]?.id);
  }
  expect(service.changed).toContainEqual({ kind: "vm", id: "acme-web-1" });
  const needed = await service.as("operator").deleteHost({ id: "host-9" });
  expect(needed).toMatchObject({ ok: false, error: { status: 409 } });
  await good("putContract", { id: "acme", body: { plan: "standard", optedIn: ["cpu"] } });
  await good("deleteVm", { id: "acme-web-1" });
  await good("deleteWorkload", { id: "acme-web" });
  await good("deleteHost", { id: "host-9" });
  await good("deletePool", { id: "acme-pool" });
  await good("deleteCustomer", { id: "acme" });
  await good("deleteCell", { id: "cell-2" });
  expect(await service.as("operator").getCustomer({ id: "acme" })).toMatchObject({ ok: false, error: { status: 404 } });
});

test("samples come in", async () => {
  const taken = await good("postSamples", {
    body: {
      vms: [OWN_VM, "stranger"],
      rows: [
        [0, "2026-03-02T02:31:00Z", 1, null, 3, 4],
        [1, 1_772_418_660_000, 1, 2, 3, 4],
      ],
    },
  });
  expect(taken).toEqual({ accepted: 1, unknown: ["stranger"], unknownRows: 1, discovered: 0 });
});

test("what became of metrics is told", async () => {
  expect(await good("getMetricsMapping")).toMatchObject({ reached: [], ignored: [], counts: { samples: 0 } });
});

test("a profile is checked, declared, read, compared and taken back", async () => {
  const body = { scaling: "vertical", demand: { cpu: { typical: 0.5, peak: 3 } }, growthPerMonth: 0.01 } as const;
  const checked = await good("validateProfile", { id: OWN_WORKLOAD, body });
  expect(checked.demand.cpu?.typical).toHaveLength(168);
  const profile = await good("putProfile", { id: OWN_WORKLOAD, body, ifVersion: 0 });
  expect(profile).toMatchObject({ id: OWN_WORKLOAD, version: 1, ...checked });
  expect(await good("getProfile", { id: OWN_WORKLOAD })).toEqual(profile);
  const accuracy = await good("getProfileAccuracy", { id: OWN_WORKLOAD });
  const cpu = accuracy.resources.find(({ resource }) => resource === "cpu");
  expect(cpu?.samples).toBeGreaterThan(20);
  expect(cpu?.bestLoss ?? 1).toBeLessThanOrEqual(cpu?.loss ?? 0);
  expect(accuracy.resources.find(({ resource }) => resource === "memory")).toMatchObject({ samples: 0, loss: null });
  await good("deleteProfile", { id: OWN_WORKLOAD, ifVersion: 1 });
  const history = await good("getProfileHistory", { id: OWN_WORKLOAD, query: { limit: 1 } });
  expect(history.items).toMatchObject([{ what: "removed", by: "key-operator", kind: "profile" }]);
  const older = await good("getProfileHistory", { id: OWN_WORKLOAD, query: { before: history.next ?? 0 } });
  expect(older).toMatchObject({ items: [{ what: "created", after: { growthPerMonth: 0.01 } }], next: null });
});

test("a customer opts in and out, and everybody sees what follows", async () => {
  expect(await good("getContract", { id: OWN })).toMatchObject({ version: 0, optedIn: [], changedAt: null });
  const body = { plan: "guaranteed", optedIn: ["memory", "cpu"], ceiling: { ...SIZE, cpu: 2 } } as const;
  await good("putContract", { id: OWN, body: { ...body, optedIn: [...body.optedIn] } });
  expect(await good("getContract", { id: OWN })).toMatchObject({ version: 1, optedIn: ["cpu", "memory"] });
  expect((await good("listContracts", {})).items).toMatchObject([{ id: OWN, plan: "guaranteed" }]);
  expect(await good("getWorkloadTerms", { id: OWN_WORKLOAD })).toMatchObject({ customer: OWN, plan: "guaranteed" });
  const terms = await good("getVmTerms", { id: OWN_VM });
  expect(terms.resources.cpu).toMatchObject({ optedIn: true, ceiling: 2 });
  expect(terms.resources.network).toEqual({
    ...terms.resources.network,
    optedIn: false,
    ceiling: terms.resources.network.base,
  });
});

test("what is allowed, forecast and decided can be seen as it is", async () => {
  const allocation = await good("getVmAllocation", { id: OWN_VM });
  const { cpu } = allocation.resources;
  expect(cpu.allocation).toBeCloseTo(cpu.base + cpu.leased, 9);
  expect(cpu.headroom).toBeCloseTo(cpu.allocation + cpu.bufferInReach - (cpu.demand ?? 0), 9);
  const forecast = await good("getVmForecast", { id: OWN_VM });
  const { nextTick, halfHourPeak, hourlyPeaks } = forecast.resources.cpu;
  expect(nextTick).toEqual(nextTick?.toSorted((left, right) => left - right));
  expect(halfHourPeak?.[3] ?? 0).toBeGreaterThanOrEqual(nextTick?.[3] ?? 1);
  expect(hourlyPeaks).toHaveLength(24);
  const customer = await good("getCustomerAllocation", { id: OWN });
  expect(customer.vms).toBe(2);
  const each = await Promise.all(
    (await good("listVms", { query: { customer: OWN } })).items.map(({ id }) => good("getVmAllocation", { id })),
  );
  expect(customer.resources.cpu.allocation).toBeCloseTo(
    each.reduce((sum, vm) => sum + vm.resources.cpu.allocation, 0),
    9,
  );
  expect(customer.leases).toHaveLength(each.flatMap(({ leases }) => leases).length);
  const sums = await good("getCustomerForecast", { id: OWN });
  expect(sums.resources.cpu.halfHourPeak).toHaveLength(11);
  const history = await good("getVmHistory", { id: OWN_VM, query: { from: "2026-03-02T00:00:00Z", step: 600 } });
  expect(history.mean.cpu).toHaveLength(15);
  expect(history.peak.cpu[3] ?? 0).toBeGreaterThanOrEqual(history.mean.cpu[3] ?? 1);
  const decisions = await good("listDecisions", { query: { limit: 3 } });
  expect(decisions.items).toHaveLength(3);
  const before = await good("listDecisions", { query: { before: decisions.next ?? 0, vm: OWN_VM } });
  expect(before.items.every(({ vm, id }) => vm === OWN_VM && id < (decisions.next ?? 0))).toBe(true);
  await good("getFleet");
  await good("getCustomerChart", { id: OWN });
});

test("history steps hold the samples that ended in them", async () => {
  const at = Date.UTC(2026, 2, 1, 12);
  const rows = [60, 120, 180, 240].map((seconds, index) => [0, at + seconds * 1000, index + 1, null, 0, 0]);
  await good("postSamples", { body: { vms: [OWN_VM], rows } });
  const query = { from: "2026-03-01T12:00:00Z", to: "2026-03-01T12:04:00Z", step: 120 };
  const { mean, peak } = await good("getVmHistory", { id: OWN_VM, query });
  expect([mean.cpu, peak.cpu, mean.memory]).toEqual([
    [1.5, 3.5],
    [2, 4],
    [null, null],
  ]);
});

test("events, do-not-learn ranges and blackouts are announced, changed and cancelled", async () => {
  const event = {
    kind: "campaign",
    name: "sale",
    start: "2026-04-03T08:00:00Z",
    end: "2026-04-05T08:00:00+02:00",
  } as const;
  const made = await good("postEvent", { body: { ...event, customers: [OWN], declaredUplift: 1.5 } });
  expect(made).toMatchObject({ version: 1, start: "2026-04-03T08:00:00.000Z", end: "2026-04-05T06:00:00.000Z" });
  const changed = await good("putEvent", { id: made.id, ifVersion: 1, body: { ...event, name: "sale 2" } });
  expect(changed).toMatchObject({ version: 2, name: "sale 2" });
  expect(await good("getEvent", { id: made.id })).toEqual(changed);
  const news = { kind: "news", name: "storm", start: "2026-04-03T08:00:00.123456Z", halfLifeSeconds: 3600 } as const;
  await good("putEvent", { id: "storm", body: news });
  expect((await good("listEvents", {})).items.map(({ id }) => id)).toEqual([made.id, "storm"]);
  await good("deleteEvent", { id: made.id });

  const span = { start: "2026-03-01T00:00:00Z", end: "2026-03-01T06:00:00Z", reason: "load test" };
  const range = await good("postDoNotLearn", { body: { ...span, vms: [OWN_VM] } });
  await good("putDoNotLearn", { id: range.id, body: span });
  expect(await good("getDoNotLearn", { id: range.id })).toMatchObject({ version: 2, reason: "load test" });
  expect((await good("listDoNotLearn", {})).items).toHaveLength(1);
  await good("deleteDoNotLearn", { id: range.id });

  const scope = { kind: "customer", customer: OWN } as const;
  const blackout = await good("postBlackout", { body: { ...span, scope, forbids: "any-change" } });
  await good("putBlackout", {
    id: blackout.id,
    body: { ...span, scope: { kind: "everywhere" }, forbids: "taking-back" },
  });
  expect(await good("getBlackout", { id: blackout.id })).toMatchObject({ scope: { kind: "everywhere" } });
  expect((await good("listBlackouts", {})).items).toHaveLength(1);
  await good("deleteBlackout", { id: blackout.id });
});

test("a source is set, sent in, taught, corrected and removed", async () => {
  const form = { kind: "calendar", eventKind: "campaign" } as const;
  const source = await good("postSource", { body: { name: "Campaigns", customers: [OWN], declaredUplift: 1.5, form } });
  expect(source).toMatchObject({ version: 1, muted: false, form: { kind: "calendar", everySeconds: 900 } });
  const { id } = source;
  const entry = ["UID:1", "SUMMARY:sale", "DTSTART:20260403T080000Z", "DTEND:20260405T060000Z"].join("\r\n");
  const text = `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n${entry}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  expect(await good("uploadCalendar", { id, body: { text } })).toMatchObject({ problems: [], failed: false });
  const [event] = (await good("listSourceEvents", { id })).items;
  expect(event).toMatchObject({ name: "sale", declaredUplift: 1.5, customers: [OWN], source: { id, said: "sale" } });
  const named = { id: event?.id ?? "" };
  const corrected = await good("correctEvent", { ...named, body: { declaredUplift: 2, muted: true } });
  expect(corrected).toMatchObject({ declaredUplift: 2, source: { muted: true, corrected: ["declaredUplift"] } });
  expect(await good("getEventEffects", named)).toMatchObject({ event: named.id, wasLearnedFrom: false });
  expect(await good("putSource", { id, body: { name: "Sales", customers: [OWN], form } })).toMatchObject({
    version: 2,
  });
  expect(await good("getSource", { id })).toMatchObject({ name: "Sales" });
  expect(await good("getSourceReading", { id })).toMatchObject({ kind: "calendar", failures: 0 });
  await good("readSource", { id });
  expect((await good("listSources", {})).items.map((each) => each.id)).toEqual([id]);
  await good("deleteSource", { id });
  expect((await good("listEvents", {})).items.map((each) => each.id)).not.toContain(named.id);
});

test("a hook has a secret, and a feed is taught", async () => {
  const hook = await good("postSource", { body: { name: "Shop system", form: { kind: "hook" } } });
  const { url, secret } = await good("renewSourceSecret", { id: hook.id });
  expect(url).toBe(`/v1/hooks/${hook.id}`);
  expect(secret).toMatch(/^hook_[\w-]{43}$/);
  const topics = [{ name: "shop", terms: ["meridian"] }];
  const form = { kind: "feed", url: "http://127.0.0.1:9/feed.xml", topics } as const;
  const feed = await good("postSource", { body: { name: "News", form: { ...form, topics } } });
  const lesson = { text: "Meridian opens marathon registration", label: "campaign" } as const;
  expect(await good("teachSource", { id: feed.id, body: lesson })).toMatchObject({ form: { lessons: [lesson] } });
  await good("deleteSource", { id: feed.id });
  await good("deleteSource", { id: hook.id });
});

test("an operator sees how it is doing, pulls the switch, and changes the model", async () => {
  const { cells } = await good("getStatus");
  expect(cells).toMatchObject([{ cell: CELL, vms: 10, ticks: 30, sentence: expect.stringContaining("Acts for 5") }]);
  expect(await good("putKillSwitch", { id: CELL, body: { on: true } })).toMatchObject({ killSwitch: true, version: 2 });
  const reason = { reason: "better" };
  expect(await good("promoteModel", { id: "aaaaaaaaaaaa", body: reason })).toMatchObject({ serving: "aaaaaaaaaaaa" });
  expect((await good("listModels")).models).toMatchObject([{ serves: true }, { serves: false }]);
  expect(await good("rollBackModel", { body: reason })).toMatchObject({ serving: null });
  const served = await good("listChanges", { query: { kind: "model" } });
  expect(served.items).toMatchObject([
    { by: "key-operator", after: { kind: "rolled-back", reason: "better" } },
    { target: "aaaaaaaaaaaa", after: { kind: "promoted" } },
  ]);
  const changes = await good("listChanges", { query: { kind: "cell-settings", target: CELL } });
  expect(changes.items[0]).toMatchObject({
    what: "changed",
    before: { killSwitch: false },
    after: { killSwitch: true },
  });
});

test("keys are made, used, replaced and ended", async () => {
  const body = { name: "collector", role: "customer", scopes: ["read"], customer: FOREIGN } as const;
  const key = await good("postKey", { body: { ...body, scopes: [...body.scopes] } });
  expect(key.secret).toMatch(/^hr_[0-9A-Za-z]{43}$/);
  const list = await good("listKeys", { query: { limit: 500 } });
  expect(JSON.stringify(list)).not.toContain(key.secret);
  const user = service.clientOf(key.secret);
  expect(await user.getCustomer({ id: FOREIGN })).toMatchObject({ ok: true });
  const next = await good("rotateKey", { id: key.id });
  expect(await user.getCustomer({ id: FOREIGN })).toMatchObject({ ok: false, error: { status: 401 } });
  const successor = service.clientOf(next.secret);
  expect(await successor.getCustomer({ id: FOREIGN })).toMatchObject({ ok: true });
  expect(await good("revokeKey", { id: next.id })).toMatchObject({ revokedAt: expect.any(String) });
  expect(await successor.getCustomer({ id: FOREIGN })).toMatchObject({ ok: false, error: { status: 401 } });
  const log = await good("listChanges", { query: { kind: "key", target: next.id } });
  expect(log.items.map(({ what, by }) => [what, by])).toEqual([
    ["changed", "key-operator"],
    ["created", "key-operator"],
  ]);
  expect(JSON.stringify(log)).not.toContain(next.secret);
});

test("prices are set, usage is billed, what was wrong is put right, and a month is closed", () =>
  billAMonth(good, service));

test("a replica is asked for, seen and returned; what it is made from and who is told of it is said before", async () => {
  await good("putTemplate", { id: OWN_WORKLOAD, body: { image: "web-7", readiness: { kind: "tcp" } } });
  expect(await good("getTemplate", { id: OWN_WORKLOAD })).toMatchObject({ image: "web-7", readiness: { kind: "tcp" } });
  const url = "https://lb.example.com/headroom";
  await good("putWebhook", { id: OWN, body: { url, secret: "a-secret-of-enough-letters" } });
  expect(await good("getWebhook", { id: OWN })).toMatchObject({ url });
  const replica = { host: "web-7.example.com", port: 8080 };
  const body = { workload: OWN_WORKLOAD, replica, size: { cpu: 0.1, memory: 2 ** 28, network: 1e6, storage: 1e6 } };
  const { id } = await good("postHandOver", { body });
  expect(await good("getHandOver", { id })).toMatchObject({ state: "asked", image: "web-7" });
  expect((await good("listHandOvers", { query: { customer: OWN } })).items.map((each) => each.id)).toEqual([id]);
  expect(await good("returnHandOver", { id })).toMatchObject({ id, returnAsked: true });
  await good("deleteTemplate", { id: OWN_WORKLOAD });
  await good("deleteWebhook", { id: OWN });
});

test("who is seen and not declared is listed, and declared at once", async () => {
  expect((await good("listDiscovered")).vms.map(({ vm }) => vm)).toContain("stranger");
  await good("adoptDiscovered", { body: { vms: ["stranger"], customer: OWN, host: "host-7", capacity: SIZE } });
  expect((await good("listDiscovered")).vms.map(({ vm }) => vm)).not.toContain("stranger");
});

test("no route was forgotten, and nothing went wrong inside", () => {
  expect([...called].sort()).toEqual(Object.keys(ROUTES).sort());
  expect(service.errors).toEqual([]);
});
