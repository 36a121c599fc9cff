import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { addWindow, noSkill, wqlOf } from "./skill-sums.ts";

/** Says the same for every level. */
const flat = (value: number) => new Float64Array(LEVEL_COUNT).fill(value);

test("by hand: two windows, two levels", () => {
  const sums = noSkill([0.5, 0.9]);
  addWindow(sums, 10, flat(8));
  addWindow(sums, 10, flat(13));
  // 2 x 0.5 x 2 + 2 x 0.5 x 3, and 2 x 0.9 x 2 + 2 x 0.1 x 3.
  expect([...sums.loss]).toEqual([5, expect.closeTo(4.2, 12)]);
  expect([...sums.below]).toEqual([1, 1]);
  expect(sums.absoluteError).toBe(5);
  expect(wqlOf(sums)).toBeCloseTo((5 + 4.2) / 2 / 20, 12);
});

test("a quantile that is met exactly is kept to, whatever rounding did", () => {
  const sums = noSkill(QUANTILE_LEVELS);
  addWindow(sums, 0.1 + 0.2, flat(0.3));
  expect(sums.below.every((count) => count === 1)).toBe(true);
});

test("who is silent is counted as that and as nothing else; no demand gives no quotient", () => {
  const sums = noSkill([0.5]);
  addWindow(sums, 10, flat(Number.NaN));
  expect(sums).toMatchObject({ silent: 1, windows: 0, demand: 0 });
  expect(wqlOf(sums)).toBeNaN();
});
