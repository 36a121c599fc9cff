// Mean and variance of a forecast, read off its quantiles: flat below the first level, straight between levels, an exponential
// tail beyond the last, as `quantileAt` reads a row.
import { LEVEL_COUNT, QUANTILE_LEVELS, rarity } from "../../model/forecast.ts";

const LAST = LEVEL_COUNT - 1;
const TAIL = 1 - (QUANTILE_LEVELS[LAST] as number);
const TAIL_RARITY = rarity(QUANTILE_LEVELS[LAST] as number) - rarity(QUANTILE_LEVELS[LAST - 1] as number);

/** [level] The mean is a weighted sum of the quantiles: what holds for sums of rows holds for their means. */
const MEAN_WEIGHTS = meanWeights();

export interface Row {
  readonly values: ArrayLike<number>;
  readonly at: number;
}

export function meanOf({ values, at }: Row): number {
  let mean = 0;
  for (let level = 0; level < LEVEL_COUNT; level++)
    mean += (MEAN_WEIGHTS[level] as number) * (values[at + level] as number);
  return mean;
}

export function varianceOf(row: Row): number {
  const { values, at } = row;
  const [first, last] = [values[at] as number, values[at + LAST] as number];
  let square = (QUANTILE_LEVELS[0] as number) * first * first;
  for (let level = 0; level < LAST; level++) {
    const [low, high] = [values[at + level] as number, values[at + level + 1] as number];
    square += (widthAt(level) * (low * low + low * high + high * high)) / 3;
  }
  const slope = (last - (values[at + LAST - 1] as number)) / TAIL_RARITY;
  square += TAIL * ((last + slope) ** 2 + slope * slope);
  return Math.max(square - meanOf(row) ** 2, 0);
}

/** From a level to the next. */
function widthAt(level: number): number {
  return (QUANTILE_LEVELS[level + 1] as number) - (QUANTILE_LEVELS[level] as number);
}

function meanWeights(): Float64Array {
  const weights = new Float64Array(LEVEL_COUNT);
  const add = (level: number, weight: number) => {
    weights[level] = (weights[level] as number) + weight;
  };
  add(0, QUANTILE_LEVELS[0] as number);
  for (let level = 0; level < LAST; level++) for (const end of [level, level + 1]) add(end, widthAt(level) / 2);
  add(LAST, TAIL + TAIL / TAIL_RARITY);
  add(LAST - 1, -TAIL / TAIL_RARITY);
  return weights;
}
