import { expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { HOUR_MS, MINUTE_MS, timeGrid } from "../model/time.ts";
import { MONDAY } from "./signals.arbitrary.ts";
import { type UsageFeatures, usageFeatures } from "./usage-features.ts";

/** By the quarter of an hour from Monday 00:00 UTC on; `valueAt` gets hours. */
function featuresOf(
  valueAt: (hour: number) => number,
  { days = 28, ceiling = 10, utcOffsetMinutes = 0 } = {},
): UsageFeatures {
  const grid = timeGrid({ startMs: MONDAY, stepMs: 15 * MINUTE_MS, length: days * 96 });
  const values = Float64Array.from({ length: grid.length }, (_, tick) => valueAt((tick * grid.stepMs) / HOUR_MS));
  return usageFeatures({ grid, values, utcOffsetMinutes, ceiling });
}

const isWeekend = (hour: number) => Math.floor(hour / 24) % 7 >= 5;

test("a flat line", () => {
  const features = featuresOf(() => 5);
  expect(features).toMatchObject({ hoursKnown: 672, mean: 5, meanShare: 0.5, highShare: 0.5, burstiness: 1 });
  expect(features).toMatchObject({ idleShare: 0, season24: 0, season168: 0, weekendRatio: 1, nightRatio: 1 });
  expect(features).toMatchObject({ growthPerWeek: 0, growingDays: 0, peakShare: Number.NaN });
});

test("seasons of a day and of a week", () => {
  const daily = featuresOf((hour) => 2 + Math.sin((hour * Math.PI) / 12));
  expect(daily.season24).toBeGreaterThan(0.99);
  expect(daily.season168).toBeGreaterThan(0.99);
  const weekly = featuresOf((hour) => (isWeekend(hour) ? 1 : 3));
  expect(weekly.season168).toBeGreaterThan(weekly.season24);
  expect(weekly.weekendRatio).toBeCloseTo(1 / 3, 9);
});

test("nights are local, and so is the busiest time of the day", () => {
  const busyFrom2To4 = (hour: number) => (hour % 24 >= 2 && hour % 24 < 5 ? 9 : 1);
  expect(featuresOf(busyFrom2To4)).toMatchObject({ peakHour: 2, peakShare: 1, peakRegularity: 1, nightRatio: 5 });
  expect(featuresOf(busyFrom2To4, { utcOffsetMinutes: 8 * 60 })).toMatchObject({ peakHour: 10, nightRatio: 1 / 4 });
});

test("bursts, idle ticks, spread", () => {
  const features = featuresOf((hour) => (hour % 20 === 0 ? 10 : 0.1));
  expect(features.burstiness).toBeGreaterThan(10);
  expect(features.idleShare).toBeCloseTo(79 / 80, 2);
  expect(features.variation).toBeGreaterThan(4);
});

test("growth is no season", () => {
  const random = seededRandom(1);
  const features = featuresOf((hour) => 1.25 ** (hour / 168) * (1 + 0.1 * random.normal()));
  expect(Math.abs(features.season24)).toBeLessThan(0.1);
  expect(Math.abs(features.season168)).toBeLessThan(0.15);
});

test("growth from week to week, whatever the day of the week", () => {
  const features = featuresOf((hour) => (isWeekend(hour) ? 1 : 3) * 1.1 ** (hour / 168));
  expect(features.growthPerWeek).toBeCloseTo(Math.log(1.1), 9);
  expect(features.growingDays).toBe(1);
});

test("what is too short to tell is not told", () => {
  const day = featuresOf(() => 1, { days: 1 });
  expect([day.season24, day.season168, day.weekendRatio, day.growthPerWeek]).toEqual(new Array(4).fill(Number.NaN));
  expect(featuresOf(() => 1, { days: 13 }).season168).toBeNaN();
  expect(featuresOf((hour) => hour % 7, { days: 14 }).season168).not.toBeNaN();
  const nothing = featuresOf(() => Number.NaN);
  expect([nothing.mean, nothing.burstiness, nothing.idleShare, nothing.peakHour]).toEqual(
    new Array(4).fill(Number.NaN),
  );
  expect(nothing.hoursKnown).toBe(0);
});
