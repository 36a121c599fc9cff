// Prophet behind the seam of forecasting models: for a day ahead and longer, and for series with events.
import { type FittedModel, type ForecastModel, silence } from "../forecast-model.ts";
import { explainSeries } from "../prophet/explain-series.ts";
import { fitSeries } from "../prophet/fit-series.ts";
import { componentParts } from "../prophet/forecast-parts.ts";
import { predictWindows } from "../prophet/predict-windows.ts";
import { PROPHET_SETTINGS, type ProphetSettings } from "../prophet/prophet-settings.ts";
import { sharedDesigns } from "../prophet/shared-designs.ts";

/**
 * Prophet (Taylor & Letham, "Forecasting at scale", The American Statistician 72(1), 2018), whose intervals are made of
 * the errors it made on the history instead of normal noise. Events of the series are regressors by kind and name once
 * they have occurred; one that never has counts with its declared uplift, if any. Says nothing of a series with less
 * than 24 known steps of the fit.
 */
export function prophetModel(options: Partial<ProphetSettings> = {}): ForecastModel {
  const settings = { ...PROPHET_SETTINGS, ...options };
  return {
    name: "prophet",
    fit: (known): FittedModel => {
      const designs = sharedDesigns();
      const fitted = known.map((one) => fitSeries(one, { settings, designs }));
      return {
        predict: (index, windows) => {
          const series = fitted[index];
          if (series === undefined) return silence(windows.length);
          return predictWindows(series, { windows, settings, inProgress: known[index]?.inProgress });
        },
        explain: (index) => {
          const series = fitted[index];
          return series === undefined ? "Prophet has seen too little to say anything." : explainSeries(series);
        },
        parts: (index, windows) => {
          const series = fitted[index];
          return series && { sentence: explainSeries(series), parts: componentParts(series, windows) };
        },
      };
    },
  };
}
