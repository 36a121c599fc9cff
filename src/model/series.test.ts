import fc from "fast-check";
import { expect, test } from "vitest";
import {
  emptySeries,
  gapsOf,
  holdThroughShortGaps,
  maximumOf,
  quantileOf,
  quantileOfSorted,
  series,
} from "./series.ts";
import { timeGrid } from "./time.ts";

const gap = Number.NaN;
const run = { seed: 1 };
const sample = fc.double({ min: 0, max: 1e12, noNaN: true });
const values = fc
  .array(fc.option(sample, { nil: gap, freq: 2 }), { maxLength: 60 })
  .map((amounts) => Float64Array.from(amounts));

test("gaps are named from their first tick to the one after their last", () => {
  const gappy = Float64Array.of(gap, gap, 1, gap, 2, 3, gap);
  expect(gapsOf(gappy)).toEqual([
    { from: 0, to: 2 },
    { from: 3, to: 4 },
    { from: 6, to: 7 },
  ]);
  expect(gapsOf(Float64Array.of(1, 2))).toEqual([]);
  expect(gapsOf(new Float64Array(0))).toEqual([]);
});

test("gaps hold every missing tick and no other", () => {
  fc.assert(
    fc.property(values, (amounts) => {
      const missing = new Set(gapsOf(amounts).flatMap(({ from, to }) => [...amounts.keys()].slice(from, to)));
      for (const [tick, amount] of amounts.entries()) expect(missing.has(tick)).toBe(Number.isNaN(amount));
    }),
    run,
  );
});

test("short gaps carry the value before them; long ones, and one at the start, stay", () => {
  const gappy = Float64Array.of(gap, 1, gap, gap, 2, gap, gap, gap, 3, gap);
  expect(holdThroughShortGaps(gappy, 2)).toBe(3);
  expect([...gappy]).toEqual([gap, 1, 1, 1, 2, gap, gap, gap, 3, 3]);
});

test("holding changes no known value, and the count is what was filled", () => {
  fc.assert(
    fc.property(values, fc.nat({ max: 5 }), (amounts, ticksMax) => {
      const held = amounts.slice();
      const filled = holdThroughShortGaps(held, ticksMax);
      const missing = (column: Float64Array) => column.filter(Number.isNaN).length;
      expect(missing(amounts) - missing(held)).toBe(filled);
      for (const [tick, amount] of amounts.entries()) if (!Number.isNaN(amount)) expect(held[tick]).toBe(amount);
      for (const { from, to } of gapsOf(held)) expect(from === 0 || to - from > ticksMax).toBe(true);
    }),
    run,
  );
});

/** Written the slow way: between the two order statistics around level x (n - 1). */
function naiveQuantile(amounts: readonly number[], level: number): number {
  const sorted = amounts.toSorted((a, b) => a - b);
  const position = level * (sorted.length - 1);
  const [lower, upper] = [sorted[Math.floor(position)] ?? gap, sorted[Math.ceil(position)] ?? gap];
  return lower + (position % 1) * (upper - lower);
}

test("quantiles and maxima are those of the known values in the range, and nothing is moved", () => {
  const level = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, level, fc.nat({ max: 60 }), fc.nat({ max: 60 }), (amounts, share, start, end) => {
      const before = amounts.slice();
      const range = { from: Math.min(start, end, amounts.length), to: Math.min(Math.max(start, end), amounts.length) };
      const known = [...amounts.slice(range.from, range.to)].filter((amount) => !Number.isNaN(amount));
      const [quantile, naive] = [quantileOf(amounts, share, range), naiveQuantile(known, share)];
      expect(Number.isNaN(quantile)).toBe(known.length === 0);
      if (known.length > 0) expect(Math.abs(quantile - naive)).toBeLessThanOrEqual(1e-9 * naive);
      expect(maximumOf(amounts, range)).toBe(known.length === 0 ? gap : Math.max(...known));
      expect(amounts).toEqual(before);
    }),
    run,
  );
});

test("quantiles worked by hand", () => {
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.25, 0.5, 1].map((level) => quantileOfSorted(sorted, level))).toEqual([1, 1.75, 3, 8]);
  expect(quantileOfSorted(new Float64Array(0), 0.5)).toBeNaN();
});

test("a series has one value a tick", () => {
  const grid = timeGrid({ startMs: 0, stepMs: 1000, length: 3 });
  expect([...emptySeries(grid).values]).toEqual([gap, gap, gap]);
  expect(series(grid, Float64Array.of(1, 2, 3)).values).toHaveLength(3);
  expect(() => series(grid, Float64Array.of(1))).toThrow(/one value a tick/);
});
