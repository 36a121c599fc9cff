// VMs, hosts, terms and networks come and go while a fleet runs: what stays goes on, what is new begins, and nothing runs backwards.
import { expect, test } from "vitest";
import { explain } from "../../../src/control/explain.ts";
import type { Actuator, Clock } from "../../../src/control/ports.ts";
import type { DocumentChange } from "../../../src/control/store-ports.ts";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import { virtualClock } from "../../../src/lab/virtual-clock.ts";
import { seatsHere } from "../../../src/main/serve/cell-seats.ts";
import { runFleet } from "../../../src/main/serve/run-fleet.ts";
import type { CellId, CustomerId, HostId, PoolId, VmId, WorkloadId } from "../../../src/model/fleet.ts";
import type { HandOverId } from "../../../src/model/hand-over.ts";
import { resourceVector, scale } from "../../../src/model/resources.ts";
import { durationMs, HOUR_MS, instant, MINUTE_MS } from "../../../src/model/time.ts";

const STEP_MS = MINUTE_MS;
const START = instant(Date.UTC(2026, 2, 2));
const ONE = resourceVector({ cpu: 1, memory: 1e9, network: 1e7, storage: 1e7 });
const [CELL, ACME, SHOP] = ["c1" as CellId, "acme" as CustomerId, "shop" as WorkloadId];

const vm = (id: string, host = "h1"): DocumentChange => ({
  kind: "vm",
  id,
  value: { id: id as VmId, workload: SHOP, host: host as HostId, base: ONE, ceiling: scale(ONE, 8) },
});
const host = (id: string): DocumentChange => ({
  kind: "host",
  id,
  value: { id: id as HostId, pool: "shared" as PoolId, cell: CELL, capacity: scale(ONE, 64) },
});
const gone = (kind: "vm" | "host", id: string): DocumentChange => ({ kind, id, value: undefined });
const BEGINNING: readonly DocumentChange[] = [
  { kind: "customer", id: ACME, value: { id: ACME, name: "Acme" } },
  { kind: "pool", id: "shared", value: { id: "shared" as PoolId, kind: "shared" } },
  { kind: "workload", id: SHOP, value: { id: SHOP, customer: ACME, class: "web" } },
  host("h1"),
  vm("a"),
  vm("b"),
];

/** A wall's clock: it moves on while one looks. */
function movingClock() {
  const virtual = virtualClock(START);
  let looks = 0;
  const clock: Clock = { ...virtual, now: () => instant(virtual.now() + (++looks % 50)) };
  const advance = (stepMs: number) => virtual.advanceTo(instant((Math.floor(virtual.now() / stepMs) + 1) * stepMs));
  return { clock, advance };
}

async function runSome(machines: { readonly actuator?: Actuator } = {}) {
  const { clock, advance } = movingClock();
  const store = createMemoryStore();
  const by = { id: "test", at: START };
  const change = async (changes: readonly DocumentChange[]) => {
    const written = await store.documents.write(changes, by);
    if (!written.ok) throw new Error(written.error.message);
  };
  await change(BEGINNING);
  const failures: string[] = [];
  const notices: (readonly [CellId, number])[] = [];
  let ring = (): void => {};
  const seats = await seatsHere({
    store: store.cells,
    clock,
    shadowVm: { minimum: scale(ONE, 0.1), ceiling: scale(ONE, 8) },
    checkpointMs: durationMs(HOUR_MS),
    process: "test",
    machines,
  });
  const begun = await runFleet({
    documents: store.documents,
    seats,
    defaults: { serviceLevel: 0.99, stepMs: STEP_MS },
    events: {
      onTick: () => ring(),
      onFailure: (_, { message }) => failures.push(message),
      onHandOvers: (cell, { outbox }) => notices.push([cell, outbox.size]),
      onGone: () => {},
    },
  });
  if (!begun.ok) throw new Error(begun.error.message);
  const fleet = begun.value;
  const runner = () => {
    const desk = seats.desks.get(CELL);
    if (desk === undefined) throw new Error("the cell runs");
    return desk.runner;
  };
  const tick = async (demand: Readonly<Record<string, number>>, stepMs: number = STEP_MS) => {
    const vms = Object.keys(demand) as VmId[];
    const usage = Float32Array.from(Object.values(demand).flatMap((cpu) => [cpu, 1e9 * cpu, 1e6, 1e6]));
    const at = new Float64Array(vms.length).fill(clock.now() + 100);
    fleet.take({ vms, vm: Uint32Array.from(vms.keys()), at, usage }, clock.now());
    const ticked = new Promise<void>((resolve) => {
      ring = resolve;
    });
    advance(stepMs);
    await ticked;
    await runner().settled();
  };
  return { fleet, runner, store, change, tick, failures, notices };
}

