// The trained network as an expert of the demand engine: told of every tick, it says the next one and the next 30-min peak.
// Series lie as VM x 4 + resource. Its state runs on from tick to tick; a day after it began it has forgotten where it began.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { type DemandHistory, readDemand } from "../demand-history.ts";
import type { Window } from "../forecast-model.ts";
import { toLogScale } from "../log-scale.ts";
import type { KernelInference } from "../network/kernel-inference.ts";
import { isRefreshDue, type Moment, type SeasonTicks } from "../season-ticks.ts";
import { ENCODER_INPUTS, writeEncoderInputs } from "./encoder-inputs.ts";
import { LSTM_SHAPE, NEAR } from "./lstm-shape.ts";
import { RECENT_PEAKS, recentPeaks } from "./recent-peaks.ts";
import { OWN_FEATURES, writeWindowFeatures } from "./window-features.ts";

export interface NetworkExpert {
  readonly inference: KernelInference;
  /** The instant at which tick 0 starts. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly windows: readonly Window[];
  /** [series x hidden] */
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
  /** [series x window x level] on the log scale as it was then; NaN until it spoke. */
  readonly opinions: Float32Array;
  /** [series x window x RECENT_PEAKS] base units, redone once an hour. */
  readonly peaks: Float32Array;
  /** [series] 1 once its peaks were worked out. */
  readonly peaksKnown: Uint8Array;
}

export interface NetworkExpertOptions {
  readonly inference: KernelInference;
  readonly startMs: number;
  readonly stepMs: number;
  readonly seriesCount: number;
  readonly windows: readonly Window[];
}

export function createNetworkExpert(options: NetworkExpertOptions): NetworkExpert {
  const { inference, startMs, stepMs, seriesCount, windows } = options;
  const rows = seriesCount * windows.length;
  return {
    inference,
    startMs,
    stepMs,
    windows,
    hidden: new Float32Array(seriesCount * LSTM_SHAPE.hidden),
    cell: new Float32Array(seriesCount * LSTM_SHAPE.hidden),
    opinions: new Float32Array(rows * LEVEL_COUNT).fill(Number.NaN),
    peaks: new Float32Array(rows * RECENT_PEAKS),
    peaksKnown: new Uint8Array(seriesCount),
  };
}

/** What the engine knows of all series just before tick `next`. */
export interface SeriesSeen {
  readonly next: number;
  readonly history: DemandHistory;
  readonly season: SeasonTicks;
  /** [series] */
  readonly scales: Float64Array;
  readonly samples: Int32Array;
  readonly floors: Float64Array;
}

/** Series a request: their numbers stay in the cache. */
const GROUP_SERIES = 256;

/** Moves the state of every series by the tick just past and writes the opinions about the next. */
export function askNetwork(expert: NetworkExpert, seen: SeriesSeen): void {
  const seriesCount = seen.scales.length;
  for (let first = 0; first < seriesCount; first += GROUP_SERIES)
    askGroup(expert, seen, { first, count: Math.min(GROUP_SERIES, seriesCount - first) });
}

interface Group {
  readonly first: number;
  readonly count: number;
}

function askGroup(expert: NetworkExpert, seen: SeriesSeen, { first, count }: Group): void {
  const { hidden: size } = LSTM_SHAPE;
  const rows = expert.windows.length;
  const inputs = new Float32Array(count * ENCODER_INPUTS);
  const features = new Float32Array(count * rows * OWN_FEATURES);
  for (let each = 0; each < count; each++) {
    if (seen.samples[first + each] === 0) continue;
    writeInputs(expert, seen, first + each, { values: inputs, at: each * ENCODER_INPUTS });
    writeFeatures(expert, seen, first + each, { values: features, at: each * rows * OWN_FEATURES });
  }
  const [from, to] = [first * size, (first + count) * size];
  const { state, quantiles } = expert.inference.infer({
    steps: 1,
    windows: count,
    inputs,
    state: { hidden: expert.hidden.subarray(from, to), cell: expert.cell.subarray(from, to) },
    questions: [{ decoder: NEAR, rowsPerWindow: rows, features }],
  });
  expert.hidden.set(state.hidden, from);
  expert.cell.set(state.cell, from);
  expert.opinions.set(quantiles[0] as Float32Array, first * rows * LEVEL_COUNT);
  for (let each = first; each < first + count; each++)
    if (seen.samples[each] === 0)
      expert.opinions.fill(Number.NaN, each * rows * LEVEL_COUNT, (each + 1) * rows * LEVEL_COUNT);
}

interface Target {
  readonly values: Float32Array;
  readonly at: number;
}

const others = new Float64Array(RESOURCE_COUNT - 1);

function writeInputs(expert: NetworkExpert, seen: SeriesSeen, series: number, { values, at }: Target): void {
  const resource = series % RESOURCE_COUNT;
  const firstOfVm = series - resource;
  let place = 0;
  for (let other = 0; other < RESOURCE_COUNT; other++)
    if (other !== resource) others[place++] = lastOnLogScale(seen, firstOfVm + other);
  const tick = {
    own: lastOnLogScale(seen, series),
    siblings: others,
    at: expert.startMs + (seen.next - 1) * expert.stepMs,
    scalePerFloor: (seen.scales[series] as number) / (seen.floors[series] as number),
    resource,
  };
  writeEncoderInputs(tick, values, at);
}

function lastOnLogScale(seen: SeriesSeen, series: number): number {
  if (seen.samples[series] === 0) return 0;
  return toLogScale(readDemand(seen.history, series, seen.next - 1), seen.scales[series] as number);
}

function writeFeatures(expert: NetworkExpert, seen: SeriesSeen, series: number, { values, at }: Target): void {
  const moment = momentAt(seen, series);
  const firstPeaks = series * expert.windows.length * RECENT_PEAKS;
  const isDue = expert.peaksKnown[series] === 0 || isRefreshDue(moment, seen.season.hour);
  expert.peaksKnown[series] = 1;
  const peaksOf = (ticks: number) => {
    const place = expert.windows.findIndex((window) => window.ticks === ticks);
    const start = firstPeaks + place * RECENT_PEAKS;
    const quantiles = expert.peaks.subarray(start, start + RECENT_PEAKS);
    if (isDue) quantiles.set(recentPeaks(moment, ticks).quantiles);
    return { quantiles };
  };
  const question = {
    moment,
    at: expert.startMs + seen.next * expert.stepMs,
    resource: series % RESOURCE_COUNT,
    floor: seen.floors[series] as number,
    windows: expert.windows,
    peaksOf,
  };
  writeWindowFeatures(question, values, at);
}

function momentAt(seen: SeriesSeen, series: number): Moment {
  const { next, history, season } = seen;
  return {
    series,
    next,
    samples: Math.min(seen.samples[series] as number, season.week),
    scale: seen.scales[series] as number,
    history,
    season,
  };
}
