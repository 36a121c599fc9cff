// Known series for tests: shaped by a function of the tick, on a grid from a Monday on.
import type { ExternalEvent } from "../../model/event.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { instant, timeGrid } from "../../model/time.ts";
import type { KnownSeries } from "../forecast-model.ts";

/** 2026-03-02T00:00:00Z, a Monday. */
export const MONDAY_MS = Date.UTC(2026, 2, 2);

export function knownSeries(given: {
  stepMs: number;
  length: number;
  value: (tick: number) => number;
  events?: readonly ExternalEvent[];
}): KnownSeries {
  const { stepMs, length, value, events = [] } = given;
  const grid = timeGrid({ startMs: MONDAY_MS, stepMs, length });
  return { grid, values: Float64Array.from({ length }, (_, tick) => value(tick)), events };
}

/** Standard normal, one for each tick, the same for the same seed. */
export function noise(seed: number): (tick: number) => number {
  const random = seededRandom(seed);
  const drawn: number[] = [];
  return (tick) => {
    while (drawn.length <= tick) drawn.push(random.normal());
    return drawn[tick] ?? 0;
  };
}

export function campaign(given: {
  startMs: number;
  endMs: number;
  announcedMs?: number;
  uplift?: number;
}): ExternalEvent {
  return {
    id: `sale ${given.startMs}`,
    kind: "campaign",
    name: "sale",
    start: instant(given.startMs),
    end: instant(given.endMs),
    announced: instant(given.announcedMs ?? 0),
    ...(given.uplift === undefined ? {} : { declaredUplift: given.uplift }),
  };
}

/** One row of a forecast by level. */
export function rowOf(rows: Float64Array, window = 0): Record<string, number> {
  const row = rows.subarray(window * LEVEL_COUNT, (window + 1) * LEVEL_COUNT);
  return Object.fromEntries(QUANTILE_LEVELS.map((level, index) => [level, row[index] ?? Number.NaN]));
}
