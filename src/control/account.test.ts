import { expect, test } from "vitest";
import { HOUR_MS, instant } from "../model/time.ts";
import { readMeter } from "../pricing/meter.ts";
import { account } from "./account.ts";
import { createCellState, pooledPromise } from "./cell-state.ts";
import { layoutOf, START, STEP_MS } from "./small-cell.arbitrary.ts";

test("used is at most what was allocated, and nothing without a sample; the rest is metered as it was in force", () => {
  const layout = layoutOf({ capacities: [9], vms: [{ host: 0, base: 0.1, ceiling: 1 }] });
  const state = createCellState({ layout, promise: pooledPromise(0.99), at: START });
  state.allocations.set([2, 2, 2, 2]);
  state.buffers.set([1, 0, 0, 3]);
  const demand = Float64Array.of(1.5, 3, Number.NaN, 2);
  const now = instant(START + STEP_MS / 2);
  const forecasts = { origin: now, quantiles: new Float64Array() };
  account(state, { kind: "tick", now, demand, shadowVms: [], forecasts });
  expect([...state.meters.used.unitHours]).toEqual([0.75, 1, 0, 1]);
  expect([...state.meters.allocated.unitHours]).toEqual([1, 1, 1, 1]);
  expect([...state.meters.buffer.unitHours]).toEqual([0.5, 0, 0, 1.5]);
});

test("what was read between the end of a tick and its step has that time already: nothing runs backwards, nothing counts twice", () => {
  const layout = layoutOf({ capacities: [9], vms: [{ host: 0, base: 0.1, ceiling: 1 }] });
  const state = createCellState({ layout, promise: pooledPromise(0.99), at: START });
  const seen = {
    demand: new Float64Array(4),
    shadowVms: [],
    forecasts: { origin: START, quantiles: new Float64Array() },
  };
  const tickEnd = instant(START + STEP_MS);
  const late = instant(tickEnd + STEP_MS / 4);
  state.allocations.fill(2);
  for (const meter of [state.meters.allocated, state.meters.buffer])
    readMeter(meter, meter === state.meters.buffer ? state.buffers : state.allocations, late);
  state.allocations.fill(4);
  account(state, { kind: "tick", now: tickEnd, ...seen });
  account(state, { kind: "tick", now: instant(START + 2 * STEP_MS), ...seen });
  const hours = (STEP_MS / HOUR_MS) * (2 * 1.25 + 4 * 0.75);
  expect(state.meters.allocated.unitHours[0]).toBeCloseTo(hours, 12);
});
