// Level, damped trend and one value for each tick of the season, each moved a little by every error.
import { assert } from "../model/result.ts";
import type { OneStepForecaster } from "./one-step-forecaster.ts";

/** All within 0..1. */
export interface Smoothing {
  /** Share of an error that the level takes up. */
  readonly level: number;
  /** Share of the level's part of an error that the trend takes up. */
  readonly trend: number;
  /** Share of an error that the season's value of that tick takes up. */
  readonly season: number;
  /** What is left of the trend after a tick. */
  readonly damping: number;
}

/**
 * Damped additive Holt-Winters in error-correction form, ETS(A,Ad,A): Hyndman & Athanasopoulos, Forecasting: principles
 * and practice, 3rd ed., sections 8.3 and 8.5. The smoothing is given, not estimated. In the first season that has a
 * sample only the level is learnt; that season's deviations from its mean become the first seasonal values. An unknown
 * sample moves on the phase of the season and nothing else: a trend that ran on through a long gap would be no better.
 * O(1) a sample.
 */
export function holtWinters(setting: { seasonTicks: number; smoothing: Smoothing }): OneStepForecaster {
  const { seasonTicks, smoothing } = setting;
  assert(Number.isInteger(seasonTicks) && seasonTicks >= 1, `a season has whole ticks, got ${seasonTicks}`);
  const season = new Float64Array(seasonTicks);
  let level = Number.NaN;
  let trend = 0;
  let phase = 0;
  let inFirstSeason = true;

  const forecast = (): number => {
    if (Number.isNaN(level)) return 0;
    return inFirstSeason ? level : level + smoothing.damping * trend + (season[phase] as number);
  };
  const learn = (value: number): void => {
    const error = value - forecast();
    const damped = smoothing.damping * trend;
    level += damped + smoothing.level * error;
    if (inFirstSeason) return;
    trend = damped + smoothing.level * smoothing.trend * error;
    season[phase] = (season[phase] as number) + smoothing.season * error;
  };
  const observe = (value: number): void => {
    if (inFirstSeason) season[phase] = value;
    if (Number.isNaN(level)) level = value;
    if (!Number.isNaN(value)) learn(value);
    phase = phase + 1 === seasonTicks ? 0 : phase + 1;
    if (phase > 0 || !inFirstSeason || Number.isNaN(level)) return;
    level = centre(season);
    inFirstSeason = false;
  };
  return { forecast, observe };
}

/** Turns values into deviations from their mean, unknown ones into 0, and returns the mean. At least one is known. */
function centre(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  for (let index = 0; index < values.length; index++) {
    const deviation = (values[index] as number) - mean;
    values[index] = Number.isNaN(deviation) ? 0 : deviation;
  }
  return mean;
}
