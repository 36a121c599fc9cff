// Rings of the last values of many series, and empirical quantiles over parts of them.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";

export interface RecentWindow {
  readonly length: number;
  /** [series x length]; the value of tick t lies at t modulo length. Single precision: 7 digits are more than any meter has. */
  readonly values: Float32Array;
}

export function createRecentWindow(size: { seriesCount: number; length: number }): RecentWindow {
  return { length: size.length, values: new Float32Array(size.seriesCount * size.length) };
}

/** A part of one series: `count` ticks ending before tick `end`. The caller keeps within what was written. */
export interface Stretch {
  readonly series: number;
  readonly end: number;
  readonly count: number;
}

/** Copies a stretch to `target` from `at` on; returns the position after it. */
export function copyStretch(
  window: RecentWindow,
  stretch: Stretch,
  target: { values: Float32Array; at: number },
): number {
  const start = stretch.series * window.length;
  const from = (((stretch.end - stretch.count) % window.length) + window.length) % window.length;
  const untilWrap = Math.min(stretch.count, window.length - from);
  target.values.set(window.values.subarray(start + from, start + from + untilWrap), target.at);
  target.values.set(window.values.subarray(start, start + stretch.count - untilWrap), target.at + untilWrap);
  return target.at + stretch.count;
}

/** Sorts the first `count` values of `scratch` and writes their empirical quantile at every level. `count` > 0, no NaN. */
export function fillQuantiles(
  scratch: Float32Array,
  count: number,
  target: { values: Float64Array; at: number },
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
