// Quantiles of samples at the levels of a forecast.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";

/** Fewer say nothing about a tail. */
const SAMPLES_MIN = 8;

/**
 * [level] of the known samples, ascending, by linear interpolation between order statistics (type 7 of Hyndman & Fan
 * 1996); all NaN when fewer than 8 are known. Reorders `samples`. Only the order statistics that are asked for are put
 * in their places, by Hoare's selection (Communications of the ACM 4, 1961): a third of the time of sorting.
 */
export function empiricalQuantiles(samples: Float64Array): Float64Array {
  const quantiles = new Float64Array(LEVEL_COUNT).fill(Number.NaN);
  const known = knownFirst(samples);
  if (known < SAMPLES_MIN) return quantiles;
  const last = known - 1;
  placeRanks(samples, { from: 0, to: last, firstLevel: 0, lastLevel: LEVEL_COUNT - 1, last });
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const position = (QUANTILE_LEVELS[level] as number) * last;
    const below = Math.floor(position);
    const lower = samples[below] as number;
    const upper = samples[Math.min(below + 1, last)] as number;
    quantiles[level] = lower + (position - below) * (upper - lower);
  }
  return quantiles;
}

interface Ranks {
  /** The part of the samples that holds the ranks of these levels. */
  readonly from: number;
  readonly to: number;
  readonly firstLevel: number;
  readonly lastLevel: number;
  /** Of all samples. */
  readonly last: number;
}

/** The middle level first: what is left and right of it is then looked for in a part of the samples only. */
function placeRanks(samples: Float64Array, { from, to, firstLevel, lastLevel, last }: Ranks): void {
  if (firstLevel > lastLevel) return;
  const middle = (firstLevel + lastLevel) >> 1;
  const below = Math.floor((QUANTILE_LEVELS[middle] as number) * last);
  const above = Math.min(below + 1, last);
  place(samples, { from, to, rank: below });
  place(samples, { from: below + 1, to, rank: above });
  placeRanks(samples, { from, to: below, firstLevel, lastLevel: middle - 1, last });
  placeRanks(samples, { from: above, to, firstLevel: middle + 1, lastLevel, last });
}

/** Moves what is unknown to the end; returns how many are known. */
function knownFirst(samples: Float64Array): number {
  let known = 0;
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index] as number;
    if (!Number.isNaN(sample)) samples[known++] = sample;
  }
  return known;
}

/** Reorders [from, to] so that the sample of that rank is where sorting would put it, no larger one before it. */
function place(samples: Float64Array, range: { from: number; to: number; rank: number }): void {
  let { from, to } = range;
  while (from < to) {
    const { left, right } = parted(samples, from, to);
    // What lies between them equals the pivot, and is in its place.
    if (range.rank <= right) to = right;
    else if (range.rank >= left) from = left;
    else return;
  }
}

/** Up to `right` nothing above a pivot, from `left` on nothing below it. */
function parted(samples: Float64Array, from: number, to: number): { left: number; right: number } {
  const pivot = medianOfThree(samples[from] as number, samples[(from + to) >> 1] as number, samples[to] as number);
  let left = from;
  let right = to;
  while (left <= right) {
    while ((samples[left] as number) < pivot) left++;
    while ((samples[right] as number) > pivot) right--;
    if (left <= right) swap(samples, left++, right--);
  }
  return { left, right };
}

function swap(samples: Float64Array, left: number, right: number): void {
  const kept = samples[left] as number;
  samples[left] = samples[right] as number;
  samples[right] = kept;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
