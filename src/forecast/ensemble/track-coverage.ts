// What calibration adds to an ensemble for one series and one group of windows, so that the levels mean what they say.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { fromLogScale, toLogScale } from "../log-scale.ts";

export interface Outcome {
  readonly actual: number;
  /** The mixture's own row. */
  readonly said: ArrayLike<number>;
}

const STEP = 0.003;

/**
 * [level] on the log scale of the series. Adaptive conformal inference as quantile tracking (Gibbs & Candès, NeurIPS 2021;
 * Angelopoulos, Candès & Tibshirani, NeurIPS 2023): a miss lifts a level by step x q, a hit lowers it by step x (1 - q).
 * `outcomes` from old to new.
 */
export function trackCoverage(outcomes: readonly Outcome[], scale: number): Float64Array {
  const corrections = new Float64Array(LEVEL_COUNT);
  for (const { actual, said } of outcomes) {
    if (Number.isNaN(actual) || Number.isNaN(said[0] as number)) continue;
    const came = toLogScale(actual, scale);
    for (let level = 0; level < LEVEL_COUNT; level++) {
      const correction = corrections[level] as number;
      const missed = came > Math.max(0, toLogScale(said[level] as number, scale) + correction) ? 1 : 0;
      corrections[level] = correction + STEP * (missed - (1 - (QUANTILE_LEVELS[level] as number)));
    }
  }
  return corrections;
}

/** Moves a row by its corrections; it stays ascending and >= 0. */
export function correctRow(row: Float64Array, corrections: Float64Array, scale: number): void {
  let below = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const value = toLogScale(row[level] as number, scale) + (corrections[level] as number);
    const corrected = fromLogScale(value, scale);
    below = corrected < below ? below : corrected;
    row[level] = below;
  }
}
