import fc from "fast-check";
import { expect, test } from "vitest";
import type { CellId, CustomerId } from "../../model/fleet.ts";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../model/resources.ts";
import { SERVICE_PLANS } from "../../model/service-plan.ts";
import { HOUR_MS, type Instant, instant, MINUTE_MS } from "../../model/time.ts";
import {
  amountOf,
  coverageFaults,
  faultOf,
  USAGE_METERS,
  type UsageMeter,
  type UsageRecord,
} from "../../model/usage-record.ts";
import { quantaOf } from "../../pricing/usage-quantity.ts";
import type { CellLayout } from "../cell-layout.ts";
import { pooledPromise } from "../cell-state.ts";
import { layAnew } from "../lay-anew.ts";
import { type RunningCell, startCell } from "../loop.ts";
import { resourceOf } from "../series.ts";
import { customerId, layoutOf, tenths, vmId } from "../small-cell.arbitrary.ts";
import { restore, snapshotOf } from "../snapshot.ts";
import { step } from "../step.ts";
import { usageRecords } from "./close-usage.ts";

/** A quarter of an hour before the clocks change in Berlin: nothing here may care. */
const BEGIN = instant(Date.UTC(2026, 2, 29, 0, 45));
const VMS = 3;

function layout(): CellLayout {
  const vms = [0.1, 0.2, 0.3].map((base) => ({ host: 0, base, ceiling: 1 }));
  const plain = layoutOf({ capacities: [3], vms });
  const owners = { customers: plain.vmIds.map((_, vm) => customerId(vm)), customerOfVm: Int32Array.of(0, 1, 2) };
  return { ...plain, ...owners, cell: "small" as CellId };
}

const begin = (given: CellLayout) => startCell({ layout: given, promise: pooledPromise(0.99), at: BEGIN });

type Happening =
  | { readonly kind: "tick"; readonly after: number; readonly demand: readonly number[]; readonly buffer: number }
  | { readonly kind: "pressure"; readonly after: number; readonly vm: number; readonly asks: number }
  | {
      readonly kind: "terms";
      readonly after: number;
      readonly vm: number;
      readonly plan: number;
      readonly optedIn: number;
    }
  | { readonly kind: "restart" };

/** Milliseconds, most of them short, some across hours. */
const after = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 10 * MINUTE_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 * HOUR_MS }) },
  { weight: 2, arbitrary: fc.constant(5 * MINUTE_MS) },
);
const vm = fc.nat({ max: VMS - 1 });
const happenings = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant("tick" as const),
        after,
        demand: fc.array(
          fc.oneof({ weight: 6, arbitrary: fc.double({ min: 0, max: 1.2, noNaN: true }) }, fc.constant(Number.NaN)),
          { minLength: VMS * RESOURCE_COUNT, maxLength: VMS * RESOURCE_COUNT },
        ),
        buffer: fc.double({ min: 0, max: 0.5, noNaN: true }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("pressure" as const),
        after,
        vm,
        asks: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("terms" as const),
        after,
        vm,
        plan: fc.nat({ max: SERVICE_PLANS.length - 1 }),
        optedIn: fc.nat({ max: 15 }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "restart" as const }) },
  ),
  { minLength: 1, maxLength: 30 },
);

/** Everything counted again, in whole numbers, with none of the meters' code. */
interface Count {
  readonly base: bigint[];
  readonly leased: bigint[];
  readonly used: bigint[];
  readonly buffer: bigint[];
}

interface Lived {
  readonly running: RunningCell;
  readonly records: readonly UsageRecord[];
  readonly count: Count;
  readonly until: Instant;
}

interface World {
  running: RunningCell;
  now: number;
  tickedAt: number;
  readAt: number;
  lent: bigint[];
  held: bigint[];
  readonly count: Count;
  readonly records: UsageRecord[];
}

const none = (length: number): bigint[] => Array.from({ length }, () => 0n);

function live(given: readonly Happening[]): Lived {
  const count = { base: none(12), leased: none(12), used: none(12), buffer: none(4) };
  const start = { now: BEGIN, tickedAt: BEGIN, readAt: BEGIN, lent: none(12), held: none(4) };
  const world: World = { running: begin(layout()), ...start, count, records: [] };
  for (const each of given) {
    if (each.kind === "restart") world.running = restore(begin(layout()), structuredClone(snapshotOf(world.running)));
    else happen(world, each);
  }
  return { ...world, until: instant(world.tickedAt) };
}

function happen(world: World, each: Exclude<Happening, { kind: "restart" }>): void {
  const { state } = world.running;
  world.now += each.after;
  const now = instant(world.now);
  if (each.kind === "tick") tickWorld(world, each);
  else if (each.kind === "pressure") {
    read(world);
    const allocation = tenths((state.allocations[each.vm * RESOURCE_COUNT] ?? 0) / 10);
    const pressed = [{ vm: vmId(each.vm), resource: RESOURCES[0], demand: each.asks * 10, allocation }];
    step(state, { kind: "pressure", now, pressed });
  } else {
    const optedIn = RESOURCES.filter((_, offset) => (each.optedIn & (1 << offset)) !== 0);
    const contract = { customer: customerId(each.vm), plan: SERVICE_PLANS[each.plan] ?? "standard", optedIn };
    step(state, { kind: "command", now, command: { kind: "set-terms", contract } });
  }
  world.records.push(...usageRecords(state.layout, state.usage.closed));
}

