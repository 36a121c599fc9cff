import { expect, test } from "vitest";
import { seasonAsKnown, seasonalTrendLoess } from "./seasonal-trend-loess.ts";

const VALUES = Float64Array.from(
  { length: 60 },
  (_, tick) => 10 + 0.1 * tick + 3 * Math.sin((2 * Math.PI * tick) / 12) + ((tick * 37) % 11) / 4,
);
const at = (series: Float64Array, ticks: readonly number[]) => ticks.map((tick) => series[tick]);
const CHECKED = [0, 5, 17, 30, 59];

test("the same numbers as statsmodels 0.15.0", () => {
  // STL(y, period=12, seasonal=7, trend=23, low_pass=13, seasonal_jump=1, trend_jump=3, low_pass_jump=2)
  //   .fit(inner_iter=2, outer_iter=0)
  const { season, trend } = seasonalTrendLoess(VALUES, { seasonTicks: 12, seasonWindow: 7 });
  const reference = {
    season: [-0.686822, 1.891225, 1.838895, 0.275264, -1.71666],
    trend: [11.041567, 11.64685, 12.951597, 14.250338, 17.139843],
  };
  expect(at(season, CHECKED)).toEqual(reference.season.map((value) => expect.closeTo(value, 6)));
  expect(at(trend, CHECKED)).toEqual(reference.trend.map((value) => expect.closeTo(value, 6)));
});

test("the season as known at a tick is not moved by what comes after it", () => {
  const setting = { seasonTicks: 12, seasonWindow: 7 };
  const season = seasonAsKnown(VALUES, setting);
  const otherFuture = seasonAsKnown(
    VALUES.map((value, tick) => (tick < 36 ? value : 1000)),
    setting,
  );
  expect(otherFuture.subarray(0, 36)).toEqual(season.subarray(0, 36));
  expect(otherFuture[36]).not.toBe(season[36]);
});

test("a shape that comes back unchanged is its own season", () => {
  const shape = Float64Array.from({ length: 60 }, (_, tick) => [5, -1, -4][tick % 3] ?? 0);
  const season = seasonAsKnown(shape, { seasonTicks: 3, seasonWindow: 7 });
  for (const [tick, value] of shape.entries()) expect(season[tick]).toBeCloseTo(value, 9);
});
