// Time without power, or not to be learned from: what stands in the history meanwhile, and how careful the first
// forecasts after a time without power are.
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import type { QuantileRow } from "../fill-quantiles.ts";
import type { SeasonTicks } from "../season-ticks.ts";
import { type DemandRecords, isPause } from "./demand-records.ts";
import { OFF } from "./sample-kind.ts";

/**
 * How many ticks back the value lies that fills a tick of a pause: the same time a day earlier, or, with less than a
 * day of history, all of that over and over. Holding the last value instead would flatten the day in every window that
 * reads it, and would make whatever came last (an idle minute before the machine went off) the normal. In a pause of
 * days the last day repeats.
 */
export function ticksBack(samples: number, { day }: SeasonTicks): number {
  return Math.min(samples, day);
}

const MEDIAN = levelIndex(0.5);
const WIDENING_MIN = 0.01;

/** After the record of a tick: starts, fades or keeps the widening of one series. */
export function followPause(records: DemandRecords, series: number, season: SeasonTicks): void {
  const { widening, kinds, kindsBefore, runs } = records;
  if (kinds[series] === OFF) {
    const pause = Math.min(1, (runs[series] as number) / season.day);
    widening[series] = Math.max(widening[series] as number, pause);
  } else if ((widening[series] as number) > 0 && !isPause(kindsBefore[series] as number)) {
    const left = (widening[series] as number) * (1 - 1 / (season.hour + 1));
    widening[series] = left < WIDENING_MIN ? 0 : left;
  }
}

/**
 * The levels above the median go towards those of the last week by `share`: all of the way after a day without power.
 * Ascending rows stay ascending.
 */
export function widen(row: Float64Array, lastWeek: QuantileRow, share: number): void {
  for (let level = MEDIAN + 1; level < LEVEL_COUNT; level++) {
    const value = row[level] as number;
    const wide = lastWeek.values[lastWeek.at + level] as number;
    if (wide > value) row[level] = value + share * (wide - value);
  }
}
