import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS, quantileAt } from "../model/forecast.ts";
import { cheapestLevel } from "../shaping/lease-level.ts";
import { createCellState, NO_LEVEL, pooledPromise, type ServicePromise } from "./cell-state.ts";
import { lend } from "./lend.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";

const gap = Number.NaN;
/** CPU of the first VM: 1.1, 1.2 ... 2.1 cores; the other series are not forecast. */
const row = Float64Array.from({ length: LEVEL_COUNT }, (_, level) => 1 + 0.1 * (level + 1));
const quantiles = Float64Array.from([...row, ...new Array(7 * LEVEL_COUNT).fill(gap)]);

function lent(given: { promise: ServicePromise; base?: number; ceiling?: number; demand?: number; has?: number }) {
  const vm = { host: 0, base: (given.base ?? 0.5) / 10, ceiling: (given.ceiling ?? 10) / 10 };
  const state = createCellState({
    layout: layoutOf({ capacities: [9], vms: [vm, vm] }),
    promise: given.promise,
    at: START,
  });
  state.allocations.fill(given.has ?? 1);
  state.meanDemand.fill(4);
  const demand = new Float64Array(8).fill(1).fill(given.demand ?? 1, 0, 1);
  lend(state, { kind: "tick", now: START, demand, shadowVms: [], forecasts: { origin: START, quantiles } });
  return { amount: state.allocations[0], level: state.leasedLevels[0] };
}

test("each by itself: the quantile at the level of the promise", () => {
  const { amount, level } = lent({ promise: { kind: "each", level: 0.85 } });
  expect(amount).toBe(quantileAt(row, 0.85));
  expect(level).toBe(levelIndex(0.9));
  expect(lent({ promise: { kind: "each", level: 0.9999 } }).level).toBe(LEVEL_COUNT - 1);
});

test("pooled: the cheapest level from the floor on, where being short costs the host's mean demand per VM", () => {
  const { amount, level } = lent({ promise: pooledPromise(0.99) });
  const floorLevel = levelIndex(0.8);
  // Two VMs and a mean demand of 4: 2 cores a VM.
  expect(level).toBe(cheapestLevel({ quantiles: row, at: 0, base: 0.5, floorLevel, shortagePrice: 2 }));
  expect(level).not.toBe(cheapestLevel({ quantiles: row, at: 0, base: 0.5, floorLevel, shortagePrice: 4 }));
  expect(amount).toBe(row[level ?? 0]);
  expect(QUANTILE_LEVELS[level ?? 0]).toBeGreaterThanOrEqual(0.8);
});

test("never below the base, never above the ceiling", () => {
  const promise = pooledPromise(0.99);
  expect(lent({ promise, base: 3 }).amount).toBe(3);
  expect(lent({ promise, ceiling: 1.25 }).amount).toBe(1.25);
});

test("without a sample a VM keeps what it has if that is more, and gets more if that is expected", () => {
  const promise = pooledPromise(0.99);
  expect(lent({ promise, demand: gap, has: 5 })).toEqual({ amount: 5, level: NO_LEVEL });
  expect(lent({ promise, demand: gap, has: 1 })).toEqual(lent({ promise }));
  expect(lent({ promise, demand: 1, has: 5 })).toEqual(lent({ promise }));
});
