// What calibration adds to an ensemble for one series and one group of windows, so that the levels mean what they say.
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { putInOrder } from "./put-in-order.ts";

/**
 * Part of a row's width that a whole lesson moves the median by, if all of it is missed. Up to 0.03 nothing is lost and the
 * levels above the median are kept within a point; 0.08 loses 2 % a day ahead (first half of Bitbrains 2013-7).
 */
const STEP = 0.02;
/** Tails are longer and missed more rarely: they move by more. */
const REACH = QUANTILE_LEVELS.map((level) => 0.5 / Math.sqrt(level * (1 - level)));
/** A level that is met exactly is no miss, whatever rounding did. */
const EXACTLY = 1 + 1e-9;
const [LOW, HIGH] = [levelIndex(0.05), levelIndex(0.975)];

export interface Outcome {
  /** The mixture's own row. */
  readonly said: ArrayLike<number>;
  readonly actual: number;
  /** Part of its lesson, 0..1: windows that are alike share a step. */
  readonly share: number;
}

/**
 * Adaptive conformal inference as quantile tracking (Gibbs & Candès, NeurIPS 2021; Angelopoulos, Candès & Tibshirani,
 * NeurIPS 2023): a miss lifts a level by step x q, a hit lowers it by step x (1 - q). Steps are parts of how wide the row
 * is, so that one that is sure of itself is moved by little. `corrections` [level], in such widths, is changed.
 */
export function trackCoverage(corrections: Float64Array, { said, actual, share }: Outcome): void {
  const width = widthOf(said);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const correction = corrections[level] as number;
    const missed = actual > EXACTLY * notBelowZero((said[level] as number) + width * correction) ? 1 : 0;
    const step = STEP * share * (REACH[level] as number);
    corrections[level] = correction + step * (missed - (1 - (QUANTILE_LEVELS[level] as number)));
  }
}

/** Moves a row by its corrections; it stays ascending and >= 0. */
export function correctRow(row: Float64Array, corrections: Float64Array): void {
  const width = widthOf(row);
  for (let level = 0; level < LEVEL_COUNT; level++)
    row[level] = notBelowZero((row[level] as number) + width * (corrections[level] as number));
  putInOrder(row);
}

function widthOf(row: ArrayLike<number>): number {
  return (row[HIGH] as number) - (row[LOW] as number);
}

function notBelowZero(value: number): number {
  return value < 0 ? 0 : value;
}
