// What this time of day asked for, and the times just before and after it, on days of the same kind: on working days, or at
// the weekend.

import type { SeasonChoice } from "../../model/season.ts";
import { DAY_MS, startOfTick } from "../../model/time.ts";
import { eachOnItsOwn, type ForecastModel, type Window } from "../forecast-model.ts";
import { empiricalQuantiles } from "./empirical-quantiles.ts";
import { type RecentHistory, recentHistory } from "./recent-history.ts";
import { windowRows } from "./window-rows.ts";

/** Two weeks back: two weekends, ten working days. */
const DAYS_BACK = 14;

/**
 * As `seasonalQuantile`, but a Monday is not set against the Sunday before it; all days serve while too few of the kind are
 * known. Days are those of UTC. Among the members of an ensemble it takes 0.5 to 1.5 % off the loss a day ahead (Bitbrains:
 * first half of 2013-7, and the anchors' VMs before their first origin).
 */
export function weekdayQuantile(season: SeasonChoice): ForecastModel {
  return eachOnItsOwn("weekday-quantile", (known) => {
    const history = recentHistory(known, { scale: "linear", season });
    return (windows) => windowRows(windows, (window) => quantilesFor(history, window));
  });
}

function quantilesFor(history: RecentHistory, window: Window): Float64Array {
  const { known, day } = history;
  const nearest = Math.ceil((window.from + window.ticks) / day);
  const days = Array.from({ length: DAYS_BACK }, (_, index) => nearest + index);
  const isWeekendAt = (back: number) =>
    isWeekend(startOfTick(known.grid, known.grid.length + window.from - back * day));
  const alike = days.filter((back) => isWeekendAt(back) === isWeekendAt(0));
  const quantiles = empiricalQuantiles(samplesOf(history, { window, days: alike }));
  return Number.isNaN(quantiles[0]) ? empiricalQuantiles(samplesOf(history, { window, days })) : quantiles;
}

/** `days`: how many days back. */
function samplesOf(history: RecentHistory, at: { window: Window; days: readonly number[] }): Float64Array {
  const { values, day, halfHour, peaksOf } = history;
  const peaks = peaksOf(at.window.ticks);
  const neighbours = day >= 4 * halfHour ? halfHour : 0;
  const samples: number[] = [];
  for (const back of at.days) {
    const middle = values.length + at.window.from - back * day;
    for (let start = middle - neighbours; start <= middle + neighbours; start++)
      samples.push(peaks[start] ?? Number.NaN);
  }
  return Float64Array.from(samples);
}

/** The first day of the epoch was a Thursday. */
function isWeekend(ms: number): boolean {
  return (Math.floor(ms / DAY_MS) + 3) % 7 >= 5;
}
