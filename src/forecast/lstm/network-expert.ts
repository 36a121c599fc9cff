// The trained network as an expert of the demand engine: told of every tick, it says the next one and the windows asked of it.
// Series lie as VM x 4 + resource. Its state runs on from tick to tick; a day after it began it has forgotten where it began.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { type DemandHistory, readDemand } from "../demand-history.ts";
import type { QuantileRow } from "../fill-quantiles.ts";
import type { Window } from "../forecast-model.ts";
import { toLogScale } from "../log-scale.ts";
import type { KernelInference } from "../network/kernel-inference.ts";
import type { InferenceAnswer, InferenceRequest } from "../network/network-inference.ts";
import { isRefreshDue, type Moment, type SeasonTicks } from "../season-ticks.ts";
import type { CovariatesOf } from "../window-covariates.ts";
import { ENCODER_INPUTS, writeEncoderInputs } from "./encoder-inputs.ts";
import { FAR, LSTM_SHAPE, NEAR } from "./lstm-shape.ts";
import { RECENT_PEAKS, type RecentPeaks, recentPeaks } from "./recent-peaks.ts";
import { OWN_FEATURES, writeWindowFeatures } from "./window-features.ts";

export interface NetworkExpert {
  /** Answers within the tick; left out where somebody outside answers. */
  readonly inference: KernelInference | undefined;
  /** Numbers of `hidden`, and of `cell`, that a series has: more where several networks serve together. */
  readonly stateSize: number;
  /** The instant at which tick 0 starts. */
  readonly startMs: number;
  readonly stepMs: number;
  /** Asked on every tick. */
  readonly windows: readonly Window[];
  /** Asked once an hour, all of one length; a batch of series at a time, each at another tick. */
  readonly farWindows: readonly Window[];
  /** Series a request: a multiple of the resources of a VM. */
  readonly batchSeries: number;
  /** [series x hidden] */
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
  /** [series x window x level] on the log scale as it was then; NaN until it spoke. */
  readonly opinions: Float32Array;
  /** [series x window x RECENT_PEAKS] base units, redone once an hour. */
  readonly peaks: Float32Array;
  /** [series] 1 once its peaks were worked out. */
  readonly peaksKnown: Uint8Array;
  readonly room: BatchRoom;
}

/** Numbers of the batch in hand: an answer is to be taken before the next question is drawn. */
interface BatchRoom {
  readonly inputs: Float32Array;
  readonly near: Float32Array;
  readonly far: Float32Array;
  /** [series of the batch] the last demand on its own log scale. */
  readonly lasts: Float32Array;
}

export interface NetworkExpertOptions {
  readonly inference?: KernelInference | undefined;
  /** Of whoever answers elsewhere. */
  readonly stateSize?: number | undefined;
  readonly startMs: number;
  readonly stepMs: number;
  readonly seriesCount: number;
  readonly windows: readonly Window[];
  readonly farWindows?: readonly Window[];
  readonly batchSeries?: number | undefined;
}

/** For the kernels: so many series keep their numbers in the cache. */
export const BATCH_SERIES = 256;

