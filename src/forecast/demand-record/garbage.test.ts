import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { HOUR_MS } from "../../model/time.ts";
import { type FedTick, fedEngine } from "./fed-engine.arbitrary.ts";
import { knowledgeOf } from "./knowledge.ts";
import { strikeOut } from "./late-samples.ts";

const anyNumber = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
  { weight: 1, arbitrary: fc.double() },
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 1e-300, -1, 1e12),
);
const declaredRow = fc
  .array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: LEVEL_COUNT, maxLength: LEVEL_COUNT })
  .map((row) => row.toSorted((a, b) => a - b));
const row = fc.oneof(declaredRow, fc.constant(new Array<number>(LEVEL_COUNT).fill(Number.NaN)));

const anyTick: fc.Arbitrary<FedTick> = fc.record(
  {
    demand: anyNumber,
    marks: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 31 })),
    size: fc.oneof({ weight: 3, arbitrary: fc.constant(4) }, anyNumber),
    late: fc.array(fc.record({ ticksAgo: fc.integer({ min: -2, max: 30 }), demand: anyNumber }), { maxLength: 3 }),
    prior: fc.record({ row, weight: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { requiredKeys: ["demand"] },
);
const anyTicks = fc.array(anyTick, { minLength: 1, maxLength: 120 });

const forecastsOf = (ticks: readonly FedTick[]) => {
  const { engine, see } = fedEngine({ stepMs: HOUR_MS });
  return { engine, rows: ticks.map(see) };
};

test("whatever a source says: a row is unknown as a whole, or it ascends, is finite and not negative", () => {
  fc.assert(
    fc.property(anyTicks, (ticks) => {
      for (const quantiles of forecastsOf(ticks).rows) {
        if (quantiles.every(Number.isNaN)) continue;
        expect(quantiles.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
        expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("what is known can always be told, its parts sum to 1 or to 0, and no tick is counted twice", () => {
  fc.assert(
    fc.property(anyTicks, fc.integer({ min: -5, max: 130 }), fc.nat({ max: 60 }), (ticks, from, length) => {
      const { engine, rows } = forecastsOf(ticks);
      strikeOut(engine, { series: 0, from, to: from + length });
      const { parts, counts, sentence } = knowledgeOf(engine, 0);
      const sum = parts.prior + parts.statistics + parts.network;
      expect(Math.min(Math.abs(sum - 1), Math.abs(sum))).toBeLessThan(1e-6);
      expect(sentence).toMatch(/^[A-Z0-9].*[^;:,]\.$/);
      const kinds = [counts.ok, counts.censored, counts.missing, counts.off, counts.excluded].reduce((a, b) => a + b);
      expect(kinds).toBeLessThanOrEqual(rows.length);
      expect(counts.ok + counts.censored).toBeLessThanOrEqual(engine.samples[0] ?? 0);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("equal samples give equal bits, and what comes later changes no earlier forecast", () => {
  fc.assert(
    fc.property(anyTicks, anyTicks, anyTicks, (past, future, other) => {
      const known = forecastsOf([...past, ...future]).rows;
      expect(forecastsOf([...past, ...future]).rows).toEqual(known);
      expect(forecastsOf([...past, ...other]).rows.slice(0, past.length)).toEqual(known.slice(0, past.length));
    }),
    { seed: 1, numRuns: 50 },
  );
});
