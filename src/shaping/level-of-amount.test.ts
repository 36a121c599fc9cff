import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRow } from "../model/forecast.arbitrary.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS, quantileAt } from "../model/forecast.ts";
import { levelOfAmount } from "./level-of-amount.ts";

const amount = fc.double({ min: 0, max: 1e10, noNaN: true });
const steepRow = fc
  .array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: LEVEL_COUNT, maxLength: LEVEL_COUNT })
  .map((steps) => Float64Array.from(steps, (_, level) => steps.slice(0, level + 1).reduce((sum, each) => sum + each)));

test("the inverse of quantileAt from the first level on, tail included", () => {
  fc.assert(
    fc.property(steepRow, fc.double({ min: QUANTILE_LEVELS[0], max: 0.9999, noNaN: true }), (quantiles, level) => {
      expect(levelOfAmount({ quantiles, at: 0 }, quantileAt(quantiles, level))).toBeCloseTo(level, 9);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("never falls as the amount rises, and stays within 0 and 1", () => {
  fc.assert(
    fc.property(anyRow, amount, amount, (quantiles, a, b) => {
      const row = { quantiles, at: 0 };
      const [low, high] = [levelOfAmount(row, Math.min(a, b)), levelOfAmount(row, Math.max(a, b))];
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(high);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("below the first level it falls to nothing at 0; of a flat row the last level is certain", () => {
  const quantiles = Float64Array.from(QUANTILE_LEVELS, () => 4);
  expect(levelOfAmount({ quantiles, at: 0 }, 0)).toBe(0);
  expect(levelOfAmount({ quantiles, at: 0 }, 2)).toBeCloseTo(0.025, 12);
  expect(levelOfAmount({ quantiles, at: 0 }, 4)).toBe(0.998);
  expect(levelOfAmount({ quantiles, at: 0 }, 5)).toBe(1);
  expect(levelOfAmount({ quantiles: new Float64Array(LEVEL_COUNT), at: 0 }, 0)).toBe(0.998);
});

test("reads the row of the series it was asked about", () => {
  const quantiles = Float64Array.from([...QUANTILE_LEVELS, ...QUANTILE_LEVELS].map((_, index) => index));
  expect(levelOfAmount({ quantiles, at: LEVEL_COUNT }, LEVEL_COUNT + 3)).toBe(0.5);
});
