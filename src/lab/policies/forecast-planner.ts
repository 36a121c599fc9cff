// From a forecast of one tick to allocations: the forecast plus quantiles of its own errors over the last week.
import type { OneStepForecaster } from "../../forecast/one-step-forecaster.ts";
import { scaledErrors } from "../../forecast/scaled-errors.ts";
import type { SeriesContext, SeriesPlanner } from "../policy.ts";

/** A knob below 1 is a quantile level of the errors; one above 1 multiplies the allocation of the highest level. */
export const FORECAST_KNOBS: readonly number[] = [
  0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 1.2, 1.5, 2, 3,
];
export const FORECAST_KNOB_MEANING =
  "quantile of the forecast's errors over 7 days, each scaled by the errors' local size; above 1: times the allocation at 0.999";

const LEVELS = FORECAST_KNOBS.filter((knob) => knob < 1);

export function forecastPlanner(forecaster: OneStepForecaster, context: SeriesContext): SeriesPlanner {
  const errors = scaledErrors({
    levels: LEVELS,
    windowTicks: 7 * context.ticksPerDay,
    latelyTicks: Math.max(1, Math.round(context.ticksPerHour / 2)),
  });
  let expected = Number.NaN;

  const decide = (allocations: Float64Array): void => {
    if (Number.isNaN(expected)) {
      allocations.fill(context.fixedSize);
      return;
    }
    errors.quantiles(allocations);
    let allocation = 0;
    for (let index = 0; index < LEVELS.length; index++) {
      allocation = Math.max(expected + (allocations[index] as number), 0);
      allocations[index] = allocation;
    }
    for (let index = LEVELS.length; index < FORECAST_KNOBS.length; index++)
      allocations[index] = allocation * (FORECAST_KNOBS[index] as number);
  };
  const observe = (demand: number): void => {
    errors.observe(demand - expected);
    forecaster.observe(demand);
    if (!Number.isNaN(demand) || !Number.isNaN(expected)) expected = forecaster.forecast();
  };
  return { decide, observe };
}
