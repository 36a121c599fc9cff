// How many ticks the natural lengths of time have, and one series at the moment it is forecast.
import { DAY_MS, HOUR_MS, MINUTE_MS, ticksPer } from "../model/time.ts";
import { type DemandHistory, readDemand } from "./demand-history.ts";

export interface SeasonTicks {
  readonly halfHour: number;
  readonly hour: number;
  readonly day: number;
  readonly week: number;
}

export function seasonTicks(stepMs: number): SeasonTicks {
  const day = ticksPer(DAY_MS, stepMs);
  return { halfHour: ticksPer(30 * MINUTE_MS, stepMs), hour: ticksPer(HOUR_MS, stepMs), day, week: 7 * day };
}

/** One series just before tick `next`: what its experts may look at. */
export interface Moment {
  readonly series: number;
  /** The tick to forecast; the history holds everything before it. */
  readonly next: number;
  /** Samples seen; 0 < samples. */
  readonly samples: number;
  /** Unit of the log scale, base units. */
  readonly scale: number;
  readonly history: DemandHistory;
  readonly season: SeasonTicks;
}

/** Slow statistics are redone once an hour, each series at another tick, and on every tick while there is little data. */
export function isRefreshDue(moment: Moment, everyTicks: number): boolean {
  return moment.samples <= moment.season.hour || (moment.next + moment.series) % everyTicks === 0;
}

/** The value `back` ticks before the one to forecast (1 = the last), base units. */
export function valueBefore({ history, series, next }: Moment, back: number): number {
  return readDemand(history, series, next - back);
}
