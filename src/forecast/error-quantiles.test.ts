import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { HOUR_MS } from "../model/time.ts";
import { createErrorQuantiles, rememberError, writeExpectation } from "./error-quantiles.ts";
import { momentAfter, naiveQuantile } from "./moment.arbitrary.ts";

const moment = momentAfter([1], { stepMs: HOUR_MS });

function said(
  state: ReturnType<typeof createErrorQuantiles>,
  expectation: { row: number; expected: number },
): number[] {
  const opinions = { values: new Float32Array(LEVEL_COUNT + 1).fill(-9), at: 1 };
  writeExpectation(state, { expectation, moment }, opinions);
  expect(opinions.values[0]).toBe(-9);
  return [...opinions.values.subarray(1)];
}

test("without errors known, all quantiles are what is expected", () => {
  const state = createErrorQuantiles({ rows: 2, length: 4 });
  expect(said(state, { row: 1, expected: 0.5 })).toEqual(QUANTILE_LEVELS.map(() => 0.5));
});

test("expected plus the quantiles of the last errors, each row by itself, never below zero", () => {
  const state = createErrorQuantiles({ rows: 2, length: 4 });
  for (const actual of [0.9, 0.25, 0.75, 1, 0]) {
    said(state, { row: 1, expected: 0.5 });
    rememberError(state, 1, actual);
  }
  const lastFour = [-0.25, 0.25, 0.5, -0.5];
  const expected = QUANTILE_LEVELS.map((level) => Math.max(0.25 + naiveQuantile(lastFour, level), 0));
  expect(said(state, { row: 1, expected: 0.25 })).toEqual(expected.map((value) => expect.closeTo(value, 1)));
  expect(said(state, { row: 0, expected: 0.25 })).toEqual(QUANTILE_LEVELS.map(() => 0.25));
});
