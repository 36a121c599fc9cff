import { expect, test } from "vitest";
import { bandPath, largestOf, linePath, peaks, runsOf, stepAreaPath, stepPath } from "./time-path.ts";

const plot = { y: (value: number) => 10 - value, width: 40, floor: 10 };

test("a line goes through the middle of each tick, steps hold for all of it", () => {
  expect(linePath([1, 2, 3, 4], plot)).toBe("M5 9L15 8L25 7L35 6");
  expect(stepPath([1, 2], plot)).toBe("M0 9V9H20V8H40");
  expect(stepAreaPath([1, 2], plot)).toBe("M0 10V9H20V8H40V10Z");
  expect(bandPath({ low: [1, 1], high: [2, 3] }, plot)).toBe("M10 8L30 7L30 9L10 9Z");
});

test("a gap breaks the path and is never a line to zero", () => {
  expect(runsOf([Number.NaN, 1, 2, Number.NaN, 3])).toEqual([
    { from: 1, to: 3 },
    { from: 4, to: 5 },
  ]);
  expect(linePath([1, Number.NaN, 3, 4], plot)).toBe("M5 9h.1M25 7L35 6");
  expect(linePath([Number.NaN], plot)).toBe("");
});

test("peaks stay when a series is thinned", () => {
  const values = Array.from({ length: 1000 }, (_, tick) => (tick === 437 ? 99 : tick % 7));
  expect(peaks(values, 50)).toHaveLength(50);
  expect(largestOf(peaks(values, 50))).toBe(99);
  expect(peaks([1, 2], 50)).toEqual([1, 2]);
  expect(largestOf([Number.NaN, Number.NaN])).toBeNaN();
});
