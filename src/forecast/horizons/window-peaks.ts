// Peaks of windows that are over: how large windows of one length were lately, and at this time of day.
import { copyDemandBits } from "../demand-history.ts";
import { fillQuantiles, type QuantileRow } from "../fill-quantiles.ts";
import type { Moment } from "../season-ticks.ts";

/** Room for one week of ticks, grown where ticks are short. */
let values = new Float32Array(4_096);
let bits = new Int32Array(values.buffer);
let peaks = new Float32Array(4_096);

/** Windows [start, start + ticks) for starts from `first` to `last` ticks before the moment, `stride` apart. */
export interface PastWindows {
  readonly ticks: number;
  /** first >= last >= ticks. */
  readonly first: number;
  readonly last: number;
  readonly stride: number;
}

/**
 * Appends the peaks of those windows that lie wholly within what is known, base units, to the collection at hand from
 * `found` on; returns how many there are then.
 */
export function collectPeaks(moment: Moment, { ticks, first, last, stride }: PastWindows, found: number): number {
  const { series, next, history, season } = moment;
  const known = Math.min(moment.samples, season.week);
  const from = Math.min(first, known);
  const until = Math.max(last, ticks);
  if (from < until) return found;
  const count = from - until + ticks;
  reserve(Math.max(count, found + count));
  copyDemandBits(history, { series, end: next - until + ticks, count }, { bits, at: 0 });
  let place = found;
  for (let start = 0; start + ticks <= count; start += stride) {
    let peak = values[start] as number;
    for (let tick = start + 1; tick < start + ticks; tick++) {
      const value = values[tick] as number;
      if (value > peak) peak = value;
    }
    peaks[place++] = peak;
  }
  return place;
}

/** The empirical quantiles of the first `found` > 0 peaks at hand. */
export function writePeakQuantiles(found: number, target: QuantileRow): void {
  fillQuantiles(peaks, found, target);
}

function reserve(count: number): void {
  if (count <= values.length) return;
  values = new Float32Array(count);
  bits = new Int32Array(values.buffer);
  const grown = new Float32Array(count);
  grown.set(peaks);
  peaks = grown;
}
