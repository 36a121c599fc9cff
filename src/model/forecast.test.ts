import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRow } from "./forecast.arbitrary.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS, quantileAt, rarity } from "./forecast.ts";

const run = { seed: 1 };

test("exact at every level", () => {
  fc.assert(
    fc.property(anyRow, (row) => {
      for (const level of QUANTILE_LEVELS) {
        const value = row[levelIndex(level)] ?? Number.NaN;
        expect(Math.abs(quantileAt(row, level) - value)).toBeLessThanOrEqual(1e-12 * value);
      }
    }),
    run,
  );
});

test("never falls as the level rises", () => {
  const level = fc.double({ min: 0, max: 0.999999, noNaN: true });
  fc.assert(
    fc.property(anyRow, level, level, (row, a, b) => {
      const [lower, upper] = [quantileAt(row, Math.min(a, b)), quantileAt(row, Math.max(a, b))];
      expect(lower).toBeLessThanOrEqual(upper * (1 + 1e-12));
    }),
    run,
  );
});

test("linear between levels, flat below the first, an exponential tail beyond the last", () => {
  const row = Float64Array.from(QUANTILE_LEVELS, (_, index) => index);
  expect(quantileAt(row, 0.01)).toBe(0);
  expect(quantileAt(row, 0.65)).toBeCloseTo(3.5, 12);
  const oneStepRarer = 1 - 0.002 * (0.002 / 0.005);
  expect(quantileAt(row, oneStepRarer)).toBeCloseTo(LEVEL_COUNT, 9);
});

test("equal steps of rarity make a level rarer by equal factors", () => {
  expect(rarity(0)).toBeCloseTo(0, 12);
  expect(rarity(0.99) - rarity(0.9)).toBeCloseTo(rarity(0.9), 12);
});

test("a row of another length is a bug", () => {
  expect(() => quantileAt([1, 2], 0.5)).toThrow(/quantiles/);
});
