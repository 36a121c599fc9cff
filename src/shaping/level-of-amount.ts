// How likely demand is to stay at or below an amount, read off a row of quantiles: the inverse of `quantileAt`.
import { LEVEL_COUNT, QUANTILE_LEVELS, rarity } from "../model/forecast.ts";

const LAST = LEVEL_COUNT - 1;
const LAST_RARITY = rarity(QUANTILE_LEVELS[LAST] ?? 1);
const TAIL_RARITY = LAST_RARITY - rarity(QUANTILE_LEVELS[LAST - 1] ?? 1);

/**
 * Linear between levels, and from nothing at 0 up to the first. Above the last level the tail falls off exponentially
 * along the slope of the last two levels. Never falls as the amount rises; 1 only where no tail is left.
 */
export function levelOfAmount({ quantiles, at }: { quantiles: Float64Array; at: number }, amount: number): number {
  let upper = 0;
  while (upper < LEVEL_COUNT && (quantiles[at + upper] as number) <= amount) upper++;
  if (upper === LEVEL_COUNT) return levelInTail(quantiles, at, amount);
  const high = quantiles[at + upper] as number;
  const low = upper > 0 ? (quantiles[at + upper - 1] as number) : 0;
  const from = upper > 0 ? (QUANTILE_LEVELS[upper - 1] as number) : 0;
  const share = Math.max((amount - low) / (high - low), 0);
  return from + share * ((QUANTILE_LEVELS[upper] as number) - from);
}

function levelInTail(quantiles: Float64Array, at: number, amount: number): number {
  const last = quantiles[at + LAST] as number;
  const slope = (last - (quantiles[at + LAST - 1] as number)) / TAIL_RARITY;
  if (slope <= 0) return amount > last ? 1 : (QUANTILE_LEVELS[LAST] as number);
  return 1 - Math.exp(-(LAST_RARITY + (amount - last) / slope));
}
