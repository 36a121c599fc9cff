import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, type QuantileLevel } from "../model/forecast.ts";
import { MINUTE_MS } from "../model/time.ts";
import { toLogScale } from "./log-scale.ts";
import { momentAfter } from "./moment.arbitrary.ts";
import { writeRecentRangeOpinion } from "./recent-range-expert.ts";

function said(values: readonly number[], scale: number): (level: QuantileLevel) => number {
  const opinions = { values: new Float32Array(LEVEL_COUNT), at: 0 };
  writeRecentRangeOpinion(momentAfter(values, { stepMs: 30 * MINUTE_MS, scale }), opinions);
  return (level) => opinions.values[levelIndex(level)] ?? Number.NaN;
}

test("the mean of the last hour is the median, the largest of two hours the 0.95, in a line between", () => {
  // A tick is half an hour: the hour holds 2 and 4, the two hours also 9 and 1; 50 is long past.
  const at = said([50, 9, 1, 2, 4], 10);
  const [mean, largest] = [toLogScale(3, 10), toLogScale(9, 10)];
  expect(at(0.5)).toBeCloseTo(mean, 6);
  expect(at(0.95)).toBeCloseTo(largest, 6);
  expect(at(0.8)).toBeCloseTo(mean + (2 / 3) * (largest - mean), 6);
  expect(at(0.998)).toBeCloseTo(mean + (0.498 / 0.45) * (largest - mean), 6);
  expect(at(0.1)).toBeCloseTo(0.52 * mean, 6);
});

test("one sample is mean and largest at once", () => {
  const at = said([5], 5);
  expect([at(0.5), at(0.998)]).toEqual([1, 1]);
});
