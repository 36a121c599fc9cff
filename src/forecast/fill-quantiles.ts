// Empirical quantiles of values that lie in a scratch array.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";

/** LEVEL_COUNT numbers from `at` on. */
export interface QuantileRow {
  readonly values: Float32Array;
  readonly at: number;
}

/** Sorts the first `count` values of `scratch` and writes their empirical quantile at every level. `count` > 0, no NaN. */
export function fillQuantiles(
  scratch: Float32Array,
  count: number,
  target: QuantileRow | { readonly values: Float64Array; readonly at: number },
): void {
  const bits = new Int32Array(scratch.buffer, scratch.byteOffset, count);
  flipNegatives(bits);
  bits.sort();
  flipNegatives(bits);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const rank = Math.min(count - 1, Math.floor((QUANTILE_LEVELS[level] as number) * count));
    target.values[target.at + level] = scratch[rank] as number;
  }
}

/** Makes the bits of floats sort as integers do, and back: sorting integers takes less than half the time. */
function flipNegatives(bits: Int32Array): void {
  for (let index = 0; index < bits.length; index++) {
    const value = bits[index] as number;
    if (value < 0) bits[index] = value ^ 0x7fffffff;
  }
}
