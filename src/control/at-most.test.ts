import { expect, test } from "vitest";
import type { HostId } from "../model/fleet.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { allCanComeTrue, beginBetweenTicks, freeAtMost, mostOf, toldOnce } from "./at-most.ts";
import { type CellState, pooledPromise } from "./cell-state.ts";
import { startCell } from "./loop.ts";
import { layoutOf, readyShadowVm, START, tenths } from "./small-cell.arbitrary.ts";

/** Ten cores; a VM that was seen to have one and a shadow VM that was seen to have two. */
function smallHost(): CellState {
  const layout = layoutOf({ capacities: [1], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
  const { state } = startCell({ layout, promise: pooledPromise(0.99), at: START });
  for (const column of [state.allocations, state.allocationsBefore, state.hands.low, state.hands.high]) column.fill(1);
  beginBetweenTicks(state);
  state.shadowVms = [{ ...readyShadowVm(shadow, host), allocation: tenths(0.2) }];
  state.told.set(shadow, toldOnce(tenths(0.2)));
  return state;
}

const shadow = "shadow" as ShadowVmId;
const host = "host-0" as HostId;

test("free is what nobody has and nobody was told to have", () => {
  expect(freeAtMost(smallHost(), { place: 0 })).toBeCloseTo(7);
});

test("a set-point counts from the moment it is told until it is seen to have come true, whatever is told after it", () => {
  const state = smallHost();
  state.hands.high[0] = 4;
  state.told.set(shadow, { ...toldOnce(tenths(0.2)), now: tenths(0.4) });
  expect([mostOf(state, 0), freeAtMost(state, { place: 0 })]).toEqual([1, expect.closeTo(7)]);
  beginBetweenTicks(state);
  expect([mostOf(state, 0), freeAtMost(state, { place: 0 })]).toEqual([4, expect.closeTo(2)]);
  state.told.set(shadow, { ...(state.told.get(shadow) ?? toldOnce(tenths(0))), now: tenths(0.1) });
  beginBetweenTicks(state);
  expect(freeAtMost(state, { place: 0 })).toBeCloseTo(2);
});

test("a shadow VM that was asked for needs its minimum; of one that is hidden the most is expected", () => {
  const state = smallHost();
  const since = START;
  state.pool.lives.set("coming" as ShadowVmId, { host, stage: "requested", since });
  expect(freeAtMost(state, { place: 0 })).toBeCloseTo(6.9);
  expect(freeAtMost(state, { place: 0, without: new Set(["coming" as ShadowVmId]) })).toBeCloseTo(7);
  state.pool.lives.set("hidden" as ShadowVmId, { host, stage: "ready", since });
  expect(freeAtMost(state, { place: 0 })).toBeCloseTo(2.9);
  expect(allCanComeTrue(state, 0)).toBe(true);
  state.pool.lives.set("hidden too" as ShadowVmId, { host, stage: "ready", since });
  expect(allCanComeTrue(state, 0)).toBe(false);
});
