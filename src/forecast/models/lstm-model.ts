// The global LSTM behind the seam: one trained network for all series, up to a day ahead. It learns nothing when fitted.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { DEMAND_FLOORS, RESOURCES } from "../../model/resources.ts";
import { WEEK_MS } from "../../model/time.ts";
import { type FittedModel, type ForecastModel, type KnownSeries, silence, type Window } from "../forecast-model.ts";
import { fromLogScale } from "../log-scale.ts";
import { type DemandPanel, demandPanel, momentOf } from "../lstm/demand-panel.ts";
import { ENCODER_INPUTS } from "../lstm/encoder-inputs.ts";
import { decoderOf, FAR, NEAR, WARM_UP_STEPS } from "../lstm/lstm-shape.ts";
import { recentPeaks } from "../lstm/recent-peaks.ts";
import { writeStep } from "../lstm/training-examples.ts";
import { OWN_FEATURES, writeWindowFeatures } from "../lstm/window-features.ts";
import type { KernelInference } from "../network/kernel-inference.ts";
import type { WriteCovariates } from "../window-covariates.ts";

export interface ServedNetwork {
  readonly inference: KernelInference;
  /** Length of the ticks that it was trained on: it is silent about others. */
  readonly stepMs: number;
}

/** Silent about windows that end more than a day ahead, and about series shorter than the encoder's warm-up. */
export function lstmModel(network: ServedNetwork): ForecastModel {
  return {
    name: "lstm",
    fit: (known): FittedModel => {
      const panels = known.map((one) => panelOf(known, one));
      return {
        predict: (series, windows) => {
          const panel = panels[series];
          const isServed = panel !== undefined && panel.stepMs === network.stepMs && hasHistory(panel);
          const covariates = known[series]?.covariates;
          return isServed ? ask(network.inference, { panel, windows, covariates }) : silence(windows.length);
        },
      };
    },
  };
}

/** The series itself comes first, its siblings after it. */
function panelOf(known: readonly KnownSeries[], one: KnownSeries): DemandPanel {
  const siblings = (one.siblings ?? []).map((index) => known[index]).filter((other) => other !== undefined);
  const alike = siblings.filter((other) => other.values.length === one.values.length);
  const all = [one, ...alike];
  // The encoder and the features look back a week; the scale of the first of these ticks looks back one more.
  const { startMs, stepMs, length } = one.grid;
  const from = Math.max(0, length - Math.ceil((2 * WEEK_MS) / stepMs) - WARM_UP_STEPS);
  return demandPanel({
    startMs: startMs + from * stepMs,
    stepMs,
    values: all.map(({ values }) => values.subarray(from)),
    resources: all.map(resourceOf),
    floors: all.map(floorOf),
    siblings: [alike.map((_, index) => index + 1)],
  });
}

function resourceOf({ resource }: KnownSeries): number {
  return resource === undefined ? 0 : RESOURCES.indexOf(resource);
}

/** A series of no known resource has no unit: its own largest value tells what is next to nothing. */
function floorOf({ resource, values }: KnownSeries): number {
  if (resource !== undefined) return DEMAND_FLOORS[resource];
  return Math.max(Number.MIN_VALUE, 1e-4 * values.reduce((largest, value) => (value > largest ? value : largest), 0));
}

function hasHistory({ ticks, firstKnown }: DemandPanel): boolean {
  return ticks - (firstKnown[0] ?? ticks) >= WARM_UP_STEPS;
}

interface Asked {
  readonly panel: DemandPanel;
  readonly windows: readonly Window[];
  readonly covariates: WriteCovariates | undefined;
}

function ask(inference: KernelInference, { panel, windows, covariates }: Asked): Float64Array {
  const rows = silence(windows.length);
  const inputs = new Float32Array(WARM_UP_STEPS * ENCODER_INPUTS);
  for (let step = 0; step < WARM_UP_STEPS; step++)
    writeStep(panel, { series: 0, tick: panel.ticks - WARM_UP_STEPS + step }, inputs, step * ENCODER_INPUTS);
  const moment = momentOf(panel, { series: 0, next: panel.ticks, samplesMax: panel.season.week });
  const asked = [NEAR, FAR].map((decoder) => ({
    decoder,
    windows: windows.filter((one) => decoderOf(one, panel.season) === decoder && reaches(one, panel)),
  }));
  const questions = asked.filter((one) => one.windows.length > 0);
  if (questions.length === 0) return rows;
  const known = new Map<number, ReturnType<typeof recentPeaks>>();
  const peaksOf = (ticks: number) => {
    const kept = known.get(ticks) ?? recentPeaks(moment, ticks);
    known.set(ticks, kept);
    return kept;
  };
  const { quantiles } = inference.infer({
    steps: WARM_UP_STEPS,
    windows: 1,
    inputs,
    questions: questions.map((question) => {
      const features = new Float32Array(question.windows.length * OWN_FEATURES);
      const at = panel.startMs + panel.ticks * panel.stepMs;
      const floor = panel.floors[0] ?? 1;
      writeWindowFeatures(
        { moment, at, resource: panel.resources[0] ?? 0, floor, windows: question.windows, peaksOf, covariates },
        features,
        0,
      );
      return { decoder: question.decoder, rowsPerWindow: question.windows.length, features };
    }),
  });
  for (const [place, question] of questions.entries())
    for (const [row, window] of question.windows.entries())
      for (let level = 0; level < LEVEL_COUNT; level++)
        rows[windows.indexOf(window) * LEVEL_COUNT + level] = fromLogScale(
          quantiles[place]?.[row * LEVEL_COUNT + level] ?? Number.NaN,
          moment.scale,
        );
  return rows;
}

function reaches({ from, ticks }: Window, { season }: DemandPanel): boolean {
  return from + ticks <= season.day;
}
