// The same window one season ago (as many seasons as its distance needs), as it is, plus how much such windows differed.
import type { ForecastModel } from "../forecast-model.ts";

import { forecastByErrors } from "./peak-model.ts";
import type { HistorySetting } from "./recent-history.ts";

/**
 * Hyndman & Athanasopoulos, Forecasting: principles and practice, 3rd ed., sections 5.2 and 5.5, with empirical
 * quantiles of the seasonal differences in place of normal ones. What every other model has to beat.
 */
export function seasonalNaive({ scale, season }: HistorySetting): ForecastModel {
  return forecastByErrors({
    name: scale === "log" ? "seasonal-naive-log" : "seasonal-naive",
    setting: { scale, season },
    expect: (history) => {
      const back = ({ from, ticks }: { from: number; ticks: number }) =>
        Math.ceil((from + ticks) / history.season) * history.season;
      return {
        peak: (origin, window) => history.peaksOf(window.ticks)[origin + window.from - back(window)] ?? Number.NaN,
        errorsOf: (window) => ({ from: back(window) - window.ticks, ticks: window.ticks }),
        explain: () => `The same time ${history.season} ticks ago, and how much such times differed.`,
      };
    },
  });
}
