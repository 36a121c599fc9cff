import { expect, test } from "vitest";
import { trendAt } from "./piecewise-trend.ts";

const T = Float64Array.from({ length: 1001 }, (_, row) => row / 1000);
const CAP = new Float64Array(T.length).fill(2);
const POINT = { k: 3, m: 0.2, delta: Float64Array.of(-5, 4) };
const T_CHANGE = Float64Array.of(0.3005, 0.7005);

test("a linear trend bends at its changepoints by as much as they say", () => {
  const trend = trendAt({ t: T, cap: CAP }, { ...POINT, t_change: T_CHANGE, trend_indicator: 0 });
  const slope = (row: number): number => ((trend[row + 1] ?? 0) - (trend[row] ?? 0)) * 1000;
  expect(trend[0]).toBe(0.2);
  expect([slope(100), slope(500), slope(900)].map((each) => Math.round(each * 1e6) / 1e6)).toEqual([3, -2, 2]);
});

test.each([0, 1] as const)("trend %i has no jump", (trend_indicator) => {
  const trend = trendAt({ t: T, cap: CAP }, { ...POINT, t_change: T_CHANGE, trend_indicator });
  for (let row = 1; row < T.length; row++)
    expect(Math.abs((trend[row] ?? 0) - (trend[row - 1] ?? 0))).toBeLessThan(0.02);
});

test("a logistic trend stays below its cap and is at half of it at its offset", () => {
  const trend = trendAt({ t: T, cap: CAP }, { ...POINT, k: 40, t_change: new Float64Array(0), trend_indicator: 1 });
  expect(trend[200]).toBeCloseTo(1, 12);
  expect(Math.max(...trend)).toBeLessThanOrEqual(2);
});

test("a flat trend is its offset", () => {
  const trend = trendAt({ t: T, cap: CAP }, { ...POINT, t_change: T_CHANGE, trend_indicator: 2 });
  expect(new Set(trend)).toEqual(new Set([0.2]));
});
