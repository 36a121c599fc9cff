// The largest value of late, times what the peaks to come have been of it.
import type { SeasonChoice } from "../../model/season.ts";
import type { ForecastModel } from "../forecast-model.ts";

import { ERRORS_APART_AT, forecastByErrors } from "./peak-model.ts";

/**
 * The rule of "recent maximum x 1.15" (Kubernetes VPA, Autopilot) with its factor measured: on the log scale the
 * difference of a window's peak and the maximum before it is their ratio, and its empirical quantiles are the factors. As
 * far back as the window reaches ahead, at least half an hour and at most a day.
 */
export function recentExtremes(season: SeasonChoice): ForecastModel {
  return forecastByErrors({
    name: "recent-extremes",
    setting: { scale: "log", season },
    errorsApartAt: ERRORS_APART_AT,
    expect: ({ peaksOf, halfHour, day }) => ({
      peak: (origin, { from, ticks }) => {
        const back = Math.min(Math.max(from + ticks, halfHour), day);
        return peaksOf(back)[origin - back] ?? Number.NaN;
      },
      explain: () => "The largest of late, times what the peaks to come have been of it.",
    }),
  });
}
