// What each hour of the next day will ask of a host's buffer: the hourly peaks of what its VMs need beyond their leases, at the
// promised level. Each host once an hour, in turn, so that no tick has to do them all.
import { hourlyPeaksAhead } from "../forecast/horizons/ask-horizons.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import type { Instant } from "../model/time.ts";
import type { CellState } from "./cell-state.ts";
import { HOURS_FORESEEN } from "./pool-memory.ts";

/** After the excess of the tick just past was learned. */
export function foreseeBuffers(state: CellState, now: Instant): void {
  const { promise, layout, pool, tick, excessEngine } = state;
  if (promise.kind !== "pooled") return;
  const level = levelAtLeast(1 - promise.violations);
  for (let host = 0; host < layout.hostIds.length; host++) {
    const isNew = Number.isNaN(pool.foreseenAt[host]);
    if (!isNew && (tick + host) % excessEngine.season.hour !== 0) continue;
    for (let place = host * RESOURCE_COUNT; place < (host + 1) * RESOURCE_COUNT; place++)
      foreseePlace(state, { place, level });
    pool.foreseenAt[host] = now;
  }
}

function foreseePlace({ excessEngine, pool }: CellState, { place, level }: { place: number; level: number }): void {
  const rows = hourlyPeaksAhead({ engine: excessEngine, series: place });
  for (let hour = 0; hour < HOURS_FORESEEN; hour++) {
    const amount = rows[hour * LEVEL_COUNT + level] as number;
    pool.foreseen[place * HOURS_FORESEEN + hour] = Number.isNaN(amount) ? 0 : amount;
  }
}

function levelAtLeast(share: number): number {
  const index = QUANTILE_LEVELS.findIndex((level) => level >= share - 1e-9);
  return index < 0 ? LEVEL_COUNT - 1 : index;
}
