// What happened in the last 24 hours happens again, at whatever time of day.

import type { SeasonChoice } from "../../model/season.ts";
import { eachOnItsOwn, type ForecastModel } from "../forecast-model.ts";

import { empiricalQuantiles } from "./empirical-quantiles.ts";
import { recentHistory } from "./recent-history.ts";
import { onceForEachLength, windowRows } from "./window-rows.ts";

/** A window that is long for the day is set against this many times its own length instead. */
const WINDOWS_MIN = 4;
/** Where a day has few ticks, this many. */
const TICKS_MIN = 14;

/**
 * Quantiles of the peaks of all windows of that length within the last day, overlapping ones too: the moving window of
 * Rzadca et al., "Autopilot: workload autoscaling at Google", EuroSys 2020, with all its quantiles.
 */
export function window24h(season: SeasonChoice): ForecastModel {
  return eachOnItsOwn("window-24h", (known) => {
    const history = recentHistory(known, { scale: "linear", season });
    const quantilesOf = onceForEachLength((ticks) => {
      const span = Math.max(history.day, TICKS_MIN, WINDOWS_MIN * ticks);
      return empiricalQuantiles(history.peaksOf(ticks).slice(-(span - ticks + 1)));
    });
    return (windows) => windowRows(windows, quantilesOf);
  });
}
