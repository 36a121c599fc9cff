import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { addExcess } from "./expected-excess.ts";

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly mass: number;
}

/** The distribution that a row stands for: uniform between levels, from 0 below the first, to 1.5 x beyond the last. */
function stretchesOf(row: Float64Array): Stretch[] {
  const ends = [0, ...row, 1.5 * (row[LEVEL_COUNT - 1] ?? 0)];
  const levels = [0, ...QUANTILE_LEVELS, 1];
  return ends
    .slice(1)
    .map((to, index) => ({ from: ends[index] ?? 0, to, mass: (levels[index + 1] ?? 0) - (levels[index] ?? 0) }));
}

/** The expectation of f(demand), by the midpoint rule with many points a stretch. */
function integrate(row: Float64Array, f: (demand: number) => number): number {
  const points = 400;
  const parts = stretchesOf(row).map(({ from, to, mass }) => {
    const values = Array.from({ length: points }, (_, point) => f(from + ((point + 0.5) / points) * (to - from)));
    return (mass * values.reduce((sum, value) => sum + value, 0)) / points;
  });
  return parts.reduce((sum, part) => sum + part, 0);
}

function momentsOf(row: Float64Array, allocation: number): { mean: number; variance: number } {
  const sum = { mean: 0, variance: 0 };
  addExcess(sum, { quantiles: row, at: 0, allocation });
  return sum;
}

const step = fc.double({ min: 0.01, max: 100, noNaN: true });
const anyRow = fc
  .array(step, { minLength: LEVEL_COUNT, maxLength: LEVEL_COUNT })
  .map((steps) =>
    Float64Array.from(steps, (_, level) => steps.slice(0, level + 1).reduce((all, each) => all + each, 0)),
  );

test("the mean is that of the whole distribution where the allocation cuts no stretch", () => {
  fc.assert(
    fc.property(anyRow, fc.nat({ max: LEVEL_COUNT }), (row, level) => {
      const allocation = level === LEVEL_COUNT ? 0 : (row[level] ?? 0);
      const exact = integrate(row, (demand) => Math.max(demand - allocation, 0));
      expect(Math.abs(momentsOf(row, allocation).mean - exact)).toBeLessThanOrEqual(1e-9 * (1 + exact));
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("a cut stretch is off by an eighth of its width at most", () => {
  fc.assert(
    fc.property(anyRow, fc.double({ min: 0, max: 1, noNaN: true }), (row, share) => {
      const allocation = share * 1.5 * (row[LEVEL_COUNT - 1] ?? 0);
      const cut = stretchesOf(row).find(({ from, to }) => from <= allocation && allocation <= to);
      const exact = integrate(row, (demand) => Math.max(demand - allocation, 0));
      const error = Math.abs(momentsOf(row, allocation).mean - exact);
      expect(error).toBeLessThanOrEqual(
        ((cut?.mass ?? 0) * ((cut?.to ?? 0) - (cut?.from ?? 0))) / 8 + 1e-4 * (1 + exact),
      );
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("the variance is that of the whole distribution, less what each stretch has within itself", () => {
  fc.assert(
    fc.property(anyRow, (row) => {
      const mean = integrate(row, (demand) => demand);
      const variance = integrate(row, (demand) => (demand - mean) ** 2);
      const within = stretchesOf(row).reduce((sum, { from, to, mass }) => sum + (mass * (to - from) ** 2) / 12, 0);
      expect(Math.abs(momentsOf(row, 0).variance - (variance - within))).toBeLessThanOrEqual(1e-4 * variance);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("nothing beyond an allocation that covers all, and several VMs add up", () => {
  const row = Float64Array.from(QUANTILE_LEVELS, (_, level) => level + 1);
  expect(momentsOf(row, 1.5 * LEVEL_COUNT)).toEqual({ mean: 0, variance: 0 });
  const sum = { mean: 1, variance: 2 };
  addExcess(sum, { quantiles: Float64Array.of(0, ...row), at: 1, allocation: 3 });
  const alone = momentsOf(row, 3);
  expect(sum).toEqual({ mean: 1 + alone.mean, variance: 2 + alone.variance });
});
