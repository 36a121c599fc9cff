// Daily and weekly harmonics with errors that come in runs, and the quantiles of what is still wrong then.
import { withAutoregressiveErrors } from "../../forecast/autoregressive-errors.ts";
import { harmonicRegression } from "../../forecast/harmonic-regression.ts";
import type { Policy } from "../policy.ts";
import { FORECAST_KNOB_MEANING, FORECAST_KNOBS, forecastPlanner } from "./forecast-planner.ts";

const HARMONICS = { dailyHarmonics: 8, weeklyHarmonics: 3, ridge: 12, historyDays: 14 };
/** Without the last error a harmonic forecast of one tick ahead is hardly better than a fixed size. */
const ERROR_MEMORY_HOURS = 84;

export const fourierPolicy: Policy = {
  name: "fourier",
  title: "Harmonic regression",
  source:
    "Hyndman & Athanasopoulos, Forecasting: principles and practice, 3rd ed., sections 7.4, 10.5, as Netflix Scryer and PRESS (Gong et al., CNSM 2010) use Fourier analysis; quantiles as for holt-winters",
  knobMeaning: FORECAST_KNOB_MEANING,
  knobs: FORECAST_KNOBS,
  planning: {
    kind: "causal",
    start: (context) => {
      const harmonics = harmonicRegression({ ...HARMONICS, ticksPerDay: context.ticksPerDay });
      const memoryTicks = ERROR_MEMORY_HOURS * context.ticksPerHour;
      return forecastPlanner(withAutoregressiveErrors({ forecaster: harmonics, memoryTicks }), context);
    },
  },
};
