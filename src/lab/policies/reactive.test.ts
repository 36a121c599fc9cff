import { expect, test } from "vitest";
import { decideAll, FIVE_MINUTES } from "./decide-all.arbitrary.ts";
import { reactivePolicy } from "./reactive.ts";

test("the first rung tracks the last sample, the last one holds three times the largest of a day", () => {
  const demand = [5, ...Array.from({ length: 288 }, (_, tick) => 1 + (tick % 2))];
  const decided = decideAll(reactivePolicy, FIVE_MINUTES, demand);
  for (const [tick, value] of demand.entries()) expect(decided[tick + 1]?.[0]).toBe(value);
  expect(decided[288]?.at(-1)).toBe(15);
  expect(decided[289]?.at(-1)).toBe(6);
});

test("scaling out is at once, scaling in waits for the stabilisation window of 15 minutes on the third rung", () => {
  const decided = decideAll(reactivePolicy, FIVE_MINUTES, [1, 1, 6, 1, 1, 1]);
  expect(decided.slice(2).map((row) => row[2])).toEqual([1, 6, 6, 6, 1]);
});
