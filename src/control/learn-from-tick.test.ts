import { expect, test } from "vitest";
import { adjustRarity, RARITY_AT_START, unservedPushMax } from "../shaping/joint-buffer.ts";
import { createCellState, pooledPromise } from "./cell-state.ts";
import { learnFromTick } from "./learn-from-tick.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";

const gap = Number.NaN;
const vm = { host: 0, base: 0.1, ceiling: 1 };
const promise = pooledPromise(0.98);

/** Four VMs on host 0 that may use 2 cores each, and one on host 1; CPU is place 0 and 4. */
function cellAfterOneTick() {
  const state = createCellState({
    layout: layoutOf({ capacities: [9, 9], vms: [vm, vm, vm, vm, { ...vm, host: 1 }] }),
    promise,
    at: START,
  });
  state.tick = 1;
  state.allocations.fill(2);
  state.meanDemand.fill(8);
  return state;
}

const cpuOnly = (...amounts: number[]) => Float64Array.from(amounts.flatMap((amount) => [amount, gap, gap, gap]));

test("a shortfall beyond the buffer counts every VM above its allocation, and the volume that was left", () => {
  const state = cellAfterOneTick();
  state.buffers[0] = 1;
  learnFromTick(state, cpuOnly(3, 2.5, 1, gap, 1));
  expect([state.excess[0], state.vmsAbove[0]]).toEqual([1.5, 2]);
  if (promise.kind !== "pooled") throw new Error("a pooled promise is pooled");
  expect(state.violationRarity[0]).toBe(adjustRarity(RARITY_AT_START, { share: 2 / 3, promised: promise.violations }));
  expect(state.unservedRarity[0]).toBe(
    adjustRarity(RARITY_AT_START, {
      share: 0.5 / 8,
      promised: promise.unserved.cpu,
      pushMax: unservedPushMax(promise.unserved.cpu),
    }),
  );
});

test("an excess that the buffer held is no violation: both loops relax", () => {
  const state = cellAfterOneTick();
  state.buffers[0] = 1.5;
  learnFromTick(state, cpuOnly(3, 2.5, 1, 1, 1));
  expect(state.excess[0]).toBe(1.5);
  expect(state.violationRarity[0]).toBeLessThan(RARITY_AT_START);
  expect(state.unservedRarity[0]).toBeLessThan(RARITY_AT_START);
});

test("hosts are judged by their own VMs; without any sample nothing is learned", () => {
  const state = cellAfterOneTick();
  learnFromTick(state, cpuOnly(1, 1, 1, 1, 9));
  expect([state.excess[0], state.excess[4]]).toEqual([0, 7]);
  expect(state.violationRarity[4]).toBeGreaterThan(RARITY_AT_START);
  expect([state.excess[1], state.vmsAbove[1], state.violationRarity[1]]).toEqual([gap, 0, RARITY_AT_START]);
  expect(state.meanDemand[1]).toBe(8);
});

test("before the first step nothing was promised: only the mean demand is learned, plainly at first", () => {
  const state = cellAfterOneTick();
  state.tick = 0;
  learnFromTick(state, cpuOnly(9, 9, 9, 9, 9));
  expect([state.excess[0], state.violationRarity[0], state.meanDemand[0]]).toEqual([gap, RARITY_AT_START, 36]);
  state.tick = 1;
  learnFromTick(state, cpuOnly(1, 1, 1, 1, 1));
  expect(state.meanDemand[0]).toBe(20);
});