export function createNetworkExpert(options: NetworkExpertOptions): NetworkExpert {
  const { inference, startMs, stepMs, seriesCount, windows } = options;
  const { farWindows = [], batchSeries = BATCH_SERIES } = options;
  const stateSize = options.stateSize ?? inference?.stateSize ?? LSTM_SHAPE.hidden;
  const rows = seriesCount * windows.length;
  const batch = Math.min(batchSeries, seriesCount);
  return {
    inference,
    stateSize,
    startMs,
    stepMs,
    windows,
    farWindows,
    batchSeries,
    hidden: new Float32Array(seriesCount * stateSize),
    cell: new Float32Array(seriesCount * stateSize),
    opinions: new Float32Array(rows * LEVEL_COUNT).fill(Number.NaN),
    peaks: new Float32Array(rows * RECENT_PEAKS),
    peaksKnown: new Uint8Array(seriesCount),
    room: {
      inputs: new Float32Array(batch * ENCODER_INPUTS),
      near: new Float32Array(batch * windows.length * OWN_FEATURES),
      far: new Float32Array(batch * farWindows.length * OWN_FEATURES),
      lasts: new Float32Array(batch),
    },
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
  readonly covariates?: CovariatesOf | undefined;
  /** Takes what was said of the far windows of a series: [far window x level] on the log scale. */
  readonly takeFar?: ((series: number, rows: QuantileRow) => void) | undefined;
}

/** One request, and where its answer belongs. */
export interface NetworkQuestion {
  readonly request: InferenceRequest;
  readonly take: (answer: InferenceAnswer) => void;
}

/** The requests of one tick, one after the other: their numbers are only valid until the next one is drawn. */
export function* networkQuestions(expert: NetworkExpert, seen: SeriesSeen): Generator<NetworkQuestion, void, void> {
  const seriesCount = seen.scales.length;
  for (let first = 0; first < seriesCount; first += expert.batchSeries) {
    const count = Math.min(expert.batchSeries, seriesCount - first);
    const turns = turnsHour({ ...expert, ...seen, series: first });
    const batch = { first, count, asksFar: turns && expert.farWindows.length > 0 };
    yield { request: requestOf(expert, seen, batch), take: (answer) => take(expert, seen, { batch, answer }) };
  }
}

/** Whether an hour of a series is over, as far as the far windows go: of all of a batch at once. */
export function turnsHour(of: {
  readonly batchSeries: number;
  readonly series: number;
  readonly next: number;
  readonly season: SeasonTicks;
}): boolean {
  return (of.next + Math.floor(of.series / of.batchSeries)) % of.season.hour === 0;
}

interface Batch {
  readonly first: number;
  readonly count: number;
  readonly asksFar: boolean;
}

function requestOf(expert: NetworkExpert, seen: SeriesSeen, { first, count, asksFar }: Batch): InferenceRequest {
  const { room, windows, farWindows, stateSize: size } = expert;
  for (let each = 0; each < count; each++) room.lasts[each] = lastOnLogScale(seen, first + each);
  room.lasts.fill(0, count);
  for (let each = 0; each < count; each++) {
    const series = first + each;
    if (seen.samples[series] === 0) {
      silence(room, each);
      continue;
    }
    writeInputs(expert, seen, { first, each });
    writeNear(expert, seen, { series, at: each * windows.length * OWN_FEATURES });
    if (asksFar) writeFar(expert, seen, { series, at: each * farWindows.length * OWN_FEATURES });
  }
  const [from, to] = [first * size, (first + count) * size];
  const near = room.near.subarray(0, count * windows.length * OWN_FEATURES);
  const far = room.far.subarray(0, count * farWindows.length * OWN_FEATURES);
  return {
    steps: 1,
    windows: count,
    inputs: room.inputs.subarray(0, count * ENCODER_INPUTS),
    state: { hidden: expert.hidden.subarray(from, to), cell: expert.cell.subarray(from, to) },
    questions: [
      { decoder: NEAR, rowsPerWindow: windows.length, features: near },
      ...(asksFar ? [{ decoder: FAR, rowsPerWindow: farWindows.length, features: far }] : []),
    ],
  };
}

/** Of a series never seen: the batch has a place for it all the same. */
function silence({ inputs, near, far }: BatchRoom, each: number): void {
  for (const numbers of [inputs, near, far]) {
    const width = numbers.length / (inputs.length / ENCODER_INPUTS);
    numbers.fill(0, each * width, (each + 1) * width);
  }
}

function take(
  expert: NetworkExpert,
  seen: SeriesSeen,
  { batch, answer }: { readonly batch: Batch; readonly answer: InferenceAnswer },
): void {
  const { first, count, asksFar } = batch;
  const { state, quantiles } = answer;
  const width = expert.windows.length * LEVEL_COUNT;
  const farWidth = expert.farWindows.length * LEVEL_COUNT;
  expert.hidden.set(state.hidden, first * expert.stateSize);
  expert.cell.set(state.cell, first * expert.stateSize);
  expert.opinions.set(quantiles[0] as Float32Array, first * width);
  for (let each = 0; each < count; each++) {
    const series = first + each;
    if (seen.samples[series] === 0) expert.opinions.fill(Number.NaN, series * width, (series + 1) * width);
    else if (asksFar) seen.takeFar?.(series, { values: quantiles[1] as Float32Array, at: each * farWidth });
  }
}

const others = new Float64Array(RESOURCE_COUNT - 1);

function writeInputs(
  { room, startMs, stepMs }: NetworkExpert,
  seen: SeriesSeen,
  { first, each }: { readonly first: number; readonly each: number },
): void {
  const series = first + each;
  const resource = series % RESOURCE_COUNT;
  const firstOfVm = each - resource;
  let place = 0;
  for (let other = 0; other < RESOURCE_COUNT; other++)
    if (other !== resource) others[place++] = room.lasts[firstOfVm + other] ?? 0;
  const tick = {
    own: room.lasts[each] as number,
    siblings: others,
    at: startMs + (seen.next - 1) * stepMs,
    scalePerFloor: (seen.scales[series] as number) / (seen.floors[series] as number),
    resource,
  };
  writeEncoderInputs(tick, room.inputs, each * ENCODER_INPUTS);
}

function lastOnLogScale(seen: SeriesSeen, series: number): number {
  if (seen.samples[series] === 0) return 0;
  return toLogScale(readDemand(seen.history, series, seen.next - 1), seen.scales[series] as number);
}

interface Place {
  readonly series: number;
  readonly at: number;
}

function writeNear(expert: NetworkExpert, seen: SeriesSeen, { series, at }: Place): void {
  const { windows, peaks, peaksKnown } = expert;
  const moment = momentAt(seen, series);
  const firstPeaks = series * windows.length * RECENT_PEAKS;
  const isDue = peaksKnown[series] === 0 || isRefreshDue(moment, seen.season.hour);
  peaksKnown[series] = 1;
  const peaksOf = (ticks: number) => {
    const place = windows.findIndex((window) => window.ticks === ticks);
    const start = firstPeaks + place * RECENT_PEAKS;
    const quantiles = peaks.subarray(start, start + RECENT_PEAKS);
    if (isDue) quantiles.set(recentPeaks(moment, ticks).quantiles);
    return { quantiles };
  };
  const question = { ...questionOf(expert, seen, moment), windows, peaksOf };
  writeWindowFeatures(question, expert.room.near, at);
}

function writeFar(expert: NetworkExpert, seen: SeriesSeen, { series, at }: Place): void {
  const moment = momentAt(seen, series);
  let known: RecentPeaks | undefined;
  const peaksOf = (ticks: number) => {
    known ??= recentPeaks(moment, ticks);
    return known;
  };
  const question = { ...questionOf(expert, seen, moment), windows: expert.farWindows, peaksOf };
  writeWindowFeatures(question, expert.room.far, at);
}

function questionOf({ startMs, stepMs }: NetworkExpert, seen: SeriesSeen, moment: Moment) {
  const { series, next } = moment;
  return {
    moment,
    at: startMs + next * stepMs,
    resource: series % RESOURCE_COUNT,
    floor: seen.floors[series] as number,
    covariates: seen.covariates?.(series),
  };
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
