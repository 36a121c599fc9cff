// Holt-Winters with a daily season and the quantiles of its own errors.
import { holtWinters } from "../../forecast/holt-winters.ts";
import type { Policy } from "../policy.ts";
import { FORECAST_KNOB_MEANING, FORECAST_KNOBS, forecastPlanner } from "./forecast-planner.ts";

/**
 * Fixed for all series. Of level 0.05-0.95, season 0-0.3 and trend 0-0.3 on Bitbrains 2013-8 this is near the best for
 * every resource, and better than choosing among twelve such settings per series by their recent absolute error.
 */
const SMOOTHING = { level: 0.8, trend: 0.01, season: 0.1, damping: 0.98 };

export const holtWintersPolicy: Policy = {
  name: "holt-winters",
  title: "Holt-Winters, daily season",
  source:
    "Hyndman & Athanasopoulos, Forecasting: principles and practice, 3rd ed., ch. 8; quantiles by locally weighted conformal prediction, Lei et al., JASA 2018",
  knobMeaning: FORECAST_KNOB_MEANING,
  knobs: FORECAST_KNOBS,
  planning: {
    kind: "causal",
    start: (context) =>
      forecastPlanner(holtWinters({ seasonTicks: context.ticksPerDay, smoothing: SMOOTHING }), context),
  },
};
