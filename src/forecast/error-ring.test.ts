import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { addError, createErrorRing, type ErrorRing, writeErrorQuantiles } from "./error-ring.ts";
import { naiveQuantile } from "./moment.arbitrary.ts";

function quantilesOf(ring: ErrorRing, rows: { first: number; end: number }): number[] | undefined {
  const target = { values: new Float32Array(LEVEL_COUNT + 1).fill(77), at: 1 };
  writeErrorQuantiles(ring, rows, target);
  expect(target.values[0]).toBe(77);
  return target.values[1] === 77 ? undefined : [...target.values.subarray(1)];
}

/** Codes are cubes of 127ths of the range: from one to the next, a little generously. */
const codeWidthAt = (error: number) => 2 * (Math.cbrt(Math.abs(error) / 2) + 2 / 127) ** 2 * (3 / 127);

test("the quantiles of the last errors of a row, to a code, and of no others", () => {
  const error = fc.double({ min: -1.9, max: 1.9, noNaN: true });
  fc.assert(
    fc.property(fc.array(error, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (errors, length) => {
      const ring = createErrorRing({ rows: 2, length });
      for (const each of errors) addError(ring, 1, each);
      const said = quantilesOf(ring, { first: 1, end: 2 });
      for (const [index, level] of QUANTILE_LEVELS.entries()) {
        const exact = naiveQuantile(errors.slice(-length), level);
        expect(Math.abs((said?.[index] ?? Number.NaN) - exact)).toBeLessThan(codeWidthAt(exact));
      }
      expect(said).toEqual(said?.toSorted((left, right) => left - right));
      expect(quantilesOf(ring, { first: 0, end: 1 })).toBeUndefined();
      expect(quantilesOf(ring, { first: 0, end: 2 })).toEqual(said);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("the largest of the errors is never quoted too small", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-6, max: 2, noNaN: true }), { minLength: 1, maxLength: 30 }), (errors) => {
      const ring = createErrorRing({ rows: 1, length: 30 });
      for (const each of errors) addError(ring, 0, each);
      expect(quantilesOf(ring, { first: 0, end: 1 })?.at(-1)).toBeGreaterThan(Math.max(...errors) - 1e-4);
    }),
    { seed: 1 },
  );
});

test("errors that are all alike are quoted as they are, to a code", () => {
  const ring = createErrorRing({ rows: 1, length: 40 });
  for (let tick = 0; tick < 40; tick++) addError(ring, 0, tick % 4 === 0 ? 0.75 : -0.01);
  const said = quantilesOf(ring, { first: 0, end: 1 }) ?? [];
  for (const value of said.slice(4)) expect(value).toBeCloseTo(0.76, 1);
  for (const value of said.slice(0, 4)) expect(value).toBeCloseTo(-0.01, 2);
  expect(Math.min(...said.slice(4))).toBeGreaterThanOrEqual(0.75);
});

test("errors beyond the range are held at its end, and none stays none", () => {
  const ring = createErrorRing({ rows: 1, length: 2 });
  addError(ring, 0, 1e9);
  addError(ring, 0, -1e9);
  const said = quantilesOf(ring, { first: 0, end: 1 }) ?? [];
  expect([said[0], said.at(-1)]).toEqual([-2, 2]);
  for (let tick = 0; tick < 2; tick++) addError(ring, 0, 0);
  expect(new Set(quantilesOf(ring, { first: 0, end: 1 }))).toEqual(new Set([0]));
});
