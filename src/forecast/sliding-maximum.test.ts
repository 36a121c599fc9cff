import fc from "fast-check";
import { expect, test } from "vitest";
import { slidingMaximum } from "./sliding-maximum.ts";

const sample = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 6 }) },
  fc.integer({ min: -1000, max: 1000 }).map((value) => value / 7),
  fc.constant(Number.NaN),
);
const windows = fc
  .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 })
  .map((lengths) => lengths.toSorted((a, b) => a - b));

test("after every sample, each window's maximum is that of its last known samples", () => {
  fc.assert(
    fc.property(windows, fc.array(sample, { maxLength: 60 }), (lengths, samples) => {
      const largest = slidingMaximum(lengths);
      const maxima = new Float64Array(lengths.length);
      const known: number[] = [];
      for (const value of samples) {
        largest.observe(value);
        if (!Number.isNaN(value)) known.push(value);
        largest.maxima(maxima);
        expect([...maxima]).toEqual(lengths.map((length) => Math.max(...known.slice(-length))));
      }
    }),
    { seed: 1 },
  );
});

test("before the first sample there is no maximum", () => {
  const maxima = new Float64Array(2);
  const largest = slidingMaximum([1, 3]);
  largest.observe(Number.NaN);
  largest.maxima(maxima);
  expect([...maxima]).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});

test.each([[[]], [[0, 2]], [[1.5]], [[3, 2]]])("windows %j are refused", (lengths) => {
  expect(() => slidingMaximum(lengths)).toThrow("windows are whole numbers of samples");
});
