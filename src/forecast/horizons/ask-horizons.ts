// What a demand engine says beyond the next tick: the peak of the next half hour, for all series at once, and the hourly peaks
// of the next day, for one series when it is asked for.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { assert } from "../../model/result.ts";
import type { DemandEngine } from "../demand-engine.ts";
import { blendPrior } from "../demand-record/prior.ts";
import { fromLogScale } from "../log-scale.ts";
import type { CovariatesOf } from "../window-covariates.ts";
import { farQuestion } from "./far-question.ts";
import type { Horizons } from "./horizons.ts";
import { forecastHours, hoursAhead } from "./hourly-peaks-ahead.ts";

/**
 * [series x level] the largest demand of the half hour that begins with the tick to come: base units, ascending, nowhere
 * below the next tick's forecast; 0 while the machine is off, NaN where nothing is known. As of the last tick: the next one
 * overwrites it.
 */
export function peakQuantiles(engine: DemandEngine): Float32Array {
  return horizonsOf(engine).halfHour.quantiles;
}

export interface HoursAsked {
  readonly engine: DemandEngine;
  readonly series: number;
  /**
   * [hour x level] the network's answer to `farQuestion`, log scale of the largest demand. Left out: the kernels answer,
   * where the engine has them; otherwise statistics forecast alone.
   */
  readonly network?: Float32Array | undefined;
  readonly covariates?: CovariatesOf | undefined;
  /** What is expected apart from samples: [hour x level], base units, and its part 0..1. */
  readonly prior?: { readonly quantiles: Float64Array; readonly share: number } | undefined;
}

/**
 * [hour x level] the largest demand of each of the next 24 hours, the first beginning with the tick to come: base units,
 * ascending in each hour, the first hour nowhere below the peak of the next half hour. NaN where nothing is known. After any
 * number of ticks; tens of microseconds a series without the network, about a millisecond with it.
 */
export function hourlyPeaksAhead(asked: HoursAsked): Float64Array {
  const { engine, series, prior } = asked;
  const { hourly, halfHour } = horizonsOf(engine);
  const { season, history, tick, scales, samples } = engine;
  const moment = { series, next: tick, samples: samples[series] ?? 0, scale: scales[series] ?? 1, history, season };
  const path =
    moment.samples > 0
      ? forecastHours(hourly, { moment, network: networkHours(asked) })
      : new Float64Array(hoursAhead(season) * LEVEL_COUNT).fill(Number.NaN);
  for (let hour = 0; hour < hoursAhead(season); hour++) {
    const row = path.subarray(hour * LEVEL_COUNT, (hour + 1) * LEVEL_COUNT);
    const share = moment.samples > 0 ? (prior?.share ?? 0) : 1;
    if (prior !== undefined && share > 0) blendPrior(row, { prior, series: hour, share, scale: moment.scale });
  }
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const least = halfHour.quantiles[series * LEVEL_COUNT + level] as number;
    if (least > (path[level] as number)) path[level] = least;
  }
  return path;
}

/** [hour x level], base units. */
function networkHours({ engine, series, network, covariates }: HoursAsked): Float32Array | undefined {
  const said = network ?? askKernels(engine, series, covariates);
  const scale = engine.largest[series] ?? 1;
  return said?.map((value) => fromLogScale(value, scale));
}

function askKernels(engine: DemandEngine, series: number, covariates: CovariatesOf | undefined) {
  const inference = engine.network?.inference;
  const request = inference && farQuestion(engine, [series], covariates);
  return request && inference?.infer(request).quantiles[0];
}

function horizonsOf({ horizons }: DemandEngine): Horizons {
  assert(horizons !== undefined, "an engine that is asked for horizons was created with them");
  return horizons;
}
