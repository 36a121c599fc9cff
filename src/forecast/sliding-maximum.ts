// The largest of the last w samples, for several windows w at once, out of one queue: no sample is ever compared twice.
import { assert } from "../model/result.ts";

export interface SlidingMaximum {
  /** NaN is no sample: nothing changes, nothing ages. */
  observe(value: number): void;
  /** `maxima[k]` over the last `windows[k]` samples (fewer at the start); -Infinity before the first sample. */
  maxima(maxima: Float64Array): void;
}

/**
 * The monotonic queue of the ascending minima algorithm (R. Harter, 2001): keeps only samples that no later one
 * reaches, so they fall from old to new. `windows` in samples, each >= 1, ascending. O(1) amortised a sample, O(windows
 * + queue) a reading; the queue of a series that does not fall for days is a handful long.
 */
export function slidingMaximum(windows: readonly number[]): SlidingMaximum {
  const longest = windows.at(-1) ?? 0;
  const ascend = windows.every((window, index) => Number.isInteger(window) && window >= (windows[index - 1] ?? 1));
  assert(longest >= 1 && ascend, `windows are whole numbers of samples, from the shortest on, got ${windows}`);
  const values = new Float64Array(longest);
  const positions = new Float64Array(longest);
  let head = 0;
  let count = 0;
  let seen = 0;
  const slot = (index: number): number => (head + index < longest ? head + index : head + index - longest);

  const observe = (value: number): void => {
    if (Number.isNaN(value)) return;
    while (count > 0 && (values[slot(count - 1)] as number) <= value) count--;
    if (count > 0 && (positions[head] as number) <= seen - longest) {
      head = slot(1);
      count--;
    }
    values[slot(count)] = value;
    positions[slot(count)] = seen;
    count++;
    seen++;
  };

  const maxima = (into: Float64Array): void => {
    let oldest = count - 1;
    for (let index = 0; index < windows.length; index++) {
      const from = seen - (windows[index] as number);
      while (oldest > 0 && (positions[slot(oldest - 1)] as number) >= from) oldest--;
      into[index] = count === 0 ? Number.NEGATIVE_INFINITY : (values[slot(oldest)] as number);
    }
  };
  return { observe, maxima };
}
