// One buffer for all VMs of a host: a quantile of their joint excess, at a level that a closed loop keeps honest.
// Two loops, one for how often VMs go short and one for how much demand stays unserved; the more careful one decides.
import { QUANTILE_LEVELS, rarity } from "../model/forecast.ts";

const RARITIES = QUANTILE_LEVELS.map(rarity);
const FIRST_USED = QUANTILE_LEVELS.indexOf(0.5);
const LAST = QUANTILE_LEVELS.length - 1;

/** Levels are asked for by rarity, -log(1 - level): 0.7 is every other tick, 4.6 one tick in 100, 9 one in 8,000. */
export const RARITY_MIN = rarity(0.5);
export const RARITY_MAX = 9;
export const RARITY_AT_START = 4;
/** Below this share of the scale an excess is nothing: keeps the logarithm finite. */
const NOTHING_SHARE = 1e-6;
/** A buffer never passes this many times the host's mean demand, however steep the tail looks. */
const BUFFER_MAX_TIMES_DEMAND = 20;

export interface ExcessForecast {
  /** Quantiles of the joint excess of many hosts, and where those of this one begin; base units. */
  readonly quantiles: Float64Array;
  readonly at: number;
  /** The host's mean demand, base units. */
  readonly meanDemand: number;
}

/** The excess that is passed with probability exp(-rarity): linear in log(excess) between levels and beyond the last. */
export function bufferAt(forecast: ExcessForecast, wanted: number): number {
  const { quantiles, at, meanDemand } = forecast;
  const nothing = Math.max(NOTHING_SHARE * meanDemand, Number.MIN_VALUE);
  let upper = FIRST_USED + 1;
  while (upper < LAST && (RARITIES[upper] as number) < wanted) upper++;
  const from = RARITIES[upper - 1] as number;
  const share = (wanted - from) / ((RARITIES[upper] as number) - from);
  const low = Math.log((quantiles[at + upper - 1] as number) + nothing);
  const high = Math.log((quantiles[at + upper] as number) + nothing);
  const highest = Math.log(BUFFER_MAX_TIMES_DEMAND * meanDemand + nothing);
  return Math.max(Math.exp(Math.min(low + share * (high - low), highest)) - nothing, 0);
}

/** Of what is asked above the median, so much gives way where forecasts are surely too high: what then goes short asks for more. */
const EASED_SHARE = 0.5;

/** `over`: 0..1, how sure it is that forecasts are too high of late. */
export function easedRarity(asked: number, over: number): number {
  return asked - EASED_SHARE * over * (asked - RARITY_MIN);
}

const STEP = 0.004;

/**
 * One huge burst of unserved volume is not allowed to hold the buffer up for weeks: a tick counts as 50 times the promise
 * or half the host's mean demand, whichever is more. The second lets strict promises feel a burst that they exist for.
 */
export function unservedPushMax(promised: number): number {
  return Math.max(50, 0.5 / promised);
}

/** The next rarity to ask for: up after a miss, slowly down while all is well, in balance when the promise is kept exactly. */
export function adjustRarity(
  now: number,
  happened: { readonly share: number; readonly promised: number; readonly pushMax?: number },
): number {
  const push = Math.min(happened.share / happened.promised - 1, happened.pushMax ?? Number.POSITIVE_INFINITY);
  return Math.min(Math.max(now + STEP * push, RARITY_MIN), RARITY_MAX);
}
