// Rings of the last errors of many forecasts on the log scale, a byte each: within ±2, large ones to 3 % of their size,
// small ones to less of the scale.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import type { QuantileRow } from "./fill-quantiles.ts";

export interface ErrorRing {
  readonly length: number;
  /** [row x length] The cube of code / CODE_MAX is the error as a part of LARGEST. */
  readonly codes: Int8Array;
  /** [row] errors ever written. */
  readonly counts: Int32Array;
}

/** A demand 20 times the largest of the week before, out of nothing. */
const LARGEST = 2;
const CODE_MAX = 127;
const CODES = 2 * CODE_MAX + 1;

/** [code + CODE_MAX] */
const ERRORS = Float32Array.from({ length: CODES }, (_, place) => LARGEST * ((place - CODE_MAX) / CODE_MAX) ** 3);

export function createErrorRing(size: { rows: number; length: number }): ErrorRing {
  return { length: size.length, codes: new Int8Array(size.rows * size.length), counts: new Int32Array(size.rows) };
}

/** What is this close to a code is that code: an error of exactly nothing stays nothing. */
const SAME = 1e-3;

/** Rounded up, as too little is worse than too much. */
export function addError({ length, codes, counts }: ErrorRing, row: number, error: number): void {
  const count = counts[row] as number;
  const code = Math.ceil(CODE_MAX * Math.cbrt(error / LARGEST) - SAME);
  codes[row * length + (count % length)] = code > CODE_MAX ? CODE_MAX : code < -CODE_MAX ? -CODE_MAX : code;
  counts[row] = count + 1;
}

/** How often each code was met. */
const tally = new Int32Array(CODES);

/** Writes the empirical quantiles of all errors known of the rows [first, end); where there are none, nothing. */
export function writeErrorQuantiles(
  { length, codes, counts }: ErrorRing,
  rows: { readonly first: number; readonly end: number },
  target: QuantileRow,
): void {
  tally.fill(0);
  let total = 0;
  for (let row = rows.first; row < rows.end; row++) {
    const known = Math.min(counts[row] as number, length);
    total += known;
    for (let place = row * length; place < row * length + known; place++) {
      const slot = (codes[place] as number) + CODE_MAX;
      tally[slot] = (tally[slot] as number) + 1;
    }
  }
  if (total === 0) return;
  let slot = 0;
  let upTo = tally[0] as number;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const rank = Math.min(total - 1, Math.floor((QUANTILE_LEVELS[level] as number) * total));
    while (upTo <= rank) upTo += tally[++slot] as number;
    target.values[target.at + level] = within(slot, (upTo - rank - 1) / (tally[slot] as number));
  }
}

/** `share` 0..1 of the errors of a code lie above. They lie evenly down to the code below, unless nothing is near them. */
function within(slot: number, share: number): number {
  const upper = ERRORS[slot] as number;
  const isAlone = (tally[slot - 1] ?? 0) === 0 && (tally[slot + 1] ?? 0) === 0;
  return isAlone ? upper : upper - share * (upper - (ERRORS[slot - 1] ?? upper));
}
