import { expect, test } from "vitest";
import { startCell } from "./loop.ts";
import { adopt } from "./reconcile.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";

test("what was seen replaces what was remembered; what nobody knows stays", () => {
  const layout = layoutOf({ capacities: [1], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
  const { state } = startCell({ layout, promise: { kind: "each", level: 0.9 }, at: START });
  const remembered = state.allocations.slice();
  state.buffers.set([5, 6, 7, 8]);
  adopt(state, {
    allocations: Float64Array.of(2, Number.NaN, 0, Number.NaN),
    buffers: Float64Array.of(Number.NaN, 1, Number.NaN, 0),
  });
  expect([...state.allocations]).toEqual([2, remembered[1], 0, remembered[3]]);
  expect([...state.buffers]).toEqual([5, 1, 7, 0]);
});
