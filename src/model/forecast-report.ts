// Forecasts from one origin each, as numbers: for every series and model quantiles of the windows ahead, and what they rest on.
import type { QuantileLevel } from "./forecast.ts";
import type { ForecastParts } from "./forecast-parts.ts";
import type { Resource } from "./resources.ts";

export const FORECAST_SCHEMA = "headroom.forecast/1";

/** A tick, or the peak over half an hour, an hour, a day. */
export type WindowKind = "tick" | "peak-30m" | "peak-1h" | "peak-1d";

export interface ForecastWindow {
  readonly kind: WindowKind;
  /** ISO 8601, UTC; the end is exclusive. */
  readonly start: string;
  readonly end: string;
  /** [level] ascending, in `unit`; null: too little is known to say anything. */
  readonly quantiles: readonly number[] | null;
  /** What came, where the data reach beyond the origin; null where it is not known. */
  readonly came: number | null;
}

export interface ModelForecast {
  /** A name of the registry. */
  readonly model: string;
  /** In one sentence; null where the model does not say. */
  readonly sentence: string | null;
  readonly windows: readonly ForecastWindow[];
  /** Only where asked for, and where the model can say so. */
  readonly parts?: ForecastParts["parts"];
}

/** An event that touches the time ahead, and what such events did to this series so far. */
export interface EventAhead {
  readonly kind: string;
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly effect: string;
}

/** How far a forecast can be trusted. */
export interface ForecastGround {
  /** Of samples up to the origin. */
  readonly hours: number;
  readonly ticks: number;
  readonly missing: number;
  /** Since the last sample; 0 where there is one in the last tick. */
  readonly hoursSinceSample: number;
  /** 0..1, part of the profile beside the model. */
  readonly profileShare: number;
  readonly sentence: string;
}

export interface SeriesForecast {
  /** Of the VM, or of the file where it holds one series. */
  readonly name: string;
  readonly resource: Resource | null;
  /** Of all amounts; null where a file does not say what it measures. */
  readonly unit: string | null;
  /** The forecast knows samples before this instant only. */
  readonly origin: string;
  readonly stepSeconds: number;
  readonly ground: ForecastGround;
  readonly models: readonly ModelForecast[];
  /** Only where parts were asked for. */
  readonly eventsAhead?: readonly EventAhead[];
}

export interface ForecastReport {
  readonly schema: typeof FORECAST_SCHEMA;
  /** Of every row of quantiles. */
  readonly levels: readonly QuantileLevel[];
  /** Id of the trained network that was asked too. */
  readonly network: string | null;
  readonly series: readonly SeriesForecast[];
}
