// How much to lend one VM for the next tick: the cheapest quantile at or above the floor of its plan.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";

/** One VM and resource; amounts in base units. */
export interface LeaseQuestion {
  /** Quantiles of many series, and where those of this one begin. */
  readonly quantiles: Float64Array;
  readonly at: number;
  /** The allocation never falls below it, whatever the forecast says. */
  readonly base: number;
  /** Index of the lowest level that may be leased. */
  readonly floorLevel: number;
  /** What it costs the host to be short of this VM's demand for sure, in the unit of the resource. */
  readonly shortagePrice: number;
}

/**
 * Index of the level q >= floor that minimises amount(q) + price x (1 - q): lending more costs capacity, lending less
 * costs the buffer. With price = the host's mean demand per VM a VM that bursts out of nothing is left to the buffer,
 * and one whose quantiles lie close together is covered to the last. The newsvendor's trade-off, over a grid of levels.
 */
export function cheapestLevel({ quantiles, at, base, floorLevel, shortagePrice }: LeaseQuestion): number {
  let best = floorLevel;
  let cheapest = Number.POSITIVE_INFINITY;
  for (let level = floorLevel; level < LEVEL_COUNT; level++) {
    const amount = Math.max(quantiles[at + level] as number, base);
    const cost = amount + shortagePrice * (1 - (QUANTILE_LEVELS[level] as number));
    if (cost < cheapest) {
      cheapest = cost;
      best = level;
    }
  }
  return best;
}
