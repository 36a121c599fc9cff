// For experts that name one number: how wrong they were lately, on the log scale, turns the number into quantiles.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { copyStretch, createRecentWindow, fillQuantiles, type RecentWindow } from "./recent-window.ts";
import { isRefreshDue, type Moment } from "./season-ticks.ts";

export interface ErrorQuantiles {
  /** [row x length] ring of errors; a row is one number of one series. */
  readonly errors: RecentWindow;
  readonly counts: Int32Array;
  /** [row x level] */
  readonly quantiles: Float64Array;
  /** [row] what was expected for the next tick, log scale. */
  readonly expected: Float64Array;
  readonly scratch: Float32Array;
}

export function createErrorQuantiles(size: { rows: number; length: number }): ErrorQuantiles {
  return {
    errors: createRecentWindow({ seriesCount: size.rows, length: size.length }),
    counts: new Int32Array(size.rows),
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
  const { errors, counts } = state;
  const count = counts[row] as number;
  errors.values[row * errors.length + (count % errors.length)] = actual - (state.expected[row] as number);
  counts[row] = count + 1;
}

function refresh(state: ErrorQuantiles, row: number): void {
  const known = Math.min(state.counts[row] as number, state.errors.length);
  if (known === 0) return;
  copyStretch(state.errors, { series: row, end: known, count: known }, { values: state.scratch, at: 0 });
  fillQuantiles(state.scratch, known, { values: state.quantiles, at: row * LEVEL_COUNT });
}
