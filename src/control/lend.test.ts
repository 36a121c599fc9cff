import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS, quantileAt } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { budgetOf, CHANGES_PER_VM_DAY } from "../shaping/change-budget.ts";
import { cheapestAmount, costOfAmount, LATE_PRICES } from "../shaping/change-cost.ts";
import { createCellState, NO_LEVEL, pooledPromise, type ServicePromise } from "./cell-state.ts";
import { lend } from "./lend.ts";
import { anyCell, anyTicks, layoutOf, runCell, START } from "./small-cell.arbitrary.ts";

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

test("pooled: what costs least from the floor on, where being short costs the host's mean demand per VM", () => {
  const { amount, level } = lent({ promise: pooledPromise(0.99) });
  // Two VMs and a mean demand of 4: 2 cores a VM.
  expect({ amount, level }).toEqual(cheapest(2));
  expect({ amount, level }).not.toEqual(cheapest(20));
  expect(QUANTILE_LEVELS[level ?? 0]).toBeGreaterThanOrEqual(0.8);
});

function termsAt(shortagePrice: number, given = { quantiles: row, at: 0 }) {
  return { ...given, base: 0.5, floorLevel: levelIndex(0.8), shortagePrice, latePrice: LATE_PRICES.cpu };
}

function cheapest(shortagePrice: number) {
  const { amount, level } = cheapestAmount(termsAt(shortagePrice));
  return { amount, level };
}

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

const DAY_TICKS = 24;

/** A host of 50 VMs, one of which more is forecast than before; all of them wish for a change at every tick. */
function manyWishes(tick: number, has = 9) {
  const vms = Array.from({ length: 50 }, () => ({ host: 0, base: 0.05, ceiling: 1 }));
  const state = createCellState({
    layout: layoutOf({ capacities: [99], vms }),
    promise: pooledPromise(0.99),
    at: START,
  });
  const rows = vms.flatMap((_, vm) => [0, 1, 2, 3].map(() => row.map((amount) => amount * (1 + vm / 50))));
  const quantiles = Float64Array.from(rows.flatMap((each) => [...each]));
  state.allocations.fill(has);
  state.meanDemand.fill(50);
  state.tick = tick;
  const demand = new Float64Array(200).fill(1);
  lend(state, { kind: "tick", now: START, demand, shadowVms: [], forecasts: { origin: START, quantiles } });
  const changed = vms.map((_, vm) => vm).filter((vm) => state.allocations[vm * RESOURCE_COUNT] !== has);
  return { changed, quantiles, debt: state.changeDebts[0] };
}

test("the first two ticks meet all wishes, later ones as many as the budget allows: those that gain most", () => {
  expect(manyWishes(0).changed).toHaveLength(50);
  expect(manyWishes(1).changed).toHaveLength(50);
  const { changed, quantiles } = manyWishes(5);
  expect(changed).toHaveLength(budgetOf(5, { vms: 50, perVmDay: CHANGES_PER_VM_DAY, ticksPerDay: DAY_TICKS }));
  const gains = Array.from({ length: 50 }, (_, vm) => {
    const terms = termsAt(1, { quantiles, at: vm * RESOURCE_COUNT * LEVEL_COUNT });
    return costOfAmount(terms, 9) - cheapestAmount(terms).cost;
  });
  const least = Math.min(...changed.map((vm) => gains[vm] ?? 0));
  for (const [vm, gain] of gains.entries()) if (!changed.includes(vm)) expect(gain).toBeLessThanOrEqual(least);
});

test("what will more likely than not be needed is lent at once, and the changes of later ticks pay for it", () => {
  const { changed, debt } = manyWishes(5, 1);
  expect(changed).toHaveLength(50);
  expect(debt).toBe(50 - budgetOf(5, { vms: 50, perVmDay: CHANGES_PER_VM_DAY, ticksPerDay: DAY_TICKS }));
});

test("over a day no VM changes more than the budget says, however demand jumps", () => {
  fc.assert(
    fc.property(anyCell, fc.array(anyTicks, { minLength: 2, maxLength: 2 }), (cell, ticks) => {
      const changes = new Float64Array(RESOURCE_COUNT);
      let after = 0;
      runCell({ cell: { ...cell, capacities: cell.capacities.map(() => 99) }, ticks: ticks.flat() }, ({ running }) => {
        const { allocations, allocationsBefore, tick } = running.state;
        if (tick <= 2) return;
        after++;
        for (const [series, amount] of allocations.entries())
          if (amount !== allocationsBefore[series])
            changes[series % RESOURCE_COUNT] = (changes[series % RESOURCE_COUNT] ?? 0) + 1;
      });
      const allowed = (after * cell.vms.length * CHANGES_PER_VM_DAY) / DAY_TICKS + cell.capacities.length;
      for (const each of changes) expect(each).toBeLessThanOrEqual(allowed);
    }),
    { seed: 1, numRuns: 12 },
  );
});

test("with no forecast at all leases follow what was used, as reactive scaling does, and memory goes back in steps", () => {
  const layout = layoutOf({ capacities: [9], vms: [{ host: 0, base: 0.05, ceiling: 1 }] });
  const state = createCellState({ layout, promise: pooledPromise(0.99), at: START });
  const silent = new Float64Array(RESOURCE_COUNT * LEVEL_COUNT).fill(gap);
  const live = (demand: Float64Array) =>
    lend(state, { kind: "tick", now: START, demand, shadowVms: [], forecasts: { origin: START, quantiles: silent } });
  const demand = layout.ceiling.map((most) => most * 0.4);
  live(demand);
  expect(state.allocations[0]).toBeCloseTo((layout.ceiling[0] ?? 0) * 0.5, 9);
  expect((state.allocations[1] ?? 0) / (layout.ceiling[1] ?? 1)).toBeCloseTo(0.75, 9);
  for (let tick = 0; tick < 9; tick++) live(demand);
  expect((state.allocations[1] ?? 0) / (layout.ceiling[1] ?? 1)).toBeCloseTo(0.5, 9);
  live(layout.ceiling.map((most) => most * 0.7));
  expect(state.allocations[0]).toBeCloseTo((layout.ceiling[0] ?? 0) * 0.875, 9);
});
