import fc from "fast-check";
import { expect, test } from "vitest";
import { harmonicRegression } from "./harmonic-regression.ts";

const TICKS_PER_DAY = 48;
const DAY_TURN = (2 * Math.PI) / TICKS_PER_DAY;
const WEEK_TURN = DAY_TURN / 7;
/** As good as none: coefficients come out as they went in. */
const FAITHFUL = {
  ticksPerDay: TICKS_PER_DAY,
  dailyHarmonics: 3,
  weeklyHarmonics: 2,
  ridge: 1e-6,
  historyDays: 14,
};

type Signal = (tick: number) => number;

/** The forecast of each tick from `from` to `to`, made before its sample. */
function forecastsOf(setting: typeof FAITHFUL, signal: Signal, { from, to }: { from: number; to: number }): number[] {
  const forecaster = harmonicRegression(setting);
  const forecasts: number[] = [];
  for (let tick = 0; tick < to; tick++) {
    if (tick >= from) forecasts.push(forecaster.forecast());
    forecaster.observe(signal(tick));
  }
  return forecasts;
}

test("any mean, slope and harmonics are found again: the day after a full history is forecast", () => {
  const coefficient = fc.integer({ min: -1000, max: 1000 }).map((hundredths) => hundredths / 100);
  const coefficients = fc.tuple(...Array.from({ length: 8 }, () => coefficient));
  fc.assert(
    fc.property(coefficients, ([mean = 0, slope = 0, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0]) => {
      const signal: Signal = (tick) =>
        mean +
        (slope * tick) / (14 * TICKS_PER_DAY) +
        a * Math.cos(DAY_TURN * tick) +
        b * Math.sin(DAY_TURN * tick) +
        c * Math.cos(3 * DAY_TURN * tick) +
        d * Math.sin(2 * DAY_TURN * tick) +
        e * Math.cos(WEEK_TURN * tick) +
        f * Math.sin(2 * WEEK_TURN * tick);
      const from = 16 * TICKS_PER_DAY;
      const forecasts = forecastsOf(FAITHFUL, signal, { from, to: from + TICKS_PER_DAY });
      for (const [index, forecast] of forecasts.entries()) expect(forecast).toBeCloseTo(signal(from + index), 4);
    }),
    { seed: 1, numRuns: 30 },
  );
});

test("with gaps in whole hours the signal is still found", () => {
  const whole: Signal = (tick) => 5 + Math.cos(DAY_TURN * tick) + 2 * Math.sin(WEEK_TURN * tick);
  const signal: Signal = (tick) => (Math.floor(tick / 2) % 5 === 0 ? Number.NaN : whole(tick));
  const from = 21 * TICKS_PER_DAY;
  const forecasts = forecastsOf(FAITHFUL, signal, { from, to: from + TICKS_PER_DAY });
  for (const [index, forecast] of forecasts.entries()) expect(forecast).toBeCloseTo(whole(from + index), 4);
});

test("a jump is forgotten once it has left the history", () => {
  const signal: Signal = (tick) => (tick < 3 * TICKS_PER_DAY ? 1000 : 4);
  const from = 17 * TICKS_PER_DAY;
  for (const forecast of forecastsOf(FAITHFUL, signal, { from, to: from + TICKS_PER_DAY }))
    expect(forecast).toBeCloseTo(4, 4);
});

test("a heavy ridge leaves the mean alone", () => {
  const setting = { ...FAITHFUL, ridge: 1e12 };
  const from = 14 * TICKS_PER_DAY;
  const signal: Signal = (tick) => 6 + 3 * Math.cos(DAY_TURN * tick);
  for (const forecast of forecastsOf(setting, signal, { from, to: from + TICKS_PER_DAY }))
    expect(forecast).toBeCloseTo(6, 4);
});

test("within the first day the last known value is the forecast, before it 0", () => {
  const signal: Signal = (tick) => [Number.NaN, 3, 8, Number.NaN, 2][tick] ?? 0;
  expect(forecastsOf(FAITHFUL, signal, { from: 0, to: 6 })).toEqual([0, 0, 3, 8, 8, 2]);
});

test("days without a sample change nothing, and the first fit waits for the first day that has one", () => {
  const from = 2 * TICKS_PER_DAY;
  const to = from + 5;
  expect(forecastsOf(FAITHFUL, () => Number.NaN, { from, to })).toEqual([0, 0, 0, 0, 0]);
  const known = forecastsOf(FAITHFUL, (tick) => (tick < from ? 7 : Number.NaN), { from, to: 40 * TICKS_PER_DAY });
  expect(Math.min(...known)).toBeGreaterThan(6.9);
  expect(Math.max(...known)).toBeLessThan(7.1);
});

test("terms too fast for blocks of an hour are left out, so they take no share of slow ones that look like them", () => {
  const setting = { ...FAITHFUL, dailyHarmonics: 20 };
  const signal: Signal = (tick) => 5 + Math.cos(4 * DAY_TURN * tick);
  const from = 14 * TICKS_PER_DAY;
  for (const [index, forecast] of forecastsOf(setting, signal, { from, to: from + TICKS_PER_DAY }).entries())
    expect(forecast).toBeCloseTo(signal(from + index), 4);
});

test("a day may have a few ticks only", () => {
  const setting = { ...FAITHFUL, ticksPerDay: 3, dailyHarmonics: 8 };
  const signal: Signal = (tick) => 5 + Math.cos((2 * Math.PI * tick) / 3);
  for (const [index, forecast] of forecastsOf(setting, signal, { from: 60, to: 69 }).entries())
    expect(forecast).toBeCloseTo(signal(60 + index), 4);
});

test("a seventh weekly harmonic and a missing ridge are refused", () => {
  expect(() => harmonicRegression({ ...FAITHFUL, weeklyHarmonics: 7 })).toThrow("weekly harmonic");
  expect(() => harmonicRegression({ ...FAITHFUL, ridge: 0 })).toThrow("ridge");
});
