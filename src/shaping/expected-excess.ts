// What a VM is expected to need beyond its allocation, read off its quantiles; sums over a host's VMs are what its buffer is for.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";

/** Probability between neighbouring levels, the first from 0 and the last up to 1. */
export const MASSES: readonly number[] = [...QUANTILE_LEVELS, 1].map(
  (level, index) => level - (QUANTILE_LEVELS[index - 1] ?? 0),
);
/** Beyond the last level demand is taken to lie within half as much again. */
const BEYOND_LAST = 1.5;

/** Of (demand - allocation)+ for one VM and resource; add means and variances over VMs that do not move together. */
export interface ExcessMoments {
  mean: number;
  variance: number;
}

/** Adds the moments of one series to `sum`. Each stretch between levels counts with its middle. */
export function addExcess(
  sum: ExcessMoments,
  series: { quantiles: Float64Array; at: number; allocation: number },
): void {
  const { quantiles, at, allocation } = series;
  let mean = 0;
  let square = 0;
  for (let stretch = 0; stretch <= LEVEL_COUNT; stretch++) {
    const excess = middleOf(quantiles, at, stretch) - allocation;
    if (excess > 0) {
      const mass = MASSES[stretch] as number;
      mean += mass * excess;
      square += mass * excess * excess;
    }
  }
  sum.mean += mean;
  sum.variance += Math.max(square - mean * mean, 0);
}

/** Middle of the stretch below a level; stretch LEVEL_COUNT is what lies beyond the last. */
export function middleOf(quantiles: Float64Array, at: number, stretch: number): number {
  const from = stretch > 0 ? (quantiles[at + stretch - 1] as number) : 0;
  const to = stretch < LEVEL_COUNT ? (quantiles[at + stretch] as number) : from * BEYOND_LAST;
  return (from + to) / 2;
}
