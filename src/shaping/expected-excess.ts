// What a VM is expected to need beyond its allocation, read off its quantiles; sums over a host's VMs are what its buffer is for.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";

/** Probability between neighbouring levels, the first from 0 and the last up to 1. */
const MASSES = [...QUANTILE_LEVELS, 1].map((level, index) => level - (QUANTILE_LEVELS[index - 1] ?? 0));
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
  let from = 0;
  for (let level = 0; level <= LEVEL_COUNT; level++) {
    const to =
      level < LEVEL_COUNT
        ? (quantiles[at + level] as number)
        : (quantiles[at + LEVEL_COUNT - 1] as number) * BEYOND_LAST;
    const excess = (from + to) / 2 - allocation;
    if (excess > 0) {
      const mass = MASSES[level] as number;
      mean += mass * excess;
      square += mass * excess * excess;
    }
    from = to;
  }
  sum.mean += mean;
  sum.variance += Math.max(square - mean * mean, 0);
}
