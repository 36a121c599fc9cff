import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time.ts";
import { knownSeries, noise } from "./models/demand-series.arbitrary.ts";
import { detectSeasons, seasonTicksOf } from "./season-detection.ts";

const sine = (tick: number, ticks: number) => Math.sin((2 * Math.PI * tick) / ticks);
const named = (values: (tick: number) => number, grid: { stepMs: number; length: number }) =>
  detectSeasons(
    Float64Array.from({ length: grid.length }, (_, tick) => values(tick)),
    grid.stepMs,
  ).map(({ name }) => name);
const fiveMinutes = { stepMs: 5 * MINUTE_MS, length: 14 * 288 };
const hours = { stepMs: HOUR_MS, length: 6 * 168 };
const [rough, other] = [noise(1), noise(2)];

test("a day, a week, an hour and a year are found, each alone or together", () => {
  expect(named((tick) => sine(tick, 288) + rough(tick), fiveMinutes)).toEqual(["day"]);
  expect(named((tick) => (tick % 12 === 3 ? 5 : 0) + rough(tick), fiveMinutes)).toEqual(["hour"]);
  const weekend = (tick: number) => (Math.floor(tick / 24) % 7 >= 5 ? 0 : 1);
  expect(named((tick) => 2 * sine(tick, 24) + 2 * weekend(tick) + rough(tick), hours)).toEqual(["day", "week"]);
  const days = { stepMs: DAY_MS, length: 4 * 365 };
  expect(named((tick) => 2 * sine(tick, 365.25) + rough(tick), days)).toEqual(["year"]);
});

test("nothing is found where nothing comes back: noise, trend, random walk, a constant", () => {
  let walk = 0;
  const walked = Array.from({ length: hours.length }, (_, tick) => (walk += other(tick)));
  expect(named(rough, hours)).toEqual([]);
  expect(named((tick) => tick, hours)).toEqual([]);
  expect(named((tick) => walked[tick] ?? 0, hours)).toEqual([]);
  expect(named(() => 3, hours)).toEqual([]);
});

test("the strength falls as noise grows, and gaps do no harm", () => {
  const strength = (size: number) => {
    const value = (tick: number) => (tick % 5 === 0 ? Number.NaN : sine(tick, 24) + size * rough(tick));
    return (
      detectSeasons(
        Float64Array.from({ length: hours.length }, (_, tick) => value(tick)),
        HOUR_MS,
      )[0]?.strength ?? 0
    );
  };
  expect(strength(0)).toBeGreaterThan(0.98);
  // A sine has variance 1/2: noise of variance 1/2 leaves an autocorrelation of about 1/2.
  expect(strength(Math.SQRT1_2)).toBeGreaterThan(0.4);
  expect(strength(Math.SQRT1_2)).toBeLessThan(0.6);
});

test("less than two seasons tell nothing", () => {
  expect(named((tick) => sine(tick, 288), { ...fiveMinutes, length: 2 * 288 - 1 })).toEqual([]);
});

test("the grid suggests a day, a week of days, a year of weeks; or one is named, or the strongest found", () => {
  const series = (stepMs: number) => knownSeries({ stepMs, length: 1000, value: (tick) => sine(tick, 168) });
  expect(seasonTicksOf(series(5 * MINUTE_MS), "grid")).toBe(288);
  expect(seasonTicksOf(series(HOUR_MS), "grid")).toBe(24);
  expect(seasonTicksOf(series(DAY_MS), "grid")).toBe(7);
  expect(seasonTicksOf(series(7 * DAY_MS), "grid")).toBe(52);
  expect(seasonTicksOf(series(HOUR_MS), "week")).toBe(168);
  expect(seasonTicksOf(series(HOUR_MS), "detected")).toBe(168);
  expect(seasonTicksOf(knownSeries({ stepMs: HOUR_MS, length: 1000, value: rough }), "detected")).toBe(1);
});
