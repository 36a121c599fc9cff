import fc from "fast-check";
import { expect, test } from "vitest";
import { peaksOf } from "./demand-scale.ts";

const peaks = (hours: readonly number[], hoursSeen = 168, floor = 0.1) =>
  peaksOf(Float32Array.from(hours), { hoursSeen, floor });

test("the unit is the largest peak, unless that is more than ten times the third largest", () => {
  expect(peaks([1, 2, 3, 4])).toEqual({ largest: 4, usual: 4 });
  expect(peaks([1, 2, 3, 30, 9])).toEqual({ largest: 30, usual: 30 });
  expect(peaks([1, 2, 3, 1000])).toEqual({ largest: 1000, usual: 20 });
});

test("a spike across two hours is a one-off, one that comes back on a third day is not", () => {
  expect(peaks([1, 1, 1000, 900, 1, 1]).usual).toBe(10);
  expect(peaks([1000, 1, 1000, 1, 1000, 1]).usual).toBe(1000);
});

test("a young series is compared with fewer hours", () => {
  expect([4, 8, 12, 16].map((hoursSeen) => peaks([1000, 50, 1], hoursSeen).usual)).toEqual([1000, 500, 500, 10]);
});

test("never below the floor", () => {
  expect(peaks([0.1, 0.2], 168, 0.5)).toEqual({ largest: 0.5, usual: 0.5 });
});

test("as sorting says it", () => {
  const hours = fc.array(fc.float({ min: 0, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 168 });
  fc.assert(
    fc.property(hours, (values) => {
      const [first = 0, , third = 0] = values.toSorted((a, b) => b - a);
      const largest = Math.max(first, 0.1);
      expect(peaks(values)).toEqual({ largest, usual: Math.min(largest, 10 * Math.max(third, 0.1)) });
    }),
    { seed: 1 },
  );
});
