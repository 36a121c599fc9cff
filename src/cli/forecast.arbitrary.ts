// A forecast report for tests: made up, small, with all that a report can hold.
import { QUANTILE_LEVELS } from "../model/forecast.ts";
import {
  FORECAST_SCHEMA,
  type ForecastReport,
  type ForecastWindow,
  type ModelForecast,
  type SeriesForecast,
  type WindowKind,
} from "../model/forecast-report.ts";

/** 2026-03-16, a Monday. */
const ORIGIN_MS = Date.UTC(2026, 2, 16);
const MINUTE_MS = 60_000;

/** Quantiles rise from half of `median` to three times of it. */
export function aWindow(kind: WindowKind, given: { from: number; minutes: number; median: number }): ForecastWindow {
  const start = ORIGIN_MS + given.from * MINUTE_MS;
  return {
    kind,
    start: new Date(start).toISOString(),
    end: new Date(start + given.minutes * MINUTE_MS).toISOString(),
    quantiles: QUANTILE_LEVELS.map(
      (level) => given.median * (level < 0.5 ? 0.5 + level : 1 + 2 * (level - 0.5) ** 2 * 4),
    ),
    came: null,
  };
}

/** The next ticks, the peak of 30 min, hourly peaks: busiest from 14 to 15 h. */
export function aModelForecast(changes: Partial<ModelForecast> = {}): ModelForecast {
  return {
    model: "ensemble",
    sentence: "stl 80 %, prophet 20 %: by what each got right in 200 comparisons lately.",
    windows: [
      ...[0, 5, 10, 15, 20, 25].map((from) => aWindow("tick", { from, minutes: 5, median: 0.4 })),
      aWindow("peak-30m", { from: 0, minutes: 30, median: 0.5 }),
      ...Array.from({ length: 24 }, (_, hour) =>
        aWindow("peak-1h", { from: 60 * hour, minutes: 60, median: hour === 14 ? 1.2 : 0.6 }),
      ),
    ],
    ...changes,
  };
}

export function aSeriesForecast(changes: Partial<SeriesForecast> = {}): SeriesForecast {
  return {
    name: "web-1",
    resource: "cpu",
    unit: "cores",
    origin: new Date(ORIGIN_MS).toISOString(),
    stepSeconds: 300,
    ground: {
      hours: 672,
      ticks: 8064,
      missing: 3,
      hoursSinceSample: 0,
      profileShare: 0,
      sentence: "28 days of history.",
    },
    models: [aModelForecast()],
    ...changes,
  };
}

export function aForecastReport(series: readonly SeriesForecast[] = [aSeriesForecast()]): ForecastReport {
  return { schema: FORECAST_SCHEMA, levels: QUANTILE_LEVELS, network: null, series };
}
