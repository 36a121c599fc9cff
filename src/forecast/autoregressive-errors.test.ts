import { expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { withAutoregressiveErrors } from "./autoregressive-errors.ts";
import type { OneStepForecaster } from "./one-step-forecaster.ts";

const always = (value: number): OneStepForecaster => ({ forecast: () => value, observe: () => {} });

test("the coefficient of an AR(1) series around its mean is found: forecasts are mean + 0.7 x last error", () => {
  const random = seededRandom(1);
  const forecaster = withAutoregressiveErrors({ forecaster: always(10), memoryTicks: 5000 });
  let error = 0;
  for (let tick = 0; tick < 20_000; tick++) {
    error = 0.7 * error + random.normal();
    forecaster.observe(10 + error);
  }
  forecaster.observe(15);
  expect((forecaster.forecast() - 10) / 5).toBeCloseTo(0.7, 1);
});

test("errors that alternate are not expected again, and errors that grow are expected once, not more", () => {
  const alternating = withAutoregressiveErrors({ forecaster: always(0), memoryTicks: 100 });
  for (let tick = 0; tick < 50; tick++) alternating.observe(tick % 2 === 0 ? 1 : -1);
  expect(alternating.forecast()).toBe(0);
  const growing = withAutoregressiveErrors({ forecaster: always(0), memoryTicks: 100 });
  for (let tick = 0; tick < 50; tick++) growing.observe(1.1 ** tick);
  expect(growing.forecast()).toBe(1.1 ** 49);
});

test("the first sample is no error, however far it is from what the forecaster said without any", () => {
  const after = (first: number) => {
    const forecaster = withAutoregressiveErrors({ forecaster: always(0), memoryTicks: 100 });
    for (const value of [Number.NaN, first, 2, 1, 2]) forecaster.observe(value);
    return forecaster.forecast();
  };
  expect(after(1e9)).toBe(after(1));
  expect(after(1)).toBeGreaterThan(0);
});

test("an unknown sample is passed on, and the last known error stays the last one", () => {
  const seen: number[] = [];
  const inner: OneStepForecaster = { forecast: () => 5, observe: (value) => seen.push(value) };
  const forecaster = withAutoregressiveErrors({ forecaster: inner, memoryTicks: 100 });
  for (const value of [5, 6, 6, 6]) forecaster.observe(value);
  const before = forecaster.forecast();
  forecaster.observe(Number.NaN);
  expect(forecaster.forecast()).toBe(before);
  expect(before).toBeGreaterThan(5);
  expect(seen).toEqual([5, 6, 6, 6, Number.NaN]);
});
