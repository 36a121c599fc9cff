// Leases for the next tick: each VM gets the cheapest quantile of its own demand at or above its plan's floor, never less
// than its base nor more than its ceiling. A VM whose samples stopped keeps what it has, if that is more.
import { type ForecastBatch, LEVEL_COUNT, QUANTILE_LEVELS, quantileAt } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { cheapestLevel } from "../shaping/lease-level.ts";
import type { CellLayout } from "./cell-layout.ts";
import { type CellState, NO_LEVEL } from "./cell-state.ts";
import type { TickInput } from "./tick-input.ts";

export function lend(state: CellState, { demand, forecasts }: TickInput): void {
  const { layout, allocations, leasedLevels } = state;
  state.leasesCut.fill(0);
  for (let series = 0; series < allocations.length; series++) {
    const kept = withinContract(layout, series, allocations[series] as number);
    allocations[series] = kept;
    if (Number.isNaN(forecasts.quantiles[series * LEVEL_COUNT] as number)) continue;
    const wish = wishFor(state, forecasts, series);
    const wanted = withinContract(layout, series, wish.amount);
    const held = Number.isNaN(demand[series] as number) && kept > wanted;
    leasedLevels[series] = held ? NO_LEVEL : wish.level;
    if (!held) allocations[series] = wanted;
  }
}

function withinContract({ base, ceiling }: CellLayout, series: number, amount: number): number {
  return Math.min(Math.max(amount, base[series] as number), ceiling[series] as number);
}

function wishFor(state: CellState, { quantiles }: ForecastBatch, series: number): { amount: number; level: number } {
  const { promise, layout, meanDemand } = state;
  const at = series * LEVEL_COUNT;
  if (promise.kind === "each") {
    const row = quantiles.subarray(at, at + LEVEL_COUNT);
    return { amount: quantileAt(row, promise.level), level: nearestLevel(promise.level) };
  }
  const host = layout.hostOfVm[Math.floor(series / RESOURCE_COUNT)] as number;
  const place = host * RESOURCE_COUNT + (series % RESOURCE_COUNT);
  const level = cheapestLevel({
    quantiles,
    at,
    base: layout.base[series] as number,
    floorLevel: QUANTILE_LEVELS.indexOf(promise.leaseFloor),
    shortagePrice: (meanDemand[place] as number) / Math.max(layout.vmsOfHost[host]?.length ?? 0, 1),
  });
  return { amount: quantiles[at + level] as number, level };
}

function nearestLevel(level: number): number {
  const above = QUANTILE_LEVELS.findIndex((each) => each >= level);
  return above < 0 ? LEVEL_COUNT - 1 : above;
}
