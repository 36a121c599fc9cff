// A sum of whole numbers that may grow beyond what a number holds to the last digit: plain while it is small, since there are many.
import { assert } from "../model/result.ts";

export interface ExactSum {
  /** Whole, and small enough to be exact. */
  low: number;
  high: bigint;
}

const FULL = 2 ** 52;

export function emptySum(): ExactSum {
  return { low: 0, high: 0n };
}

/** `value`: whole, below 2^52 in size. */
export function addTo(sum: ExactSum, value: number): void {
  // No sentence is made where there is nothing to say: this runs a hundred million times a month.
  if (!Number.isInteger(value) || Math.abs(value) >= FULL)
    assert(false, `quantities are whole numbers below 2^52, got ${value}`);
  sum.low += value;
  if (Math.abs(sum.low) < FULL) return;
  sum.high += BigInt(sum.low);
  sum.low = 0;
}

export function exactValue({ low, high }: ExactSum): bigint {
  return high + BigInt(low);
}
