// The ensemble that serves when nothing else is named: the LSTM where one was trained for such ticks, Prophet, and fast floors.
import type { SeasonChoice } from "../../model/season.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../../model/time.ts";
import type { FittedModel, ForecastModel } from "../forecast-model.ts";
import { type EnsembleMember, type EnsembleSetting, ensemble } from "./ensemble.ts";
import { fourierEvents } from "./fourier-events.ts";
import { holtWintersModel } from "./holt-winters.ts";
import { lastValue } from "./last-value.ts";
import { lstmModel, type ServedNetwork } from "./lstm-model.ts";
import { prophetModel } from "./prophet-model.ts";
import { seasonalNaive } from "./seasonal-naive.ts";
import { seasonalQuantile } from "./seasonal-quantile.ts";
import { stl } from "./stl.ts";
import { weekdayQuantile } from "./weekday-quantile.ts";
import { window24h } from "./window-24h.ts";

/** A network and the instant up to which it has seen the series that it forecasts. */
export interface TrainedMember extends ServedNetwork {
  readonly trainedUntil: Instant;
}

/** Members and lessons fit the length of the ticks: minutes, hours or days. */
export function defaultEnsemble(season: SeasonChoice, network?: TrainedMember): ForecastModel {
  return {
    name: "ensemble",
    fit: (known): FittedModel => ensemble(settingFor(known[0]?.grid.stepMs ?? HOUR_MS, season, network)).fit(known),
  };
}

function settingFor(stepMs: number, season: SeasonChoice, network: TrainedMember | undefined): EnsembleSetting {
  const isFine = stepMs < HOUR_MS;
  const members = isFine ? fineMembers(season, network) : coarseMembers(season);
  const horizonTicks = stepMs < DAY_MS ? Math.round(DAY_MS / stepMs) : 30;
  return { name: "ensemble", members, horizonTicks, lessons: lessonsFor(stepMs) };
}

/** Strides meet every time of the day, or day of the week, in turn. */
function lessonsFor(stepMs: number): EnsembleSetting["lessons"] {
  if (stepMs < HOUR_MS)
    return { strideTicks: Math.max(1, Math.round((5 * HOUR_MS) / stepMs)), count: 28, halfLife: 10 };
  return stepMs < DAY_MS
    ? { strideTicks: Math.round((11 * HOUR_MS) / stepMs), count: 28, halfLife: 24 }
    : { strideTicks: 9, count: 28, halfLife: 24 };
}

function fineMembers(season: SeasonChoice, network: TrainedMember | undefined): readonly EnsembleMember[] {
  const statistics = [
    { model: prophetModel(), prior: 0.15 },
    { model: holtWintersModel({ scale: "linear", season }), prior: 0.15 },
    { model: holtWintersModel({ scale: "log", season }), prior: 0.1 },
    { model: seasonalQuantile(season), prior: 0.05 },
    { model: weekdayQuantile(season), prior: 0.05 },
    { model: lastValue(season), prior: 0.05 },
    { model: window24h(season), prior: 0.05 },
    { model: seasonalNaive({ scale: "linear", season }), prior: 0.05 },
  ];
  if (network === undefined) return statistics;
  return [{ model: lstmModel(network), prior: 0.4, trainedUntil: network.trainedUntil }, ...statistics];
}

function coarseMembers(season: SeasonChoice): readonly EnsembleMember[] {
  return [
    { model: prophetModel(), prior: 0.3 },
    { model: stl({ scale: "log", season }), prior: 0.25 },
    { model: fourierEvents({ scale: "log", season }), prior: 0.25 },
    { model: holtWintersModel({ scale: "log", season }), prior: 0.1 },
    { model: seasonalNaive({ scale: "log", season }), prior: 0.1 },
  ];
}
