import { expect, test } from "vitest";
import type { CellLayout } from "../../../control/cell-layout.ts";
import { pooledPromise } from "../../../control/cell-state.ts";
import { layAnew } from "../../../control/lay-anew.ts";
import { learnOnly, type RunningCell, startCell } from "../../../control/loop.ts";
import { NOTHING_DECLARED } from "../../../control/ports.ts";
import { layoutOf, START, STEP_MS } from "../../../control/small-cell.arbitrary.ts";
import { createMemoryStore } from "../../../lab/memory-store.ts";
import type { VmId } from "../../../model/fleet.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../../model/forecast.ts";
import { RESOURCE_COUNT } from "../../../model/resources.ts";
import { DAY_MS, instant } from "../../../model/time.ts";
import { onGrid } from "./history-grid.ts";
import { type LearningCell, warmFromHistory } from "./warm-from-history.ts";

const HISTORY_TICKS = (9 * DAY_MS) / STEP_MS;
const ROW = RESOURCE_COUNT * LEVEL_COUNT;

const layoutFor = (vms: number): CellLayout =>
  layoutOf({ capacities: [100], vms: Array.from({ length: vms }, () => ({ host: 0, base: 1, ceiling: 10 })) });

const beginAt =
  (at: number) =>
  (layout: CellLayout): RunningCell =>
    startCell({ layout, promise: pooledPromise(0.99), at: instant(at), horizons: true });

/** Days with a peak at another hour for every VM; as float32, as a store keeps it. */
function demandAt(vm: number, at: number): number {
  return Math.fround(1 + (vm + 1) * (1 + Math.sin((2 * Math.PI * (at / STEP_MS + 5 * vm)) / 24)));
}

async function live(
  cell: RunningCell,
  { from, to, silent = [] }: { from: number; to: number; silent?: readonly number[] },
) {
  const { layout } = cell.state;
  for (let at = from + STEP_MS; at <= to; at += STEP_MS) {
    const demand = layout.base.map((_, series) => {
      const vm = Math.floor(series / RESOURCE_COUNT);
      return silent.includes(vm) ? Number.NaN : demandAt(vm, at);
    });
    const inForce = {
      allocations: demand.map(() => Number.NaN),
      buffers: new Float64Array(layout.capacity.length),
    };
    const columns = { demand, marks: new Uint8Array(demand.length), sizes: layout.ceiling, late: [], inForce };
    await learnOnly(cell, { kind: "seen", at: instant(at), columns, shadowVms: [], declared: NOTHING_DECLARED });
  }
  return cell;
}

async function storeOf(vms: readonly VmId[], { from, to }: { from: number; to: number }) {
  const { samples } = createMemoryStore();
  for (let at = from + STEP_MS; at <= to; at += STEP_MS)
    await samples.append(
      {
        vms,
        vm: Uint32Array.from(vms.keys()),
        at: new Float64Array(vms.length).fill(at),
        usage: Float32Array.from(vms.flatMap((_, vm) => new Array(RESOURCE_COUNT).fill(demandAt(vm, at)))),
      },
      instant(at),
    );
  return samples;
}

function learning(samples: LearningCell["samples"], running: RunningCell): LearningCell & { now: RunningCell } {
  const cell = {
    now: running,
    samples,
    running: () => cell.now,
    begin: ({ at, vms = [] }: Parameters<LearningCell["begin"]>[0]) => {
      const { layout } = cell.now.state;
      const isAll = vms.length === layout.vmIds.length;
      const own = isAll ? layout : { ...layoutFor(vms.length), vmIds: vms };
      return beginAt(at)(own);
    },
    beginAs: beginAt(START),
    declared: () => NOTHING_DECLARED,
    patience: {},
    async between(change: () => Promise<RunningCell | undefined>) {
      cell.now = (await change()) ?? cell.now;
    },
    isStopped: () => false,
  };
  return cell;
}

test("a young cell that reads its history forecasts as one that lived through it, to the bit", async () => {
  const layout = layoutFor(3);
  const now = START + 20 * DAY_MS;
  const from = now - HISTORY_TICKS * STEP_MS;
  const samples = await storeOf(layout.vmIds, { from: START, to: now });
  const young = await live(beginAt(now - 2 * STEP_MS)(layout), { from: now - 2 * STEP_MS, to: now });
  const cell = learning(samples, young);
  const warmed = await warmFromHistory(cell, new Set(layout.vmIds));
  expect(warmed).toMatchObject({ ok: true, value: { vms: 3, ticks: HISTORY_TICKS } });
  const old = await live(beginAt(from)(layout), { from, to: now });
  expect(cell.now.quantiles).toEqual(old.quantiles);
  expect(cell.now.quantiles).not.toEqual(young.quantiles);
  expect(cell.now.engine.samples).toEqual(old.engine.samples);
  expect(cell.now.state).toBe(young.state);
  const next = { from: now, to: now + 30 * STEP_MS };
  expect((await live(cell.now, next)).quantiles).toEqual((await live(old, next)).quantiles);
  expect(await warmFromHistory(cell, new Set(layout.vmIds))).toEqual({ ok: true, value: undefined });
});

test("a VM that joins an old cell learns its own history, and nobody else's knowledge changes", async () => {
  const layout = layoutFor(4);
  const now = START + 20 * DAY_MS;
  const samples = await storeOf(layout.vmIds, { from: START, to: now });
  const old = layAnew(
    await live(beginAt(START)(layoutFor(3)), { from: START, to: now - 2 * STEP_MS }),
    layout,
    beginAt(START),
  );
  const silent = await live(old, { from: now - 2 * STEP_MS, to: now, silent: [3] });
  const before = silent.quantiles.slice();
  const cell = learning(samples, silent);
  const joined = layout.vmIds[3] as VmId;
  expect(await warmFromHistory(cell, new Set([joined]))).toMatchObject({ ok: true, value: { vms: 1 } });
  expect(cell.now.quantiles.subarray(0, 3 * ROW)).toEqual(before.subarray(0, 3 * ROW));
  const own = cell.now.quantiles.subarray(3 * ROW);
  expect(before.subarray(3 * ROW).every(Number.isNaN)).toBe(true);
  const median = own[QUANTILE_LEVELS.indexOf(0.5)] as number;
  expect(Math.abs(median / demandAt(3, now + STEP_MS) - 1)).toBeLessThan(0.2);
  expect(cell.now.engine.samples[3 * RESOURCE_COUNT]).toBe(HISTORY_TICKS);
  await live(cell.now, { from: now, to: now + 30 * STEP_MS });
  expect(cell.now.quantiles.every((each) => each >= 0)).toBe(true);
});

test("samples that are coarser than ticks stand for all ticks that they were measured over", () => {
  const column = Float32Array.from([1, 2, 5]);
  const usage = { cpu: column, memory: column, network: column, storage: Float32Array.from([1, Number.NaN, 5]) };
  const at = Float64Array.from([1000, 1300, 1600]);
  const grid = onGrid({ at, usage }, { from: 800, stepMs: 100, ticks: 9 });
  const cpu = Array.from({ length: 9 }, (_, tick) => grid[tick * RESOURCE_COUNT]);
  const storage = Array.from({ length: 9 }, (_, tick) => grid[tick * RESOURCE_COUNT + 3]);
  expect(cpu).toEqual([1, 1, 2, 2, 2, 5, 5, 5, Number.NaN]);
  expect(storage).toEqual([1, 1, Number.NaN, Number.NaN, Number.NaN, 5, 5, 5, Number.NaN]);
});