/** Before what is in force changes, or is seen to have been another all the time. */
function read(world: World): void {
  const { state } = world.running;
  const lasts = BigInt(world.now - world.readAt);
  world.lent = world.lent.map((sum, series) => sum + lasts * BigInt(lentOf(state, series)));
  world.held = world.held.map((sum, place) => {
    return sum + lasts * BigInt(quantaOf(resourceOf(place), state.buffers[place] ?? 0));
  });
  world.readAt = world.now;
}

function tickWorld(world: World, { demand: asked, buffer }: Extract<Happening, { kind: "tick" }>): void {
  const { state } = world.running;
  const demand = Float64Array.from(asked, (each, series) => each * (tenths(1)[resourceOf(series)] as number));
  const buffers = Float64Array.from({ length: 4 }, (_, place) => buffer * (tenths(1)[resourceOf(place)] as number));
  state.buffers.set(buffers);
  read(world);
  countTick(world, demand);
  const now = instant(world.now);
  const quantiles = new Float64Array(12 * LEVEL_COUNT).fill(Number.NaN);
  const inForce = { allocations: state.allocations.slice(), buffers };
  step(state, { kind: "tick", now, demand, shadowVms: [], forecasts: { origin: now, quantiles }, inForce });
}

function countTick(world: World, demand: Float64Array): void {
  const { count, lent, held } = world;
  const { layout, allocations } = world.running.state;
  const lasts = BigInt(world.now - world.tickedAt);
  const add = (sums: bigint[], index: number, amount: bigint) => {
    sums[index] = (sums[index] ?? 0n) + amount;
  };
  for (const [series, asked] of demand.entries()) {
    const resource = resourceOf(series);
    const had = quantaOf(resource, allocations[series] ?? 0);
    add(count.base, series, lasts * BigInt(quantaOf(resource, layout.base[series] ?? 0)));
    add(count.used, series, lasts * BigInt(Math.min(quantaOf(resource, asked), had)));
    add(count.leased, series, lent[series] ?? 0n);
  }
  for (const [place, sum] of held.entries()) add(count.buffer, place, sum);
  Object.assign(world, { lent: none(12), held: none(4), tickedAt: world.now });
}

function lentOf({ layout: { base }, allocations }: RunningCell["state"], series: number): number {
  const resource = resourceOf(series);
  return Math.max(quantaOf(resource, allocations[series] ?? 0) - quantaOf(resource, base[series] ?? 0), 0);
}

/** Of the records, and of what is still open. */
function total({ running, records }: Lived, meter: UsageMeter, series: number): bigint {
  const id = vmId(Math.floor(series / RESOURCE_COUNT));
  const own = records.filter(({ subject }) => subject.id === id);
  const closed = own.reduce((sum, record) => sum + BigInt(amountOf(record, meter, resourceOf(series))), 0n);
  return meter === "handOver" ? closed : closed + BigInt(running.state.usage.open[meter][series] ?? 0);
}

test("whatever happens and whenever: pieces have no gap and no overlap, and add up to the last quantum", () => {
  const law = fc.property(happenings, (given) => {
    const lived = live(given);
    const { records, count, until } = lived;
    for (const record of records) expect(faultOf(record)).toBeUndefined();
    expect(coverageFaults(records)).toEqual([]);
    for (const meter of ["base", "leased", "used"] as const)
      for (const [series, counted] of count[meter].entries()) {
        expect([meter, series, total(lived, meter, series)]).toEqual([meter, series, counted]);
      }
    for (const [vm, from] of lived.running.state.usage.openedAt.entries()) {
      const own = records.filter(({ subject }) => subject.id === vmId(vm)).toSorted((a, b) => a.from - b.from);
      expect(own[0]?.from ?? from).toBe(BEGIN);
      expect(own.at(-1)?.to ?? from).toBe(from);
      expect(from).toBeLessThanOrEqual(until);
    }
  });
  fc.assert(law, { seed: 1, numRuns: 150 });
});

test("what is held on a host is shared to the last quantum, and what nobody shares is counted apart", () => {
  const law = fc.property(happenings, (given) => {
    const lived = live(given);
    for (const [place, counted] of lived.count.buffer.entries()) {
      const shared = [0, 1, 2].reduce((sum, vm) => sum + total(lived, "buffer", vm * RESOURCE_COUNT + place), 0n);
      expect(shared + BigInt(lived.running.state.usage.unshared[place] ?? 0)).toBe(counted);
    }
  });
  fc.assert(law, { seed: 2, numRuns: 100 });
});

