// Damped Holt-Winters whose smoothing is chosen for each series by how well it would have forecast its recent past.
import type { ForecastModel } from "../forecast-model.ts";
import type { Smoothing } from "../holt-winters.ts";

import { chooseSmoothing } from "./choose-smoothing.ts";
import { ERRORS_APART_AT, forecastByErrors } from "./peak-model.ts";
import type { HistorySetting } from "./recent-history.ts";
import { expectPath, smoothedPath } from "./seasonal-path.ts";

/**
 * `holtWinters` of ../holt-winters.ts. The smoothing is the one of the smallest mean absolute error a
 * tick, half an hour, a quarter of a season and a season ahead, each against the least that any setting reached there,
 * found by going through one parameter after the other. Quantiles are those of its past errors, window by window.
 */
export function holtWintersModel({ scale, season }: HistorySetting): ForecastModel {
  return forecastByErrors<Smoothing>({
    name: scale === "log" ? "holt-winters-log" : "holt-winters",
    setting: { scale, season },
    errorsApartAt: ERRORS_APART_AT,
    expect: (history, learned) => {
      const { values, season: seasonTicks } = history;
      const smoothing = learned ?? chooseSmoothing({ history, values, seasonTicks });
      return {
        ...expectPath(smoothedPath(values, seasonTicks, smoothing)),
        learned: smoothing,
        explain: () =>
          `Level, trend and a season of ${seasonTicks} ticks, which take up ${percent(smoothing.level)}, ` +
          `${percent(smoothing.level * smoothing.trend)} and ${percent(smoothing.season)} of each error.`,
      };
    },
  });
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
