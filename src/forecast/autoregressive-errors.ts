// A model whose errors come in runs forecasts better when part of its last error is expected again.
import type { OneStepForecaster } from "./one-step-forecaster.ts";

/**
 * Adds an AR(1) model of the errors, as in regression with ARIMA errors (Hyndman & Athanasopoulos, Forecasting:
 * principles and practice, 3rd ed., chapter 10). The coefficient is their lag-1 autocorrelation under weights that fall
 * by 1/e in `memoryTicks`, kept within 0..1: a negative one is mostly noise of measuring. Unlike there, the model of
 * the errors is found after the forecaster and not together with it, and a gap does not fade the last known error.
 */
export function withAutoregressiveErrors(setting: {
  forecaster: OneStepForecaster;
  memoryTicks: number;
}): OneStepForecaster {
  const { forecaster, memoryTicks } = setting;
  const keep = Math.exp(-1 / memoryTicks);
  let started = false;
  let lastError = 0;
  let products = 0;
  let squares = 0;

  const forecast = (): number => {
    const coefficient = squares > 0 ? Math.min(Math.max(products / squares, 0), 1) : 0;
    return forecaster.forecast() + coefficient * lastError;
  };
  const observe = (value: number): void => {
    if (started && !Number.isNaN(value)) {
      const error = value - forecaster.forecast();
      products = products * keep + error * lastError;
      squares = squares * keep + lastError * lastError;
      lastError = error;
    }
    forecaster.observe(value);
    started ||= !Number.isNaN(value);
  };
  return { forecast, observe };
}
