import { expect, test } from "vitest";
import { advance, createDemandEngine } from "../../forecast/demand-engine.ts";
import type { VmId, WorkloadClass } from "../../model/fleet.ts";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { HOUR_MS, instant } from "../../model/time.ts";
import { NOTHING_DECLARED } from "../ports.ts";
import { layoutOf, START, STEADY_PROFILE, STEP_MS, vmId } from "../small-cell.arbitrary.ts";
import { createCellSignals } from "./cell-signals.ts";
import { classifyVms } from "./classify-vms.ts";
import { signalsOf } from "./signals-of.ts";

const VM_COUNT = 30;
const layout = layoutOf({
  capacities: [40],
  vms: Array.from({ length: VM_COUNT }, () => ({ host: 0, base: 0.1, ceiling: 1 })),
});

/** Hourly ticks; works hard from 2 to 4 in the night and is quiet otherwise. */
function nights(days: number) {
  const floors = new Float64Array(VM_COUNT * RESOURCE_COUNT).fill(0.001);
  const engine = createDemandEngine({ stepMs: STEP_MS, floors });
  const quantiles = new Float64Array(floors.length * LEVEL_COUNT);
  const signals = createCellSignals(layout);
  const turns: number[] = [];
  for (let tick = 0; tick < days * 24; tick++) {
    const hour = (tick * STEP_MS) / HOUR_MS;
    const share = hour % 24 >= 2 && hour % 24 < 4 ? 0.8 : 0.03;
    advance(engine, { demand: Float64Array.from(layout.ceiling, (ceiling) => ceiling * share) }, quantiles);
    const before = signals.guesses.map((guess) => guess?.at);
    const at = instant(START + (tick + 1) * STEP_MS);
    classifyVms(signals, { engine, layout, at });
    turns.push(signals.guesses.filter((guess, vm) => guess?.at !== before[vm]).length);
  }
  return { signals, turns, at: instant(START + days * 24 * STEP_MS) };
}

test("every VM has its turn once a day, a few in each tick, once there are two days to look at", () => {
  const { turns } = nights(4);
  expect(turns.slice(0, 47).every((count) => count === 0)).toBe(true);
  expect(turns.slice(48, 72).reduce((sum, count) => sum + count, 0)).toBe(VM_COUNT);
  expect(Math.max(...turns)).toBe(2);
});

test("what a VM seems to do is said with how sure that is, and what is declared goes before it", () => {
  const { signals, at } = nights(7);
  const cell = { state: { layout }, signals };
  const seen = signalsOf(cell, vmId(0), at);
  expect(seen?.workloadClass).toMatchObject({ class: "batch", from: "usage" });
  expect(seen?.guess?.pattern).toBe("nightly-batch");
  expect(seen?.sentence).toMatch(/^looks like batch, \d+ % sure$/);
  const profile = { ...STEADY_PROFILE, workloadClass: "database" as WorkloadClass };
  signals.declared = { ...NOTHING_DECLARED, profiles: new Map([[vmId(0), profile]]) };
  const told = signalsOf(cell, vmId(0), at);
  expect(told?.workloadClass).toEqual({ class: "database", from: "declared" });
  expect(told?.guess?.workloadClass).toBe("batch");
  expect([told?.hasProfile, told?.sentence]).toEqual([true, "database by profile"]);
});

test("of a VM without anything known that is said, and of one of another cell nothing", () => {
  const cell = { state: { layout }, signals: createCellSignals(layout) };
  expect(signalsOf(cell, vmId(3), START)?.sentence).toBe("nothing is known beside the samples");
  expect(signalsOf(cell, "elsewhere" as VmId, START)).toBeUndefined();
});
