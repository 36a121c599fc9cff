// What the network is asked about the 24 hours ahead of a few series, apart from the ticks: it reads their last hours anew.
import { RESOURCE_COUNT } from "../../model/resources.ts";
import type { DemandEngine } from "../demand-engine.ts";
import { readDemand } from "../demand-history.ts";
import { toLogScale } from "../log-scale.ts";
import { ENCODER_INPUTS, writeEncoderInputs } from "../lstm/encoder-inputs.ts";
import { FAR, WARM_UP_STEPS } from "../lstm/lstm-shape.ts";
import type { NetworkExpert } from "../lstm/network-expert.ts";
import { type RecentPeaks, recentPeaks } from "../lstm/recent-peaks.ts";
import { OWN_FEATURES, writeWindowFeatures } from "../lstm/window-features.ts";
import type { InferenceRequest } from "../network/network-inference.ts";
import type { CovariatesOf } from "../window-covariates.ts";
import { farDay } from "./hourly-peaks-ahead.ts";

/**
 * A request for the hourly peaks of `series`, after the last tick: its one answer is [series x hour x level] on the log
 * scale of each series' largest demand. Undefined where the engine has no network, or one that sleeps.
 */
export function farQuestion(
  engine: DemandEngine,
  series: readonly number[],
  covariates?: CovariatesOf,
): InferenceRequest | undefined {
  const { network, season } = engine;
  if (network === undefined || engine.tick < engine.networkFrom || series.length === 0) return undefined;
  const windows = farDay(season);
  const inputs = new Float32Array(WARM_UP_STEPS * series.length * ENCODER_INPUTS);
  const features = new Float32Array(series.length * windows.length * OWN_FEATURES);
  for (const [place, each] of series.entries()) {
    for (let step = 0; step < WARM_UP_STEPS; step++)
      writeStep(
        engine,
        network,
        { series: each, back: WARM_UP_STEPS - step },
        {
          values: inputs,
          at: (step * series.length + place) * ENCODER_INPUTS,
        },
      );
    writeDay(
      engine,
      network,
      { series: each, covariates },
      { values: features, at: place * windows.length * OWN_FEATURES },
    );
  }
  const question = { decoder: FAR, rowsPerWindow: windows.length, features };
  return { steps: WARM_UP_STEPS, windows: series.length, inputs, questions: [question] };
}

interface Target {
  readonly values: Float32Array;
  readonly at: number;
}

const siblings = new Float64Array(RESOURCE_COUNT - 1);

function writeStep(
  engine: DemandEngine,
  { startMs, stepMs }: NetworkExpert,
  { series, back }: { readonly series: number; readonly back: number },
  { values, at }: Target,
): void {
  const resource = series % RESOURCE_COUNT;
  let place = 0;
  for (let other = 0; other < RESOURCE_COUNT; other++)
    if (other !== resource) siblings[place++] = seenAt(engine, series - resource + other, back);
  const seen = {
    own: seenAt(engine, series, back),
    siblings,
    at: startMs + (engine.tick - back) * stepMs,
    scalePerFloor: (engine.largest[series] as number) / (engine.floors[series] as number),
    resource,
  };
  writeEncoderInputs(seen, values, at);
}

/** So many ticks ago, log scale; 0 where nothing was known. */
function seenAt({ history, samples, largest, tick }: DemandEngine, series: number, back: number): number {
  if (back > (samples[series] ?? 0)) return 0;
  return toLogScale(readDemand(history, series, tick - back), largest[series] as number);
}

function writeDay(
  engine: DemandEngine,
  { startMs, stepMs }: NetworkExpert,
  { series, covariates }: { readonly series: number; readonly covariates: CovariatesOf | undefined },
  { values, at }: Target,
): void {
  const { history, season, tick, floors, largest } = engine;
  const samples = Math.min(engine.samples[series] as number, season.week);
  if (samples === 0) return;
  const moment = { series, next: tick, samples, scale: largest[series] as number, history, season };
  let known: RecentPeaks | undefined;
  const question = {
    moment,
    at: startMs + tick * stepMs,
    resource: series % RESOURCE_COUNT,
    floor: floors[series] as number,
    windows: farDay(season),
    peaksOf: (ticks: number) => {
      known ??= recentPeaks(moment, ticks);
      return known;
    },
    covariates: covariates?.(series),
  };
  writeWindowFeatures(question, values, at);
}
