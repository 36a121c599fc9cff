// For experts that name one number: how wrong they were lately, on the log scale, turns the number into quantiles.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { addError, createErrorRing, type ErrorRing, writeErrorQuantiles } from "./error-ring.ts";
import type { QuantileRow } from "./fill-quantiles.ts";
import { isRefreshDue, type Moment } from "./season-ticks.ts";

export interface ErrorQuantiles {
  /** A row is one number of one series. */
  readonly errors: ErrorRing;
  /** [row x level] */
  readonly quantiles: Float32Array;
  /** [row] what was expected for the next tick, log scale. */
  readonly expected: Float32Array;
}

export function createErrorQuantiles(size: { rows: number; length: number }): ErrorQuantiles {
  return {
    errors: createErrorRing(size),
    quantiles: new Float32Array(size.rows * LEVEL_COUNT),
    expected: new Float32Array(size.rows),
  };
}

export interface Expectation {
  readonly row: number;
  /** Log scale. */
  readonly expected: number;
}

/** Writes expected + quantiles of its past errors, never below zero. */
export function writeExpectation(
  state: ErrorQuantiles,
  given: { expectation: Expectation; moment: Moment },
  opinions: QuantileRow,
): void {
  const { row, expected } = given.expectation;
  if (isRefreshDue(given.moment, given.moment.season.hour))
    writeErrorQuantiles(state.errors, { first: row, end: row + 1 }, { values: state.quantiles, at: row * LEVEL_COUNT });
  state.expected[row] = expected;
  const first = row * LEVEL_COUNT;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const value = expected + (state.quantiles[first + level] as number);
    opinions.values[opinions.at + level] = value < 0 ? 0 : value;
  }
}

/** `actual` on the scale of the last expectation. */
export function rememberError(state: ErrorQuantiles, row: number, actual: number): void {
  addError(state.errors, row, actual - (state.expected[row] as number));
}
