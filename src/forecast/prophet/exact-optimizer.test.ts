import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS } from "../../model/time.ts";
import { buildDesign, TREND_SETTING } from "./build-design.ts";
import { fitProphet, type ProphetFit, stanData } from "./fit-prophet.ts";
import { logPosterior } from "./log-posterior.ts";
import { anySeries, START_MS } from "./prophet.arbitrary.ts";
import type { StanPoint } from "./stan-data.ts";
import type { Term } from "./terms.ts";

test("no point near the one found is better", () => {
  fc.assert(
    fc.property(anySeries, fc.nat(), ({ moments, values, terms, trend }, seed) => {
      const design = buildDesign({ moments, terms, trend });
      const data = stanData(design, values);
      const { point } = fitted(fitProphet(design, { values }));
      const best = logPosterior(data, point);
      const random = seededRandom(seed);
      for (const size of [1e-2, 1e-3, 1e-4])
        for (let neighbour = 0; neighbour < 10; neighbour++)
          expect(
            logPosterior(
              data,
              moved(point, () => size * random.normal()),
            ),
          ).toBeLessThanOrEqual(best + 1e-7);
    }),
    { seed: 1, numRuns: 30 },
  );
});

function moved({ k, m, delta, beta, sigma }: StanPoint, by: () => number): StanPoint {
  return {
    k: k + by(),
    m: m + by(),
    delta: delta.map((change) => change + by()),
    beta: beta.map((effect) => effect + by()),
    sigma: sigma * Math.exp(by()),
  };
}

function fitted(result: ReturnType<typeof fitProphet>): ProphetFit {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const instants = (rows: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => START_MS + row * HOUR_MS);
const twin = { kind: "season", periodMs: 24 * HOUR_MS, order: 3, mode: "additive", priorScale: 10 } as const;
const twins: Term[] = ["one", "other"].map((name) => ({ ...twin, name }));

describe.each([
  ["two values", 2, (row: number) => row],
  ["fewer values than columns", 9, (row: number) => (row * 7) % 5],
  ["all the same", 100, () => 3],
  ["all zero", 100, () => 0],
  ["one spike", 100, (row: number) => (row === 50 ? 1 : 0)],
  ["no noise at all", 100, (row: number) => Math.sin((2 * Math.PI * row) / 24) + row / 100],
  ["huge", 100, (row: number) => 1e15 * (1 + Math.sin(row))],
  ["tiny", 100, (row: number) => 1e-15 * (1 + Math.sin(row))],
] as const)("%s", (_, rows, value) => {
  test.each(["linear", "flat"] as const)("a %s trend and a season twice over give numbers", (growth) => {
    const trend = { ...TREND_SETTING, growth };
    const design = buildDesign({ moments: { instants: instants(rows), tickMs: 0 }, terms: twins, trend });
    const values = Float64Array.from({ length: rows }, (_, row) => value(row));
    const { point } = fitted(fitProphet(design, { values }));
    const numbers = [point.k, point.m, point.sigma, ...point.delta, ...point.beta];
    expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);
    expect(point.sigma).toBeGreaterThan(0);
  });
});

test("a series that never moves is its level and nothing else, as in Prophet", () => {
  const design = buildDesign({ moments: { instants: instants(50), tickMs: 0 }, terms: twins, trend: TREND_SETTING });
  const { point, scale } = fitted(fitProphet(design, { values: new Float64Array(50).fill(4) }));
  expect(scale).toBe(4);
  expect(point).toMatchObject({ k: 0, m: 1, sigma: 1e-9 });
  expect([...point.beta, ...point.delta].every((number) => number === 0)).toBe(true);
});
