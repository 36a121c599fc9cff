import fc from "fast-check";
import { expect, test } from "vitest";
import { holtWinters, type Smoothing } from "./holt-winters.ts";

const SMOOTHING: Smoothing = { level: 0.3, trend: 0.1, season: 0.2, damping: 0.9 };
const amount = fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100);
const share = fc.integer({ min: 0, max: 90 }).map((hundredths) => hundredths / 100);

/** Forecast of each tick, made before its sample. */
function forecastsOf(setting: Parameters<typeof holtWinters>[0], samples: readonly number[]): number[] {
  const forecaster = holtWinters(setting);
  return samples.map((value) => {
    const forecast = forecaster.forecast();
    forecaster.observe(value);
    return forecast;
  });
}

/**
 * The component form of the book's section 8.3, written out: each state is a weighted mean of what the sample says and
 * what the states before it said. Its shares follow from those of the error-correction form.
 */
function componentForecasts(seasonTicks: number, smoothing: Smoothing, samples: readonly number[]): number[] {
  const { level: alpha, trend: betaStar, season: gamma, damping: phi } = smoothing;
  const first = samples.slice(0, seasonTicks);
  const mean = first.reduce((sum, value) => sum + value, 0) / seasonTicks;
  const season = first.map((value) => value - mean);
  let level = mean;
  let trend = 0;
  return samples.slice(seasonTicks).map((value, index) => {
    const before = season[index] ?? Number.NaN;
    const forecast = level + phi * trend + before;
    const next = alpha * (value - before) + (1 - alpha) * (level + phi * trend);
    season.push(gamma * (value - level - phi * trend) + (1 - gamma) * before);
    trend = betaStar * (next - level) + (1 - betaStar) * phi * trend;
    level = next;
    return forecast;
  });
}

test("from the second season on it is the damped additive method in component form", () => {
  const smoothing = fc.record({ level: share, trend: share, season: share, damping: share });
  const cases = fc.integer({ min: 1, max: 6 }).chain((seasonTicks) =>
    fc.record({
      seasonTicks: fc.constant(seasonTicks),
      smoothing,
      samples: fc.array(amount, { minLength: seasonTicks, maxLength: 40 }),
    }),
  );
  fc.assert(
    fc.property(cases, ({ seasonTicks, smoothing, samples }) => {
      const expected = componentForecasts(seasonTicks, smoothing, samples);
      const forecasts = forecastsOf({ seasonTicks, smoothing }, samples).slice(seasonTicks);
      expect(forecasts).toHaveLength(expected.length);
      for (const [index, forecast] of forecasts.entries()) {
        const size = Math.max(1, Math.abs(expected[index] ?? 0));
        expect(forecast / size).toBeCloseTo((expected[index] ?? Number.NaN) / size, 6);
      }
    }),
    { seed: 1 },
  );
});

test("a pure season is forecast exactly from its second round on", () => {
  const round = [3, 1, 4, 1, 5, 9, 2, 6];
  const samples = [...round, ...round, ...round];
  const forecasts = forecastsOf({ seasonTicks: 8, smoothing: SMOOTHING }, samples);
  for (const [tick, forecast] of forecasts.entries())
    if (tick >= 8) expect(forecast).toBeCloseTo(round[tick % 8] ?? -1, 9);
});

test("a straight rise is followed once the trend is learnt, if it is not damped", () => {
  const samples = Array.from({ length: 600 }, (_, tick) => 100 + 2 * tick);
  const smoothing = { level: 0.5, trend: 0.3, season: 0, damping: 1 };
  expect(forecastsOf({ seasonTicks: 1, smoothing }, samples).at(-1)).toBeCloseTo(samples.at(-1) ?? -1, 6);
});

test("the first season is exponential smoothing from its first sample on, and before any sample the forecast is 0", () => {
  const smoothing = { ...SMOOTHING, level: 0.25 };
  expect(forecastsOf({ seasonTicks: 10, smoothing }, [Number.NaN, 8, 16, 8])).toEqual([0, 0, 8, 10]);
});

test("unknown samples teach nothing, but the season goes on", () => {
  const round = [10, 20, 30, 40];
  const gap = [Number.NaN, Number.NaN, Number.NaN];
  const forecasts = forecastsOf({ seasonTicks: 4, smoothing: SMOOTHING }, [
    ...gap,
    Number.NaN,
    ...round,
    ...gap,
    40,
    10,
  ]);
  expect(forecasts.slice(8)).toEqual([10, 20, 30, 40, 10]);
});

test("a tick unknown in the first season counts as the mean of that season", () => {
  const forecasts = forecastsOf({ seasonTicks: 4, smoothing: SMOOTHING }, [10, Number.NaN, 20, 30, 10, 20]);
  expect(forecasts.slice(4)).toEqual([10, 20]);
});

test("a season without whole ticks is refused", () => {
  for (const seasonTicks of [0, 1.5])
    expect(() => holtWinters({ seasonTicks, smoothing: SMOOTHING })).toThrow("a season has whole ticks");
});
