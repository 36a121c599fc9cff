// A forecast is a row of quantiles that never cross, for one series or for many at once.
import { assert } from "./result.ts";
import type { Instant } from "./time.ts";

/** Levels of every forecast, ascending. The upper ones are dense because capacity is bought there. */
export const QUANTILE_LEVELS = [0.05, 0.1, 0.25, 0.5, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.998] as const;
export const LEVEL_COUNT = QUANTILE_LEVELS.length;
export type QuantileLevel = (typeof QUANTILE_LEVELS)[number];

/** Demand in the next tick for every series of a cell (series = VM index x 4 + resource index). */
export interface ForecastBatch {
  /** When it was made: it knows samples before this instant only. */
  readonly origin: Instant;
  /** [series x level], base units, ascending within a series. NaN in a whole row: too little is known to say anything. */
  readonly quantiles: Float64Array;
}

export function levelIndex(level: QuantileLevel): number {
  return QUANTILE_LEVELS.indexOf(level);
}

/**
 * Value at any level of one ascending row: linear between levels, flat below the first;
 * above the last it goes on along the slope of the last two levels in -log(1 - level), as an exponential tail would.
 */
export function quantileAt(row: ArrayLike<number>, level: number): number {
  assert(row.length === LEVEL_COUNT, `a forecast has ${LEVEL_COUNT} quantiles, got ${row.length}`);
  let upper = 1;
  while (upper < LEVEL_COUNT - 1 && (QUANTILE_LEVELS[upper] ?? 1) < level) upper++;
  const [from, to] = [QUANTILE_LEVELS[upper - 1] ?? 0, QUANTILE_LEVELS[upper] ?? 1];
  const [low, high] = [row[upper - 1] ?? Number.NaN, row[upper] ?? Number.NaN];
  if (level <= from) return low;
  if (level <= to) return low + ((level - from) / (to - from)) * (high - low);
  return high + ((rarity(level) - rarity(to)) / (rarity(to) - rarity(from))) * (high - low);
}

/** What a quantile costs that came out too low by `above`, or too high by `-above`: q for each unit of the one, 1 - q of the other. */
export function pinballLoss(level: number, above: number): number {
  return above > 0 ? level * above : (level - 1) * above;
}

/** -log(1 - level): equal steps make an exceedance rarer by equal factors. */
export function rarity(level: number): number {
  return -Math.log(1 - level);
}
