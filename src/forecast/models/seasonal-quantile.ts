// What this time of the season asked for, and the times just before and after it, on each of the last seasons.

import type { SeasonChoice } from "../../model/season.ts";
import { eachOnItsOwn, type ForecastModel, type Window } from "../forecast-model.ts";

import { empiricalQuantiles } from "./empirical-quantiles.ts";
import { type RecentHistory, recentHistory } from "./recent-history.ts";
import { windowRows } from "./window-rows.ts";

const SEASONS_MAX = 14;

/**
 * Quantiles of the peaks of all windows of that length which began within half an hour of the same time of the season
 * (always the tick itself), over the last 14 seasons or as many as are known.
 */
export function seasonalQuantile(season: SeasonChoice): ForecastModel {
  return eachOnItsOwn("seasonal-quantile", (known) => {
    const history = recentHistory(known, { scale: "linear", season });
    return (windows) => windowRows(windows, (window) => empiricalQuantiles(samplesFor(history, window)));
  });
}

function samplesFor({ values, season, halfHour, peaksOf }: RecentHistory, { from, ticks }: Window): Float64Array {
  const peaks = peaksOf(ticks);
  const neighbours = season >= 4 * halfHour ? halfHour : 0;
  const nearest = Math.ceil((from + ticks) / season);
  const samples: number[] = [];
  for (let back = nearest; back < nearest + SEASONS_MAX; back++) {
    const middle = values.length + from - back * season;
    for (let start = middle - neighbours; start <= middle + neighbours; start++)
      samples.push(peaks[start] ?? Number.NaN);
  }
  return Float64Array.from(samples);
}
