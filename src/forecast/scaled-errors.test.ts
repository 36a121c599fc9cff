import { expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { scaledErrors } from "./scaled-errors.ts";

const LEVELS = [0.05, 0.5, 0.9, 0.99];

function quantilesAfter(errors: readonly number[], setting = { windowTicks: 500, latelyTicks: 6 }): number[] {
  const scaled = scaledErrors({ levels: LEVELS, ...setting });
  for (const error of errors) scaled.observe(error);
  const quantiles = new Float64Array(LEVELS.length);
  scaled.quantiles(quantiles);
  return [...quantiles];
}

test("before the first error every quantile is 0, and unknown errors change nothing", () => {
  expect(quantilesAfter([])).toEqual([0, 0, 0, 0]);
  expect(quantilesAfter([1, Number.NaN, -2, 3, Number.NaN])).toEqual(quantilesAfter([1, -2, 3]));
});

test("errors of one size have their own quantiles", () => {
  for (const quantile of quantilesAfter(Array.from({ length: 100 }, () => 3))) expect(quantile).toBeCloseTo(3, 9);
});

test("of errors whose size changes by a factor of ten, each quantile covers its share", () => {
  const random = seededRandom(1);
  const scaled = scaledErrors({ levels: LEVELS, windowTicks: 1000, latelyTicks: 12 });
  const quantiles = new Float64Array(LEVELS.length);
  const covered = new Float64Array(LEVELS.length);
  for (let tick = 0; tick < 21_000; tick++) {
    const error = random.normal() * (Math.floor(tick / 200) % 2 === 0 ? 1 : 10);
    scaled.quantiles(quantiles);
    if (tick >= 1000)
      for (const [at, quantile] of quantiles.entries()) covered[at] = (covered[at] ?? 0) + Number(error <= quantile);
    scaled.observe(error);
  }
  for (const [at, level] of LEVELS.entries()) expect((covered[at] ?? 0) / 20_000).toBeCloseTo(level, 1.5);
});

test("in a restless hour the same level asks for more than in a quiet one", () => {
  const random = seededRandom(2);
  const quiet = Array.from({ length: 400 }, () => random.normal());
  const restless = Array.from({ length: 6 }, () => 8 * random.normal());
  const [, , , calm = 0] = quantilesAfter(quiet);
  const [, , , alert = 0] = quantilesAfter([...quiet, ...restless]);
  expect(alert).toBeGreaterThan(2 * calm);
});

test("the end of a long silence does not blow up the quantiles", () => {
  const burst = quantilesAfter([...Array.from({ length: 300 }, () => 0), 1e6, ...Array.from({ length: 300 }, () => 0)]);
  expect(burst.every((quantile) => Number.isFinite(quantile) && Math.abs(quantile) <= 50 * 1e6)).toBe(true);
  const [low, median, high] = quantilesAfter([0, 0, 0, 0, 1e6]);
  expect([low, median]).toEqual([0, 0]);
  expect(high).toBeGreaterThan(0);
});
