import fc from "fast-check";
import { expect, test } from "vitest";
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { quantileOfSorted } from "../../model/series.ts";
import { empiricalQuantiles } from "./empirical-quantiles.ts";

test("the same as sorting everything, ties, zeros and unknown ones included", () => {
  const sample = fc.oneof(fc.constantFrom(0, 0, 1, Number.NaN), fc.double({ min: -1e6, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(fc.array(sample, { minLength: 8, maxLength: 400 }), (samples) => {
      const sorted = Float64Array.from(samples.filter((each) => !Number.isNaN(each))).sort();
      fc.pre(sorted.length >= 8);
      const quantiles = empiricalQuantiles(Float64Array.from(samples));
      for (const [index, level] of QUANTILE_LEVELS.entries())
        expect(quantiles[index]).toBeCloseTo(quantileOfSorted(sorted, level), 6);
    }),
    { seed: 1 },
  );
});

test("seven samples say nothing", () => {
  expect([...empiricalQuantiles(Float64Array.of(1, 2, 3, 4, 5, 6, 7))].every(Number.isNaN)).toBe(true);
  expect(empiricalQuantiles(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8))[3]).toBe(4.5);
});
