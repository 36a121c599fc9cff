import { expect, test } from "vitest";
import type { Policy } from "../policy.ts";
import { decideAll, FIVE_MINUTES, HOURLY } from "./decide-all.arbitrary.ts";
import { maximumPlanner } from "./maximum-planner.ts";

const RUNGS = [
  { hours: 1 / 12, factor: 1 },
  { hours: 1, factor: 1 },
  { hours: 2, factor: 1.5 },
];
const policy: Policy = {
  name: "reactive",
  title: "Maximum",
  source: "this test",
  knobMeaning: "rung",
  knobs: [1, 2, 3],
  planning: { kind: "causal", start: (context) => maximumPlanner(RUNGS, context) },
};

test("each rung is the maximum of its window times its factor, the fixed size before the first sample", () => {
  const peak = [4, ...Array.from({ length: 24 }, () => 1)];
  const decided = decideAll(policy, FIVE_MINUTES, peak);
  expect(decided[0]).toEqual([8, 8, 8]);
  expect(decided[1]).toEqual([4, 4, 6]);
  expect(decided[12]).toEqual([1, 4, 6]);
  expect(decided[13]).toEqual([1, 1, 6]);
  expect(decided[24]).toEqual([1, 1, 6]);
  expect(decided[25]).toEqual([1, 1, 1.5]);
});

test("a window shorter than a tick holds one sample", () => {
  expect(decideAll(policy, HOURLY, [4, 2])[2]).toEqual([2, 2, 6]);
});
