import fc from "fast-check";
import { expect, test } from "vitest";
import { decayingHistogram, exponentialBuckets } from "./decaying-histogram.ts";

const BUCKETS = exponentialBuckets({ first: 0.01, ratio: 1.05, count: 176 });
/** In thousandths near 0, where buckets are narrow, and up to beyond the last bucket. */
const amount = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((thousandths) => thousandths / 1000),
  fc.integer({ min: 0, max: 1200 }),
);
const LEVELS = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999];

test("buckets begin as VPA's do for CPU: each 5 % wider than the one before, the last near 1000 cores", () => {
  expect([...BUCKETS.starts.slice(0, 4)].map((start) => Number(start.toFixed(9)))).toEqual([0, 0.01, 0.0205, 0.031525]);
  expect(BUCKETS.starts.at(-1)).toBeGreaterThan(1000);
  expect(BUCKETS.starts.at(-2)).toBeLessThan(1000);
});

test("a value lies in the bucket that starts at or below it and ends above it, at the edges too", () => {
  const edge = fc.integer({ min: 0, max: 175 }).map((bucket) => BUCKETS.starts[bucket] ?? 0);
  fc.assert(
    fc.property(fc.oneof(fc.double({ min: 0, max: 2000, noNaN: true }), amount, edge), (value) => {
      const bucket = BUCKETS.indexOf(value);
      expect(BUCKETS.starts[bucket]).toBeLessThanOrEqual(value);
      expect(BUCKETS.starts[bucket + 1] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(value);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

interface Weighed {
  readonly value: number;
  readonly weight: number;
}

test("percentiles are the bucket ends of a sorted list of weighed samples, through thousands of half-lives", () => {
  const gap = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) }, fc.integer({ min: 0, max: 400 }));
  const halfLife = fc.constantFrom(1, 3, 12);
  const arrivals = fc.array(fc.tuple(gap, amount), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(halfLife, arrivals, (halfLifeTicks, samples) => {
      const histogram = decayingHistogram({ buckets: BUCKETS, halfLifeTicks, levels: LEVELS });
      const percentiles = new Float64Array(LEVELS.length);
      let weighed: Weighed[] = [];
      for (const [ticks, value] of samples) {
        for (let tick = 0; tick < ticks; tick++) histogram.age();
        weighed = weighed.map((old) => ({ ...old, weight: old.weight * 2 ** (-ticks / halfLifeTicks) }));
        histogram.add(value);
        weighed.push({ value, weight: 1 });
        histogram.percentiles(percentiles);
        for (const [index, level] of LEVELS.entries())
          expect(bucketsAround(weighed, level)).toContain(percentiles[index]);
      }
    }),
    { seed: 1 },
  );
});

test("a value taken back leaves no trace", () => {
  const histogram = decayingHistogram({ buckets: BUCKETS, halfLifeTicks: 1, levels: LEVELS });
  const [before, after] = [new Float64Array(LEVELS.length), new Float64Array(LEVELS.length)];
  for (const value of [1, 5, 2]) {
    histogram.add(value);
    histogram.age();
  }
  histogram.percentiles(before);
  for (const value of [0.001, 300]) {
    histogram.add(value);
    histogram.remove(value);
  }
  histogram.percentiles(after);
  expect([...after]).toEqual([...before]);
});

test("an empty histogram knows only 0, and a value beyond the last bucket counts as its start", () => {
  const percentiles = new Float64Array(LEVELS.length).fill(7);
  const histogram = decayingHistogram({ buckets: BUCKETS, halfLifeTicks: 1, levels: LEVELS });
  histogram.age();
  histogram.percentiles(percentiles);
  expect([...percentiles]).toEqual(LEVELS.map(() => 0));
  histogram.add(1e9);
  histogram.percentiles(percentiles);
  expect([...percentiles]).toEqual(LEVELS.map(() => BUCKETS.starts.at(-1)));
});

/**
 * Ends of the buckets of the smallest samples up to which `level` of the weight lies, give or take what rounding
 * decides.
 */
function bucketsAround(weighed: readonly Weighed[], level: number): number[] {
  const sorted = weighed.toSorted((a, b) => a.value - b.value);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  return [level - 1e-9, level, level + 1e-9].map((share) => {
    let below = 0;
    const reached = sorted.find(({ weight }) => {
      below += weight;
      return below >= share * total;
    });
    const bucket = BUCKETS.indexOf((reached ?? sorted.at(-1))?.value ?? 0);
    return BUCKETS.starts[Math.min(bucket + 1, BUCKETS.starts.length - 1)] ?? 0;
  });
}
