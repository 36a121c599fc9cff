import fc from "fast-check";
import { expect, test } from "vitest";
import { QUANTILE_LEVELS, quantileAt, rarity } from "../../model/forecast.ts";
import { meanOf, varianceOf } from "./row-moments.ts";

const at = (values: readonly number[]) => ({ values, at: 0 });

test("a row that is the same everywhere has that mean and no variance", () => {
  const row = at(QUANTILE_LEVELS.map(() => 7));
  expect(meanOf(row)).toBeCloseTo(7, 12);
  expect(varianceOf(row)).toBeCloseTo(0, 9);
});

test("an exponential distribution: mean and deviation are 1", () => {
  const row = at(QUANTILE_LEVELS.map(rarity));
  expect(meanOf(row)).toBeCloseTo(1, 1);
  expect(Math.sqrt(varianceOf(row))).toBeCloseTo(1, 1);
});

test("they are those of many values drawn from the row as it is read elsewhere", () => {
  const gaps = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 11, maxLength: 11 });
  fc.assert(
    fc.property(gaps, (steps) => {
      let sum = 0;
      const row = steps.map((step) => (sum += step));
      const draws = 20_000;
      let [mean, square] = [0, 0];
      for (let draw = 0; draw < draws; draw++) {
        const value = quantileAt(row, (draw + 0.5) / draws);
        mean += value / draws;
        square += (value * value) / draws;
      }
      expect(meanOf(at(row))).toBeCloseTo(mean, 1);
      expect(varianceOf(at(row))).toBeGreaterThan(0.98 * (square - mean * mean) - 0.05);
      expect(varianceOf(at(row))).toBeLessThan(1.02 * (square - mean * mean) + 0.2);
    }),
    { seed: 1, numRuns: 30 },
  );
});
