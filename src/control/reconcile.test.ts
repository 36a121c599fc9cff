import { expect, test } from "vitest";
import { instant } from "../model/time.ts";
import { type CellState, pooledPromise } from "./cell-state.ts";
import { startCell } from "./loop.ts";
import { adopt, expectSetPoints, HANDS_OFF_MS } from "./reconcile.ts";
import { layoutOf, runCell, type SmallTick, START, STEP_MS } from "./small-cell.arbitrary.ts";

const gap = Number.NaN;
const layout = layoutOf({ capacities: [1], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
const unknown = new Float64Array(4).fill(gap);

function newState(): CellState {
  return startCell({ layout, promise: pooledPromise(0.99), at: START }).state;
}

const seeCpu = (state: CellState, found: number, tick = 1) =>
  adopt(
    state,
    { allocations: Float64Array.of(found, gap, gap, gap), buffers: unknown },
    instant(START + tick * STEP_MS),
  );

/** As a step does: from what is in force to a new set-point. */
function decide(state: CellState, cores: number): void {
  state.allocationsBefore.set(state.allocations);
  state.allocations[0] = cores;
  expectSetPoints(state);
}

test("what was seen replaces what was remembered; what nobody knows stays", () => {
  const state = newState();
  const remembered = state.allocations.slice();
  state.buffers.set([5, 6, 7, 8]);
  adopt(state, { allocations: Float64Array.of(2, gap, 0, gap), buffers: Float64Array.of(gap, 1, gap, 0) }, START);
  expect([...state.allocations]).toEqual([2, remembered[1], 0, remembered[3]]);
  expect([...state.buffers]).toEqual([5, 1, 7, 0]);
});

test("whatever lies between what was in force and what was asked for is our own, unfinished or undone", () => {
  const state = newState();
  seeCpu(state, 1);
  decide(state, 4);
  for (const found of [1, 1.5, 3]) {
    seeCpu(state, found);
    expect(state.hands.until[0]).toBe(0);
    decide(state, 4);
  }
  expect(state.hands.unsettled[0]).toBe(3);
  decide(state, 2);
  // The older set-point may still come true.
  seeCpu(state, 4);
  expect(state.hands.until[0]).toBe(0);
  decide(state, 2);
  seeCpu(state, 2);
  expect(state.hands.unsettled[0]).toBe(0);
});

test("what was told before and may still come true is known to the next step, until it was seen to have ended", () => {
  const state = newState();
  seeCpu(state, 1);
  expect([state.hands.lowBefore[0], state.hands.highBefore[0]]).toEqual([1, 1]);
  decide(state, 4);
  seeCpu(state, 2);
  expect([state.hands.lowBefore[0], state.hands.highBefore[0]]).toEqual([1, 4]);
  decide(state, 2);
  seeCpu(state, 2);
  expect([state.hands.lowBefore[0], state.hands.highBefore[0]]).toEqual([2, 2]);
});

test("what none of our set-points could have led to was set by a hand: told from then on, and respected", () => {
  const state = newState();
  seeCpu(state, 2);
  decide(state, 2);
  seeCpu(state, 2);
  seeCpu(state, 4.5, 3);
  expect(state.hands.until[0]).toBe(START + 3 * STEP_MS + HANDS_OFF_MS);
  expect([state.hands.expected[0], state.hands.found[0]]).toEqual([2, 4.5]);
  seeCpu(state, 4.5, 4);
  expect(state.hands.until[0]).toBe(START + 3 * STEP_MS + HANDS_OFF_MS);
  expect(state.hands.found[0]).toBe(gap);
});

test("growth that is not seen yet and that nobody wants any more is called off, so that the books stay true", () => {
  const quiet: SmallTick = { demand: new Array(24).fill(0.1), shadowVms: "as ordered" };
  let inForce: Float64Array = unknown;
  let calledOff = 0;
  const seen = () => ({ allocations: inForce, buffers: unknown });
  const cell = { capacities: [2], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] };
  runCell({ cell, ticks: new Array(12).fill(quiet), inForce: seen }, ({ running: { state }, actions }) => {
    const resizes = actions.flatMap((each) => (each.kind === "resize-vm" ? [each.setPoint.cpu] : []));
    if (state.tick === 10) {
      calledOff++;
      expect(state.allocations[0]).toBe(inForce[0]);
      expect(resizes).toEqual([inForce[0]]);
    }
    inForce = state.allocations.slice();
    if (state.tick !== 9) return;
    // As after relief that asked for more, and did not come true before the next look.
    const asked = 1.5 * (inForce[0] ?? 0);
    state.allocations[0] = asked;
    state.hands.high[0] = asked;
  });
  expect(calledOff).toBe(1);
});

test("a hand is respected for as long as it is said, recorded once, and then the VM is shaped again", () => {
  const quiet: SmallTick = { demand: new Array(24).fill(0.1), shadowVms: "as ordered" };
  const ticks = new Array(20).fill(quiet);
  let drifts = 0;
  const cpus: number[] = [];
  let inForce: Float64Array = unknown;
  const hand = (tick: number) => {
    if (tick === 8) inForce = Float64Array.of(4, gap, gap, gap);
    return { allocations: inForce, buffers: unknown };
  };
  runCell({ cell: { capacities: [2], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] }, ticks, inForce: hand }, (done) => {
    drifts += done.records.filter(({ kind }) => kind === "drift").length;
    cpus.push(done.running.state.allocations[0] ?? 0);
    inForce = done.running.state.allocations.slice();
  });
  expect(drifts).toBe(1);
  const held = HANDS_OFF_MS / STEP_MS;
  expect(cpus.slice(8, 8 + held)).toEqual(new Array(held).fill(4));
  expect(cpus.at(-1)).toBeLessThan(2);
});
