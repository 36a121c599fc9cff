import fc from "fast-check";
import { expect, test } from "vitest";
import { slidingQuantiles } from "./sliding-quantiles.ts";

const sample = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.integer({ min: -10_000, max: 10_000 }).map((value) => value / 7),
  fc.constant(Number.NaN),
);
const LEVELS = [0, 0.1, 0.5, 0.9, 0.99, 1];

test("after every sample, quantiles are those of the last known samples in order of size", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(sample, { maxLength: 60 }), (capacity, samples) => {
      const sliding = slidingQuantiles({ capacity, levels: LEVELS });
      const quantiles = new Float64Array(LEVELS.length);
      const known: number[] = [];
      for (const value of samples) {
        sliding.observe(value);
        if (!Number.isNaN(value)) known.push(value);
        sliding.quantiles(quantiles);
        const sorted = known.slice(-capacity).toSorted((a, b) => a - b);
        for (const [index, level] of LEVELS.entries())
          expect(quantiles[index]).toBeCloseTo(interpolated(sorted, level), 9);
      }
    }),
    { seed: 1 },
  );
});

test("before the first sample every quantile is 0", () => {
  const quantiles = new Float64Array(LEVELS.length).fill(7);
  slidingQuantiles({ capacity: 3, levels: LEVELS }).quantiles(quantiles);
  expect([...quantiles]).toEqual(LEVELS.map(() => 0));
});

test("a window without whole samples is refused", () => {
  for (const capacity of [0, 2.5])
    expect(() => slidingQuantiles({ capacity, levels: LEVELS })).toThrow("whole number of samples");
});

/** Type 7 of Hyndman & Fan in the form of a weighted mean; 0 of nothing. */
function interpolated(sorted: readonly number[], level: number): number {
  const position = level * Math.max(sorted.length - 1, 0);
  const share = position - Math.floor(position);
  return (1 - share) * (sorted[Math.floor(position)] ?? 0) + share * (sorted[Math.ceil(position)] ?? 0);
}
