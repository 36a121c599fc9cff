import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRow } from "../model/forecast.arbitrary.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { cheapestAmount, costOfAmount, type LendingTerms } from "./change-cost.ts";

const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
const anyTerms: fc.Arbitrary<LendingTerms> = fc.record({
  quantiles: anyRow,
  at: fc.constant(0),
  base: amount,
  floorLevel: fc.nat({ max: LEVEL_COUNT - 1 }),
  shortagePrice: amount,
  latePrice: fc.double({ min: 0, max: 10, noNaN: true }),
});

test("no level at or above the floor is cheaper, and nothing below the floor or the base is chosen", () => {
  fc.assert(
    fc.property(anyTerms, (terms) => {
      const best = cheapestAmount(terms);
      expect(best.level).toBeGreaterThanOrEqual(terms.floorLevel);
      expect(best.amount).toBe(Math.max(terms.quantiles[best.level] ?? 0, terms.base));
      const rounding = 1e-12 * (best.amount + terms.shortagePrice + (terms.quantiles.at(-1) ?? 0));
      expect(Math.abs(best.cost - costOfAmount(terms, best.amount))).toBeLessThanOrEqual(100 * rounding);
      for (const quantile of terms.quantiles.subarray(terms.floorLevel))
        expect(best.cost).toBeLessThanOrEqual(costOfAmount(terms, Math.max(quantile, terms.base)) + 100 * rounding);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("the dearer a late unit, the more is lent", () => {
  fc.assert(
    fc.property(anyTerms, fc.double({ min: 0, max: 10, noNaN: true }), (terms, more) => {
      const dearer = { ...terms, latePrice: terms.latePrice + more };
      expect(cheapestAmount(dearer).amount).toBeGreaterThanOrEqual(cheapestAmount(terms).amount * (1 - 1e-12));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("worked by hand: 1 to 11 at eleven levels, and nothing beyond but the tail", () => {
  const quantiles = Float64Array.from(QUANTILE_LEVELS, (_, level) => level + 1);
  const terms = { quantiles, at: 0, base: 0, floorLevel: 0, shortagePrice: 10, latePrice: 2 };
  // 10 cores cover 0.995: 5 in 1000 are short, by 0.5 for three of them and by (11 + 16.5) / 2 - 10 for the last two.
  expect(costOfAmount(terms, 10)).toBeCloseTo(10 + 10 * 0.005 + 2 * (0.003 * 0.5 + 0.002 * 3.75), 12);
});

test("a VM that bursts out of nothing is left to the buffer; one whose quantiles lie close is covered to the last", () => {
  const steep = Float64Array.from(QUANTILE_LEVELS, (_, level) => 10 ** (level - 8));
  const close = Float64Array.from(QUANTILE_LEVELS, (_, level) => 1 + level / 1000);
  const terms = { at: 0, base: 0, floorLevel: levelIndex(0.8), shortagePrice: 1, latePrice: 2.5 };
  expect(cheapestAmount({ ...terms, quantiles: close }).level).toBe(LEVEL_COUNT - 1);
  expect(cheapestAmount({ ...terms, quantiles: steep }).level).toBeLessThan(levelIndex(0.99));
});

test("reads the row of the series it was asked about", () => {
  const row = Float64Array.from(QUANTILE_LEVELS, (_, level) => level + 1);
  const quantiles = Float64Array.of(...row.map((value) => value * 100), ...row);
  const terms = { base: 0, floorLevel: 0, shortagePrice: 5, latePrice: 2 };
  expect(cheapestAmount({ ...terms, quantiles, at: LEVEL_COUNT })).toEqual(
    cheapestAmount({ ...terms, quantiles: row, at: 0 }),
  );
});