test("a VM and a host that come are planned from the next tick on; of those that were there nothing is lost", async () => {
  const { fleet, runner, change, tick, failures } = await runSome();
  for (let count = 0; count < 5; count++) await tick({ a: 2, b: 3 });
  await change([host("h0"), vm("0-first", "h0")]);
  await fleet.refresh();
  expect(runner().running().state.layout.vmIds).toEqual(["a", "b"]);
  await tick({ a: 2, b: 3, "0-first": 1 });
  const { state, engine } = runner().running();
  expect(state.layout.vmIds).toEqual(["0-first", "a", "b"]);
  expect([0, 4, 8].map((series) => engine.samples[series])).toEqual([1, 6, 6]);
  await change([gone("vm", "a")]);
  await fleet.refresh();
  await tick({ b: 3, "0-first": 1 });
  const after = runner().running();
  expect(after.state.layout.vmIds).toEqual(["0-first", "b"]);
  expect([0, 4].map((series) => after.engine.samples[series])).toEqual([2, 7]);
  expect(failures).toEqual([]);
  await fleet.stop();
});

const OBEDIENT: Actuator = { apply: async ({ id }) => ({ kind: "done", action: id, at: START }) };
const ACTING = { cell: CELL, serviceLevel: 0.99, stepMs: STEP_MS, mode: "act", acting: [ACME] } as const;

test("terms and the kill switch are in force at once, between two ticks", async () => {
  const { fleet, runner, change, tick, failures } = await runSome({ actuator: OBEDIENT });
  await tick({ a: 2, b: 3 });
  await change([{ kind: "cell-settings", id: CELL, value: { ...ACTING, killSwitch: true } }]);
  await fleet.refresh();
  const { killSwitch, modes } = runner().running().state.guardrails;
  expect([killSwitch, modes.cell, modes.customers.get(ACME)]).toEqual([true, "act", "act"]);
  expect(failures).toEqual([]);
  await fleet.stop();
});

test("where nothing can change machines a cell observes whatever its mode, and claims no move that nobody made", async () => {
  const { fleet, runner, store, change, tick, failures } = await runSome();
  await change([{ kind: "cell-settings", id: CELL, value: { ...ACTING, killSwitch: false } }]);
  await fleet.refresh();
  for (let count = 0; count < 20; count++) await tick({ a: 3, b: 4 });
  await runner().press([{ vm: "a" as VmId, resource: "cpu", demand: 6, allocation: ONE }]);
  const { guardrails, allocations, layout } = runner().running().state;
  expect([guardrails.modes.cell, guardrails.modes.customers.get(ACME)]).toEqual(["observe", undefined]);
  expect(allocations).toEqual(layout.ceiling);
  const kept = await store.cells.decisions({ limit: 1000 });
  const records = kept.ok ? kept.value.map(({ record }) => record) : [];
  const kinds: readonly string[] = records.map(({ kind }) => kind);
  for (const claim of ["raise", "trim", "shadow-vm"]) expect(kinds).not.toContain(claim);
  const reliefs = records.filter(({ kind }) => kind === "relief").map((record) => explain(record).sentence);
  expect(reliefs).toEqual([expect.stringContaining("Gave a nothing more")]);
  expect(failures).toEqual([]);
  await fleet.stop();
});

test.each([15_000, 20_000, 180_000, HOUR_MS])(
  "ticks that become %s ms long: leases stay, forecasts begin anew, and nothing fails",
  async (stepMs) => {
    const { fleet, runner, change, tick, failures } = await runSome();
    for (let count = 0; count < 30; count++) await tick({ a: 2, b: 3 });
    const before = runner().running();
    const leased = before.state.allocations.slice();
    const settings = {
      cell: CELL,
      serviceLevel: 0.99,
      stepMs,
      mode: "observe",
      acting: [],
      killSwitch: false,
    } as const;
    await change([{ kind: "cell-settings", id: CELL, value: settings }]);
    await fleet.refresh();
    for (let count = 1; count <= 5; count++) {
      await tick({ a: 2, b: 3 }, stepMs);
      const { state, engine } = runner().running();
      expect(state.at % stepMs).toBe(0);
      expect([state.layout.stepMs, state.excessEngine.season]).toEqual([stepMs, engine.season]);
      expect([engine.samples[0], engine.tick]).toEqual([count, count]);
      if (count === 1) expect(state.allocationsBefore).toEqual(leased);
    }
    expect(failures).toEqual([]);
    await fleet.stop();
  },
);

test("a fleet that loses its last host stops the cell", async () => {
  const { fleet, change, failures } = await runSome();
  await change([gone("vm", "a"), gone("vm", "b"), gone("host", "h1")]);
  await fleet.refresh();
  expect(fleet.cells().size).toBe(0);
  expect(failures).toEqual([]);
  await fleet.stop();
});

test("a command is answered with what was decided, which is stored by then; notices are told of after it, a tick and the start", async () => {
  const { fleet, runner, store, tick, notices } = await runSome();
  expect(notices).toEqual([[CELL, 0]]);
  await tick({ a: 2, b: 3 });
  const refused = await runner().command({ kind: "return", id: "nobody" as HandOverId });
  expect(refused).toEqual({
    ok: true,
    value: [
      expect.objectContaining({ kind: "command-refused", command: "return", why: expect.stringMatching(/nobody/) }),
    ],
  });
  expect(await store.cells.decisions({ limit: 1 })).toMatchObject({ value: [{ record: { command: "return" } }] });
  expect(notices).toEqual(new Array(3).fill([CELL, 0]));
  await fleet.stop();
});
