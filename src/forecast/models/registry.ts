// Every model that can be named, one line each. To add one: a file beside this one, and its line.
import type { SeasonChoice } from "../../model/season.ts";
import type { ForecastModel } from "../forecast-model.ts";
import { silence } from "../forecast-model.ts";
import { decayingHistogramModel } from "./decaying-histogram.ts";
import { defaultEnsemble, type TrainedMember } from "./default-ensemble.ts";
import { fourierEvents } from "./fourier-events.ts";
import { holtWintersModel } from "./holt-winters.ts";
import { lastValue } from "./last-value.ts";
import { lstmModel } from "./lstm-model.ts";
import { prophetModel } from "./prophet-model.ts";
import { recentExtremes } from "./recent-extremes.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { seasonalQuantile } from "./seasonal-quantile.ts";
import { stl } from "./stl.ts";
import { weekdayQuantile } from "./weekday-quantile.ts";
import { window24h } from "./window-24h.ts";

export interface NamedModel {
  /** Follows the season given, where it follows one at all. Without a network those that need one are silent. */
  make(season: SeasonChoice, network?: TrainedMember): ForecastModel;
  /** Its forecasts change with the events that it is told of. */
  readonly usesEvents?: true;
  /** Without a trained network it has nothing to say. */
  readonly needsNetwork?: true;
}

/** What all others are set against. */
export const REFERENCE_MODEL = "seasonal-naive";

const SILENT: ForecastModel = {
  name: "lstm",
  fit: () => ({ predict: (_, windows) => silence(windows.length) }),
};

export const MODELS: Readonly<Record<string, NamedModel>> = {
  ensemble: { make: defaultEnsemble, usesEvents: true },
  lstm: {
    make: (_, network) => (network === undefined ? SILENT : lstmModel(network)),
    usesEvents: true,
    needsNetwork: true,
  },
  prophet: { make: () => prophetModel(), usesEvents: true },
  "seasonal-naive": { make: (season) => seasonalNaive({ scale: "linear", season }) },
  "seasonal-naive-log": { make: (season) => seasonalNaive({ scale: "log", season }) },
  "last-value": { make: lastValue },
  "window-24h": { make: window24h },
  "seasonal-quantile": { make: seasonalQuantile },
  "weekday-quantile": { make: weekdayQuantile },
  "decaying-histogram": { make: decayingHistogramModel },
  "recent-extremes": { make: recentExtremes },
  "holt-winters": { make: (season) => holtWintersModel({ scale: "linear", season }) },
  "holt-winters-log": { make: (season) => holtWintersModel({ scale: "log", season }) },
  stl: { make: (season) => stl({ scale: "linear", season }), usesEvents: true },
  "stl-log": { make: (season) => stl({ scale: "log", season }), usesEvents: true },
  "fourier-events": { make: (season) => fourierEvents({ scale: "log", season }), usesEvents: true },
  "fourier-events-linear": { make: (season) => fourierEvents({ scale: "linear", season }), usesEvents: true },
};
