// For experts that name one number: how wrong they were lately, on the log scale, turns the number into quantiles.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { addError, copyErrors, createErrorRing, type ErrorRing } from "./error-ring.ts";
import { fillQuantiles } from "./fill-quantiles.ts";
import { isRefreshDue, type Moment } from "./season-ticks.ts";

export interface ErrorQuantiles {
  /** A row is one number of one series. */
  readonly errors: ErrorRing;
  /** [row x level] */
  readonly quantiles: Float64Array;
  /** [row] what was expected for the next tick, log scale. */
  readonly expected: Float64Array;
  readonly scratch: Float32Array;
}

export function createErrorQuantiles(size: { rows: number; length: number }): ErrorQuantiles {
  return {
    errors: createErrorRing(size),
    quantiles: new Float64Array(size.rows * LEVEL_COUNT),
    expected: new Float64Array(size.rows),
    scratch: new Float32Array(size.length),
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
  opinions: { values: Float64Array; at: number },
): void {
  const { row, expected } = given.expectation;
  if (isRefreshDue(given.moment, given.moment.season.hour)) refresh(state, row);
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

function refresh(state: ErrorQuantiles, row: number): void {
  const known = copyErrors(state.errors, row, { values: state.scratch, at: 0 });
  if (known === 0) return;
  fillQuantiles(state.scratch, known, { values: state.quantiles, at: row * LEVEL_COUNT });
}
