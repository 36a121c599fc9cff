import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import type { CellLayout } from "./cell-layout.ts";
import { pooledPromise } from "./cell-state.ts";
import { layAnew } from "./lay-anew.ts";
import { type RunningCell, startCell } from "./loop.ts";
import { anyCell, anyTicks, layoutOf, type SmallTick, START, tickOnce } from "./small-cell.arbitrary.ts";
import { snapshotOf } from "./snapshot.ts";

const begin = (layout: CellLayout): RunningCell =>
  startCell({ layout, promise: pooledPromise(0.99), at: START, horizons: true });

/** Drives a cell whose VMs ask for what the first VMs of a tick ask for. */
function live(cell: RunningCell, ticks: readonly SmallTick[], first = 0): RunningCell {
  const count = cell.state.layout.vmIds.length * RESOURCE_COUNT;
  for (const [tick, { demand }] of ticks.entries())
    tickOnce(cell, { tick: first + tick, asked: demand.slice(0, count), shadowVms: [] });
  return cell;
}

/** The same VMs and hosts, the other way round. */
function turned(layout: CellLayout): CellLayout {
  const [vms, hosts] = [layout.vmIds.length, layout.hostIds.length];
  const rows = (column: Float64Array, count: number) =>
    Float64Array.from(column, (_, index) => {
      const [row, offset] = [Math.floor(index / RESOURCE_COUNT), index % RESOURCE_COUNT];
      return column[(count - 1 - row) * RESOURCE_COUNT + offset] as number;
    });
  const hostOfVm = layout.hostOfVm.toReversed().map((host) => hosts - 1 - host);
  return {
    ...layout,
    vmIds: layout.vmIds.toReversed(),
    hostIds: layout.hostIds.toReversed(),
    hostOfVm,
    vmsOfHost: layout.hostIds.map((_, host) =>
      Int32Array.from([...hostOfVm.entries()].flatMap(([vm, own]) => (own === host ? [vm] : []))),
    ),
    customerOfVm: layout.customerOfVm.toReversed(),
    dedicatedTo: layout.dedicatedTo.toReversed(),
    base: rows(layout.base, vms),
    ceiling: rows(layout.ceiling, vms),
    capacity: rows(layout.capacity, hosts),
  };
}

test("there and back again, nothing was lost and nothing is in another's place", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      const running = live(begin(layoutOf(cell)), ticks);
      const before = structuredClone(snapshotOf(running));
      const there = layAnew(running, turned(running.state.layout), begin);
      expect(snapshotOf(layAnew(there, running.state.layout, begin))).toEqual({
        ...before,
        memory: withoutSayings(before.memory),
      });
      expect(snapshotOf(running)).toEqual(before);
    }),
    { seed: 1, numRuns: 20 },
  );
}, 60_000);

/** What was last said of hosts is said anew at the next step. */
function withoutSayings(memory: unknown): unknown {
  const { state, ...rest } = memory as { state: Record<string, unknown> };
  return { ...rest, state: { ...state, cuts: [], advice: [] } };
}

test("who stays is forecast as if the others had never left or come; who comes starts from nothing", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, (small, ticks) => {
      const all = layoutOf({ ...small, vms: [...small.vms.slice(0, 3), ...small.vms.slice(0, 1)] });
      const fewer = layoutOf({ ...small, vms: small.vms.slice(0, 2) });
      const next = { tick: ticks.length, asked: new Array(4 * RESOURCE_COUNT).fill(0.3), shadowVms: [] };
      const stayed = live(begin(all), ticks);
      const left = layAnew(live(begin(all), ticks), fewer, begin);
      const own = Math.min(fewer.vmIds.length, all.vmIds.length) * RESOURCE_COUNT;
      tickOnce(stayed, next);
      tickOnce(left, { ...next, asked: next.asked.slice(0, fewer.vmIds.length * RESOURCE_COUNT) });
      expect([...left.quantiles]).toEqual([...stayed.quantiles.subarray(0, own * LEVEL_COUNT)]);
      const back = layAnew(left, all, begin);
      const newcomer = all.vmIds.length - 1;
      if (newcomer >= fewer.vmIds.length) expect(back.engine.samples[newcomer * RESOURCE_COUNT]).toBe(0);
      expect(back.engine.samples.subarray(0, own)).toEqual(left.engine.samples);
    }),
    { seed: 1, numRuns: 20 },
  );
}, 60_000);

test("a network that joins, or leaves, takes nothing with it but weights", () => {
  const layout = layoutOf({ capacities: [2], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
  // It sleeps for the whole test: what matters is the room that it takes.
  const withNetwork = (given: CellLayout): RunningCell =>
    startCell({
      layout: given,
      promise: pooledPromise(0.99),
      at: START,
      horizons: true,
      network: { startMs: given.vmIds.length, firstTick: 1_000 },
    });
  const ticks = Array.from(
    { length: 30 },
    (_, tick): SmallTick => ({
      demand: new Array(4).fill(0.1 + 0.01 * tick),
      shadowVms: "as ordered",
    }),
  );
  const alone = live(begin(layout), ticks);
  const joined = layAnew(alone, layout, withNetwork);
  expect(joined.engine.history).toEqual(alone.engine.history);
  expect(joined.state.allocations).toEqual(alone.state.allocations);
  expect(joined.engine.mixture.expertCount).toBe(alone.engine.mixture.expertCount + 1);
  expect(joined.engine.mixture.regrets).toHaveLength(4 * LEVEL_COUNT * joined.engine.mixture.expertCount);
  expect(joined.engine.network?.startMs).toBe(START);
  live(joined, ticks.slice(0, 3), 30);
  expect(joined.quantiles.some(Number.isNaN)).toBe(false);
  const left = layAnew(joined, layout, begin);
  expect(left.engine.network).toBeUndefined();
  live(left, ticks.slice(0, 3), 33);
  expect(left.quantiles.some(Number.isNaN)).toBe(false);
});
