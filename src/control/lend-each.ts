// Leases where every VM stands by itself: the same quantile for each, no buffer, no budget. A VM whose samples stopped keeps
// what it has, if that is more.
import { LEVEL_COUNT, QUANTILE_LEVELS, quantileAt } from "../model/forecast.ts";
import { type CellState, NO_LEVEL } from "./cell-state.ts";
import type { TickInput } from "./tick-input.ts";

export function lendEach(
  { layout, allocations, leasedLevels }: CellState,
  { demand, forecasts }: TickInput,
  level: number,
): void {
  for (let series = 0; series < allocations.length; series++) {
    const at = series * LEVEL_COUNT;
    if (Number.isNaN(forecasts.quantiles[at] as number)) continue;
    const wish = quantileAt(forecasts.quantiles.subarray(at, at + LEVEL_COUNT), level);
    const wanted = Math.min(Math.max(wish, layout.base[series] as number), layout.ceiling[series] as number);
    const held = Number.isNaN(demand[series] as number) && (allocations[series] as number) > wanted;
    leasedLevels[series] = held ? NO_LEVEL : nearestLevel(level);
    if (!held) allocations[series] = wanted;
  }
}

function nearestLevel(level: number): number {
  const above = QUANTILE_LEVELS.findIndex((each) => each >= level);
  return above < 0 ? LEVEL_COUNT - 1 : above;
}
