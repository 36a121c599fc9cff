// Events as columns of a regression: one for each kind, name and day since its start, with the share of each tick that
// it covers.
import type { ExternalEvent } from "../../model/event.ts";
import { DAY_MS, startOfTick, type TimeGrid } from "../../model/time.ts";

export interface EventColumn {
  /** What alike events share. */
  readonly key: string;
  /** Log of what demand is expected to be multiplied with, as declared; 0 where nothing was. */
  readonly declared: number;
  /** Share of the tick that the column's events cover, 0..1. `tick` counts from the start of the grid, also beyond its end. */
  at(tick: number): number;
}

/** Later days of one long event are alike. */
const DAYS_APART_MAX = 6;

/** In the order in which they first appear. */
export function eventColumns(events: readonly ExternalEvent[], grid: TimeGrid): EventColumn[] {
  const byKey = new Map<string, Stretch[]>();
  for (const event of events) {
    for (const stretch of daysOf(event)) {
      const alike = byKey.get(stretch.key) ?? [];
      alike.push(stretch);
      byKey.set(stretch.key, alike);
    }
  }
  return [...byKey].map(([key, stretches]) => {
    const shares = new Map<number, number>();
    for (const stretch of stretches) addShares(shares, stretch, grid);
    const declared = stretches.reduce((sum, { uplift }) => sum + Math.log(uplift), 0) / stretches.length;
    return { key, declared, at: (tick) => Math.min(1, shares.get(tick) ?? 0) };
  });
}

interface Stretch {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly uplift: number;
}

function daysOf({ kind, name, start, end, declaredUplift = 1 }: ExternalEvent): Stretch[] {
  const days = Math.ceil((end - start) / DAY_MS);
  const apart = Math.min(days, DAYS_APART_MAX + 1);
  return Array.from({ length: apart }, (_, day) => ({
    key: `${kind} ${name} day ${day}`,
    startMs: start + day * DAY_MS,
    endMs: day === apart - 1 ? end : start + (day + 1) * DAY_MS,
    uplift: declaredUplift,
  }));
}

function addShares(shares: Map<number, number>, { startMs, endMs }: Stretch, grid: TimeGrid): void {
  const first = Math.floor((startMs - grid.startMs) / grid.stepMs);
  const last = Math.ceil((endMs - grid.startMs) / grid.stepMs) - 1;
  for (let tick = first; tick <= last; tick++) {
    const from = Math.max(startMs, startOfTick(grid, tick));
    const to = Math.min(endMs, startOfTick(grid, tick + 1));
    shares.set(tick, (shares.get(tick) ?? 0) + (to - from) / grid.stepMs);
  }
}
