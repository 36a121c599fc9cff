// The empirical distribution of the last n samples: a ring that knows their order of arrival, and the same samples in
// order of size.
import { assert } from "../model/result.ts";

export interface SlidingQuantiles {
  /** NaN is no sample: nothing changes. */
  observe(value: number): void;
  /**
   * `quantiles[k]` at `levels[k]`, by linear interpolation (type 7 of Hyndman & Fan 1996); 0 before the first sample.
   */
  quantiles(quantiles: Float64Array): void;
}

/**
 * `capacity` in samples, `levels` within 0..1. A sample costs two searches and one move of the samples between the
 * place of the one that leaves and its own.
 */
export function slidingQuantiles(setting: { capacity: number; levels: readonly number[] }): SlidingQuantiles {
  const { capacity, levels } = setting;
  assert(Number.isInteger(capacity) && capacity >= 1, `a window is a whole number of samples, got ${capacity}`);
  const arrived = new Float64Array(capacity);
  const sorted = new Float64Array(capacity);
  let count = 0;
  let next = 0;

  const observe = (value: number): void => {
    if (Number.isNaN(value)) return;
    const full = count === capacity;
    const leaves = full ? placeOf({ sorted, count, value: arrived[next] as number }) : count;
    const enters = placeOf({ sorted, count, value });
    if (enters > leaves) {
      sorted.copyWithin(leaves, leaves + 1, enters);
      sorted[enters - 1] = value;
    } else {
      sorted.copyWithin(enters + 1, enters, leaves);
      sorted[enters] = value;
    }
    if (!full) count++;
    arrived[next] = value;
    next = next + 1 === capacity ? 0 : next + 1;
  };

  const quantiles = (into: Float64Array): void => {
    const last = Math.max(count - 1, 0);
    for (let index = 0; index < levels.length; index++) {
      const position = (levels[index] as number) * last;
      const below = Math.floor(position);
      const lower = sorted[below] as number;
      const upper = sorted[Math.min(below + 1, last)] as number;
      into[index] = lower + (position - below) * (upper - lower);
    }
  };
  return { observe, quantiles };
}

/** How many of the first `count` samples are smaller than `value`. */
function placeOf({ sorted, count, value }: { sorted: Float64Array; count: number; value: number }): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
