// A histogram that forgets: a sample weighs half after each half-life. Buckets grow with their values, so the error is
// relative.
import { assert } from "../model/result.ts";

/** Bucket n covers [starts[n], starts[n + 1]); the last one has no end. */
export interface Buckets {
  readonly starts: Float64Array;
  indexOf(value: number): number;
}

export interface DecayingHistogram {
  /** One tick passes: everything added so far weighs less. Alone it moves no percentile. */
  age(): void;
  /** Values >= 0; one above the last bucket's start counts as that start. */
  add(value: number): void;
  /** Takes back a value that was added since the last `age`. */
  remove(value: number): void;
  /** `percentiles[k]` = the end of the first bucket up to which `levels[k]` of the weight lies; 0 while empty. */
  percentiles(percentiles: Float64Array): void;
}

/**
 * Bucket n is `first x ratio^n` wide: starts[n] = first x (ratio^n - 1) / (ratio - 1), as in kubernetes/autoscaler,
 * vertical-pod-autoscaler/pkg/recommender/util/histogram_options.go.
 */
export function exponentialBuckets(shape: { first: number; ratio: number; count: number }): Buckets {
  const { first, ratio, count } = shape;
  assert(first > 0 && ratio > 1 && count >= 2, `buckets grow: first ${first}, ratio ${ratio}, count ${count}`);
  const starts = Float64Array.from({ length: count }, (_, n) => (first * (ratio ** n - 1)) / (ratio - 1));
  const scale = (ratio - 1) / first;
  const perLog = 1 / Math.log(ratio);
  const indexOf = (value: number): number => {
    if (!(value >= first)) return 0;
    const near = Math.min(Math.floor(Math.log(value * scale + 1) * perLog), count - 1);
    if (value < (starts[near] as number)) return near - 1;
    return near + 1 < count && value >= (starts[near + 1] as number) ? near + 1 : near;
  };
  return { starts, indexOf };
}

/**
 * Percentiles of samples whose weights halve with each `halfLifeTicks`, as in
 * vertical-pod-autoscaler/pkg/recommender/util (decaying_histogram.go, histogram.go), but every sample starts with the
 * same weight, and a bucket counts however small its weight is. Instead of shrinking all old weights, a new one counts
 * for more; all are scaled back long before they overflow. `levels` ascend within 0..1, both excluded. O(1) a sample,
 * O(buckets in use) a reading.
 */
export function decayingHistogram(setting: {
  buckets: Buckets;
  halfLifeTicks: number;
  levels: readonly number[];
}): DecayingHistogram {
  const { buckets, levels } = setting;
  const count = buckets.starts.length;
  const growth = 2 ** (1 / setting.halfLifeTicks);
  const weights = new Float64Array(count);
  let lowest = count;
  let highest = -1;
  let total = 0;
  let weightNow = 1;

  const age = (): void => {
    weightNow *= growth;
    if (weightNow < WEIGHT_MAX) return;
    for (let bucket = 0; bucket < count; bucket++) weights[bucket] = (weights[bucket] as number) / weightNow;
    total /= weightNow;
    weightNow = 1;
  };
  const change = (bucket: number, weight: number): void => {
    weights[bucket] = Math.max((weights[bucket] as number) + weight, 0);
    total = Math.max(total + weight, 0);
  };
  const add = (value: number): void => {
    const bucket = buckets.indexOf(value);
    change(bucket, weightNow);
    if (bucket < lowest) lowest = bucket;
    if (bucket > highest) highest = bucket;
  };
  const remove = (value: number): void => change(buckets.indexOf(value), -weightNow);

  const percentiles = (into: Float64Array): void => {
    let bucket = lowest;
    let below = highest < 0 ? 0 : (weights[bucket] as number);
    for (let index = 0; index < levels.length; index++) {
      const wanted = (levels[index] as number) * total;
      while (bucket < highest && below < wanted) below += weights[++bucket] as number;
      into[index] = highest < 0 ? 0 : (buckets.starts[Math.min(bucket + 1, count - 1)] as number);
    }
  };
  return { age, add, remove, percentiles };
}

const WEIGHT_MAX = 1e100;
