// From the mean of the last hour up to the largest value of the last two hours: what a careful operator looks at.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import type { QuantileRow } from "./fill-quantiles.ts";
import { toLogScale } from "./log-scale.ts";
import { type Moment, valueBefore } from "./season-ticks.ts";

/** The largest recent value is quoted as this level; above it the line goes on, up to 15 % beyond the range. */
const LARGEST_AT = 0.95;
const BEYOND_MAX = 1.15;

export function writeRecentRangeOpinion(moment: Moment, opinions: QuantileRow): void {
  const { season, samples, scale } = moment;
  const hour = Math.min(samples, season.hour);
  let sum = 0;
  let largest = 0;
  for (let back = Math.min(samples, 2 * season.hour); back >= 1; back--) {
    const value = valueBefore(moment, back);
    if (back <= hour) sum += value;
    if (value > largest) largest = value;
  }
  const mean = toLogScale(sum / hour, scale);
  const range = toLogScale(largest, scale) - mean;
  for (let level = 0; level < LEVEL_COUNT; level++)
    opinions.values[opinions.at + level] =
      mean * (SHARES_BELOW[level] as number) + range * (SHARES_ABOVE[level] as number);
}

/** Below the median a share of the mean, falling in a line to 0.4 of it; from the median on all of it. */
const SHARES_BELOW = QUANTILE_LEVELS.map((level) => (level >= 0.5 ? 1 : 0.4 + 1.2 * level));
const SHARES_ABOVE = QUANTILE_LEVELS.map((level) =>
  level < 0.5 ? 0 : Math.min(BEYOND_MAX, (level - 0.5) / (LARGEST_AT - 0.5)),
);
