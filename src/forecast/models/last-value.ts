// The last value, plus how much peaks as far ahead differed from the value before them.
import type { SeasonChoice } from "../../model/season.ts";
import type { ForecastModel } from "../forecast-model.ts";

import { forecastByErrors } from "./peak-model.ts";

/** Hyndman & Athanasopoulos, 3rd ed., sections 5.2 and 5.5, with the empirical quantiles of changes over h ticks. */
export function lastValue(season: SeasonChoice): ForecastModel {
  return forecastByErrors({
    name: "last-value",
    setting: { scale: "linear", season },
    expect: ({ values }) => {
      const held = heldThroughGaps(values);
      return {
        peak: (origin) => held[origin - 1] ?? Number.NaN,
        explain: () => "The last value, and how much demand changed over as many ticks.",
      };
    },
  });
}

/** A gap holds the value before it. */
function heldThroughGaps(values: Float64Array): Float64Array {
  let last = Number.NaN;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}
