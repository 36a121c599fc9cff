import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { addExcess } from "../shaping/expected-excess.ts";
import { bufferAt } from "../shaping/joint-buffer.ts";
import { createCellState, EXCESS_HINTS, pooledPromise, type ServicePromise } from "./cell-state.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";
import { wantBuffers, wantedRarity } from "./want-buffers.ts";

const vm = { host: 0, base: 0.1, ceiling: 1 };
/** Each series: 0.5, 1, 1.5 ... for the first VM, twice that for the second. */
const quantiles = Float64Array.from({ length: 8 * LEVEL_COUNT }, (_, cell) => {
  const scale = cell < 4 * LEVEL_COUNT ? 1 : 2;
  return 0.5 * scale * ((cell % LEVEL_COUNT) + 1);
});

function cellWith(promise: ServicePromise) {
  const state = createCellState({ layout: layoutOf({ capacities: [9], vms: [vm, vm] }), promise, at: START });
  state.allocations.fill(3);
  state.meanDemand.fill(10);
  state.excess.fill(1.5);
  return state;
}

test("the excess is forecast from itself and from what the VMs' own quantiles leave beyond their leases", () => {
  const state = cellWith(pooledPromise(0.99));
  wantBuffers(state, { origin: START, quantiles });
  const expected = { mean: 0, variance: 0 };
  for (const series of [0, 4]) addExcess(expected, { quantiles, at: series * LEVEL_COUNT, allocation: 3 });
  expect(expected.variance).toBeGreaterThan(0.01);
  expect(state.excessHints[0]).toBe(expected.mean);
  expect(state.excessHints[EXCESS_HINTS - 1]).toBeCloseTo(expected.mean + Math.sqrt(expected.variance), 12);
});

test("the buffer is the quantile that the more careful loop asks for", () => {
  const state = cellWith(pooledPromise(0.99));
  state.violationRarity.set([2, 5]);
  state.unservedRarity.set([4, 3]);
  wantBuffers(state, { origin: START, quantiles });
  for (const [place, rarity] of [4, 5].entries()) {
    expect(wantedRarity(state, place)).toBe(rarity);
    const forecast = { quantiles: state.excessQuantiles, at: place * LEVEL_COUNT, meanDemand: 10 };
    expect(state.buffers[place]).toBe(bufferAt(forecast, rarity));
  }
  expect(state.buffers[0]).toBeGreaterThan(0);
});

test("nothing is held before any excess was seen, and nothing at all where each VM is by itself", () => {
  const unseen = cellWith(pooledPromise(0.99));
  unseen.excess.fill(Number.NaN);
  const single = cellWith({ kind: "each", level: 0.9 });
  for (const state of [unseen, single]) {
    wantBuffers(state, { origin: START, quantiles });
    expect([...state.buffers]).toEqual([0, 0, 0, 0]);
  }
});
