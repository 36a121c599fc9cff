// THE seam of forecasting: a model is fitted to what is known of some series and then predicts peaks over windows ahead.
// One question covers all horizons: the next tick is a window of one tick, the 30-min peak one of six, a path many of one.
import type { ExternalEvent } from "../model/event.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import type { ForecastParts } from "../model/forecast-parts.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import type { Resource } from "../model/resources.ts";
import type { TimeGrid } from "../model/time.ts";
import type { WriteCovariates } from "./window-covariates.ts";

/** All that is known of one series at one origin: the start of tick `grid.length`. */
export interface KnownSeries {
  /** Ticks known so far. */
  readonly grid: TimeGrid;
  /** Base units, >= 0; NaN where no sample is known. Length = grid.length. */
  readonly values: Float64Array;
  readonly resource?: Resource;
  /** Indices, in the same list, of the other resources of the same VM. */
  readonly siblings?: readonly number[];
  /** Known at the origin; those ahead count most. */
  readonly events: readonly ExternalEvent[];
  readonly profile?: WorkloadProfile;
  /** The same events and profile as numbers, for whom needs numbers. */
  readonly covariates?: WriteCovariates | undefined;
  /** Real-time samples of the tick in progress, the first of every window that starts at 0. */
  readonly inProgress?: InProgress;
}

export interface InProgress {
  /** Mean demand so far, base units. */
  readonly mean: number;
  /** Part of the tick that has passed, 0..1. */
  readonly share: number;
}

/** Ticks [from, from + ticks) after the origin; what is forecast is the LARGEST demand of them. */
export interface Window {
  /** 0 = the tick that starts at the origin. */
  readonly from: number;
  readonly ticks: number;
}

/** What came in a window after tick `origin`; NaN where one of its ticks is unknown. */
export function peakAfter(values: Float64Array, origin: number, { from, ticks }: Window): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (let tick = origin + from; tick < origin + from + ticks; tick++)
    peak = Math.max(peak, values[tick] ?? Number.NaN);
  return peak;
}

export interface ForecastModel {
  readonly name: string;
  /** Every call stands alone: equal inputs give equal forecasts to the bit. */
  fit(known: readonly KnownSeries[]): FittedModel;
}

export interface FittedModel {
  /**
   * [window x level of QUANTILE_LEVELS], base units, ascending within a window, >= 0.
   * A row of NaN where the model has nothing to say (too little history, say).
   */
  predict(series: number, windows: readonly Window[]): Float64Array;
  /** The same model after more ticks of the same series. Left out: it must be fitted anew. */
  extend?(known: readonly KnownSeries[]): FittedModel;
  /** What the forecasts of a series are made of, in one sentence. */
  explain?(series: number): string;
  /** The same in numbers, for each window. Undefined where too little is known to forecast. */
  parts?(series: number, windows: readonly Window[]): ForecastParts | undefined;
}

/** What a model that looks at one series alone has to give. */
export type FitOne = (known: KnownSeries) => (windows: readonly Window[]) => Float64Array;

export function eachOnItsOwn(name: string, fitOne: FitOne): ForecastModel {
  return {
    name,
    fit: (known) => {
      const fitted = known.map((one) => fitOne(one));
      return { predict: (series, windows) => fitted[series]?.(windows) ?? silence(windows.length) };
    },
  };
}

/** The forecast of who has nothing to say. */
export function silence(windowCount: number): Float64Array {
  return new Float64Array(windowCount * LEVEL_COUNT).fill(Number.NaN);
}
