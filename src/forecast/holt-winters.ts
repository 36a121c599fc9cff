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

export interface HoltWinters extends OneStepForecaster {
  /** After the last sample. A view: it changes with the next one. */
  readonly state: HoltWintersState;
}

interface HoltWintersState {
  /** NaN before the first known sample. */
  level: number;
  trend: number;
  /** Of the tick to come. */
  phase: number;
  inFirstSeason: boolean;
  /** [phase]; not yet deviations in the first season. */
  readonly season: Float64Array;
}

/**
 * Damped additive Holt-Winters in error-correction form, ETS(A,Ad,A): Hyndman & Athanasopoulos, Forecasting: principles
 * and practice, 3rd ed., sections 8.3 and 8.5. The smoothing is given, not estimated. In the first season that has a
 * sample only the level is learnt; that season's deviations from its mean become the first seasonal values. An unknown
 * sample moves on the phase of the season and nothing else: a trend that ran on through a long gap would be no better.
 * O(1) a sample.
 */
export function holtWinters(setting: { seasonTicks: number; smoothing: Smoothing }): HoltWinters {
  const { seasonTicks, smoothing } = setting;
  assert(Number.isInteger(seasonTicks) && seasonTicks >= 1, `a season has whole ticks, got ${seasonTicks}`);
  const season = new Float64Array(seasonTicks);
  const state: HoltWintersState = { level: Number.NaN, trend: 0, phase: 0, inFirstSeason: true, season };

  const forecast = (): number => {
    if (Number.isNaN(state.level)) return 0;
    if (state.inFirstSeason) return state.level;
    return state.level + smoothing.damping * state.trend + (season[state.phase] as number);
  };
  const learn = (value: number): void => {
    const error = value - forecast();
    const damped = smoothing.damping * state.trend;
    state.level += damped + smoothing.level * error;
    if (state.inFirstSeason) return;
    state.trend = damped + smoothing.level * smoothing.trend * error;
    season[state.phase] = (season[state.phase] as number) + smoothing.season * error;
  };
  const observe = (value: number): void => {
    if (state.inFirstSeason) season[state.phase] = value;
    if (Number.isNaN(state.level)) state.level = value;
    if (!Number.isNaN(value)) learn(value);
    state.phase = state.phase + 1 === seasonTicks ? 0 : state.phase + 1;
    if (state.phase > 0 || !state.inFirstSeason || Number.isNaN(state.level)) return;
    state.level = centre(season);
    state.inFirstSeason = false;
  };
  return { forecast, observe, state };
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
