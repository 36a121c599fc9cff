import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { createCellState, pooledPromise } from "./cell-state.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";
import { hostOverPrediction, trackHosts } from "./track-hosts.ts";
import { wantBuffers } from "./want-buffers.ts";

const vm = { host: 0, base: 0.1, ceiling: 1 };
const quantiles = Float64Array.from({ length: 8 * LEVEL_COUNT }, (_, cell) => 1 + (cell % LEVEL_COUNT) / 10);

/** Two VMs, of each of which 1 was likely at every tick. */
function ticksOf(asked: readonly number[]) {
  const state = createCellState({
    ...{ layout: layoutOf({ capacities: [9], vms: [vm, vm] }), promise: pooledPromise(0.99), at: START },
  });
  state.allocations.fill(1.2);
  state.meanDemand.fill(2);
  const buffers = asked.map((each) => {
    state.descents.likely.fill(1);
    trackHosts(state, new Float64Array(8).fill(each));
    state.excess.fill(0.3);
    wantBuffers(state, { origin: START, quantiles });
    return state.buffers[0] ?? Number.NaN;
  });
  return { state, last: buffers.at(-1) ?? Number.NaN };
}

test("forecasts that came out too high are noticed within some ticks, and the buffer gives way with them", () => {
  const right = ticksOf([0.9, 1.1, 0.9, 1.1, 0.9, 1.1]);
  const high = ticksOf([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  expect(hostOverPrediction(right.state, 0)).toBe(0);
  expect(hostOverPrediction(high.state, 0)).toBeGreaterThan(0.8);
  expect(high.last).toBeGreaterThan(0);
  expect(high.last).toBeLessThan(right.last);
});

test("forecasts that came out too low leave the buffer as it is asked for, and those that turn right give it back", () => {
  const right = ticksOf([0.9, 1.1, 0.9, 1.1, 0.9, 1.1]);
  const low = ticksOf([1.5, 1.5, 1.5, 1.5, 1.5, 1.5]);
  expect([hostOverPrediction(low.state, 0), low.last]).toEqual([0, right.last]);
  const turned = ticksOf([0.5, 0.5, 0.5, 1.4, 1.4, 1.4]);
  expect(hostOverPrediction(turned.state, 0)).toBe(0);
});

test("who was held back, and who sent nothing, says nothing against a forecast", () => {
  const { state } = ticksOf([]);
  state.descents.likely.fill(2);
  state.allocations.fill(1.2);
  for (let tick = 0; tick < 6; tick++) trackHosts(state, new Float64Array(8).fill(1.2));
  for (let tick = 0; tick < 6; tick++) trackHosts(state, new Float64Array(8).fill(Number.NaN));
  expect(hostOverPrediction(state, 0)).toBe(0);
});