test("time short, late and above the base never exceeds the time there was", () => {
  const law = fc.property(happenings, (given) => {
    for (const record of live(given).records)
      for (const resource of RESOURCES) {
        const lasts = record.to - record.from;
        const [burst, late, short] = (["burst", "late", "short"] as const).map((meter) =>
          amountOf(record, meter, resource),
        );
        expect((late ?? 0) + (short ?? 0)).toBeLessThanOrEqual(burst ?? 0);
        expect(burst).toBeLessThanOrEqual(lasts);
        expect(amountOf(record, "over", resource)).toBeLessThanOrEqual(amountOf(record, "used", resource));
      }
  });
  fc.assert(law, { seed: 3, numRuns: 100 });
});

const tick = (asked: number, minutes = 5): Happening => ({
  kind: "tick",
  after: minutes * MINUTE_MS,
  demand: Array.from({ length: 12 }, () => asked),
  buffer: 0.2,
});

test("who opts out in the middle of an hour has two pieces of it, one under each of the terms", () => {
  const optOut: Happening = { kind: "terms", after: MINUTE_MS, vm: 1, plan: 1, optedIn: 0 };
  const { records } = live([tick(0.1, 15), tick(0.1, 20), optOut, tick(0.1, 4), tick(0.1, 35), tick(0.1, 1)]);
  const own = records.filter(({ subject }) => subject.id === vmId(1));
  const minutes = own.map(({ from, to, shaped }) => [(from - BEGIN) / MINUTE_MS, (to - BEGIN) / MINUTE_MS, shaped]);
  expect(minutes).toEqual([
    [0, 15, 0],
    [15, 40, 15],
    [40, 75, 0],
  ]);
});

test("a VM that leaves is closed at the last tick, one that stays goes on, and one that comes begins there", () => {
  const { running, records } = live([tick(0.1, 15), tick(0.1, 5)]);
  const before = running.state.layout;
  const without = {
    ...before,
    vmIds: [vmId(0), vmId(7)],
    customers: [customerId(0), "new" as CustomerId],
    customerOfVm: Int32Array.of(0, 1),
    hostOfVm: Int32Array.of(0, 0),
    vmsOfHost: [Int32Array.of(0, 1)],
    base: before.base.slice(0, 8),
    ceiling: before.ceiling.slice(0, 8),
  };
  const next = layAnew(running, without, (given) =>
    startCell({ layout: given, promise: pooledPromise(0.99), at: running.state.at }),
  );
  const now = instant(BEGIN + 75 * MINUTE_MS);
  const demand = new Float64Array(8);
  const quantiles = new Float64Array(8 * LEVEL_COUNT).fill(Number.NaN);
  step(next.state, { kind: "tick", now, demand, shadowVms: [], forecasts: { origin: now, quantiles } });
  const later = usageRecords(next.state.layout, next.state.usage.closed);
  const lived = [...records, ...later].map(({ subject, from, to }) => [
    subject.id,
    (from - BEGIN) / MINUTE_MS,
    (to - BEGIN) / MINUTE_MS,
  ]);
  expect(lived.toSorted()).toEqual(
    [
      [vmId(0), 0, 15],
      [vmId(0), 15, 75],
      [vmId(1), 0, 15],
      [vmId(1), 15, 20],
      [vmId(2), 0, 15],
      [vmId(2), 15, 20],
      [vmId(7), 20, 75],
    ].toSorted(),
  );
  expect(coverageFaults([...records, ...later])).toEqual([]);
});

test("in a cell that only observes nothing is counted as acted for", () => {
  const running = begin(layout());
  const guardrails = { killSwitch: false, modes: { cell: "observe" as const, customers: new Map() }, blackouts: [] };
  step(running.state, { kind: "command", now: BEGIN, command: { kind: "set-guardrails", guardrails } });
  const now = instant(BEGIN + 75 * MINUTE_MS);
  const quantiles = new Float64Array(12 * LEVEL_COUNT).fill(Number.NaN);
  step(running.state, {
    kind: "tick",
    now,
    demand: new Float64Array(12),
    shadowVms: [],
    forecasts: { origin: now, quantiles },
  });
  const records = usageRecords(running.state.layout, running.state.usage.closed);
  expect(records.map(({ shaped }) => shaped)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(USAGE_METERS.length).toBe(10);
});

test("who uses nearly all of a limit is taken to want all of it, and charged for what was used", () => {
  const running = begin(layout());
  const now = instant(BEGIN + 15 * MINUTE_MS);
  const quantiles = new Float64Array(12 * LEVEL_COUNT).fill(Number.NaN);
  const [demand, used] = [10, 9.85].map((cores) => new Float64Array(12).fill(0).with(0, cores)) as [
    Float64Array,
    Float64Array,
  ];
  step(running.state, { kind: "tick", now, demand, used, shadowVms: [], forecasts: { origin: now, quantiles } });
  const [record] = usageRecords(running.state.layout, running.state.usage.closed);
  expect(record && amountOf(record, "used", "cpu")).toBe(9850 * 15 * MINUTE_MS);
});
