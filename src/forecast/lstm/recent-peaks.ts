// How large windows of one length were lately: quantiles of their peaks over the last day and the last week.
// They move slowly: whoever serves many series keeps them for an hour.
import { copyDemandBits } from "../demand-history.ts";
import type { Moment } from "../season-ticks.ts";

const LEVELS = [0.05, 0.25, 0.5, 0.8, 0.95, 0.99] as const;
export const PEAK_QUANTILES = LEVELS.length;
export const MEDIAN_OF_DAY = 2;
/** Of the last day, then of the last week. */
export const RECENT_PEAKS = 2 * PEAK_QUANTILES;

export interface RecentPeaks {
  /** [RECENT_PEAKS], base units. */
  readonly quantiles: Float32Array;
}

const valueBits = new Int32Array(20_160);
const peaks = new Float32Array(20_160);
const peakBits = new Int32Array(peaks.buffer);

/** `ticks`: the length of the windows. At least one sample is known. */
export function recentPeaks(moment: Moment, ticks: number): RecentPeaks {
  const { season } = moment;
  const quantiles = new Float32Array(RECENT_PEAKS);
  const day = collect(moment, { ticks, span: season.day, stride: 1 });
  writeAtLevels(sortNumbers(peaks, day), { values: quantiles, at: 0 });
  // A stride without a common divisor with the hour meets every minute of it.
  const week = collect(moment, { ticks, span: season.week, stride: season.hour + 1 });
  writeAtLevels(sortNumbers(peaks, week), { values: quantiles, at: PEAK_QUANTILES });
  return { quantiles };
}

function collect(moment: Moment, given: { ticks: number; span: number; stride: number }): number {
  const { series, next, samples, history } = moment;
  const count = Math.min(samples, given.span);
  const ticks = Math.min(given.ticks, count);
  copyDemandBits(history, { series, end: next, count }, { bits: valueBits, at: 0 });
  let found = 0;
  for (let start = count - ticks; start >= 0; start -= given.stride) {
    let peak = valueBits[start] as number;
    for (let tick = 1; tick < ticks; tick++) {
      const value = valueBits[start + tick] as number;
      if (value > peak) peak = value;
    }
    peakBits[found++] = peak;
  }
  return found;
}

/** Sorts the first `count` numbers >= 0: their bits sort as integers do, which takes less than half the time. */
export function sortNumbers(numbers: Float32Array, count: number): Float32Array {
  new Int32Array(numbers.buffer, numbers.byteOffset, count).sort();
  return numbers.subarray(0, count);
}

export function writeAtLevels(sorted: Float32Array, target: { values: Float32Array; at: number }): void {
  for (let each = 0; each < PEAK_QUANTILES; each++) {
    const rank = Math.min(sorted.length - 1, Math.floor((LEVELS[each] as number) * sorted.length));
    target.values[target.at + each] = sorted[rank] as number;
  }
}
