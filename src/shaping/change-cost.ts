// What an amount lent to one VM costs the host over the next tick, and which amount costs least. The gain of a change is
// the cost of what is kept less the cost of what is wished.
import { LEVEL_COUNT } from "../model/forecast.ts";
import type { Resource } from "../model/resources.ts";
import { addExcess, MASSES, middleOf } from "./expected-excess.ts";
import { levelOfAmount } from "./level-of-amount.ts";

/**
 * What a unit of demand costs that comes late, out of the buffer, in units of capacity lent for a tick: measured, so that
 * no more comes late than with unlimited changes; for CPU the lowest with which less than 1.6 % does (docs/shaping.md).
 */
export const LATE_PRICES: Readonly<Record<Resource, number>> = { cpu: 6, memory: 1.5, network: 2.5, storage: 2 };

/** One VM and resource; amounts in base units. */
export interface LendingTerms {
  /** Quantiles of many series, and where those of this one begin. No NaN. */
  readonly quantiles: Float64Array;
  readonly at: number;
  /** The allocation never falls below it, whatever the forecast says. */
  readonly base: number;
  /** Index of the lowest level that may be lent, by the VM's plan. */
  readonly floorLevel: number;
  /** What it costs the host to be short of this VM's demand for sure: the host's mean demand per VM. */
  readonly shortagePrice: number;
  /** What a unit of demand costs that comes late, out of the buffer, by resource and the VM's plan. */
  readonly latePrice: number;
}

/**
 * amount + shortagePrice x P(demand > amount) + latePrice x E[(demand - amount)+]: capacity held, plus the risk of a
 * violation, plus the volume that the buffer would serve late. Convex but for the second term; base units.
 */
export function costOfAmount(terms: LendingTerms, amount: number): number {
  const late = { mean: 0, variance: 0 };
  addExcess(late, { quantiles: terms.quantiles, at: terms.at, allocation: amount });
  return amount + terms.shortagePrice * (1 - levelOfAmount(terms, amount)) + terms.latePrice * late.mean;
}

export interface CheapestAmount {
  /** The quantile at `level`, or the base if that is more. */
  readonly amount: number;
  /** Index into QUANTILE_LEVELS. */
  readonly level: number;
  readonly cost: number;
}

/**
 * Of the quantiles at or above the floor the cheapest; of equals the lowest. Goes down from the last level, so that each
 * stretch of demand is added once.
 */
export function cheapestAmount(terms: LendingTerms): CheapestAmount {
  const { quantiles, at, base, floorLevel } = terms;
  let best: CheapestAmount = { amount: Number.NaN, level: floorLevel, cost: Number.POSITIVE_INFINITY };
  let stretch = LEVEL_COUNT;
  let [mass, volume] = [0, 0];
  for (let level = LEVEL_COUNT - 1; level >= floorLevel; level--) {
    const amount = Math.max(quantiles[at + level] as number, base);
    for (; stretch >= 0 && middleOf(quantiles, at, stretch) > amount; stretch--) {
      mass += MASSES[stretch] as number;
      volume += (MASSES[stretch] as number) * middleOf(quantiles, at, stretch);
    }
    const late = Math.max(volume - mass * amount, 0);
    const cost = amount + terms.shortagePrice * (1 - levelOfAmount(terms, amount)) + terms.latePrice * late;
    if (cost <= best.cost) best = { amount, level, cost };
    if (amount === base) break;
  }
  return best;
}
