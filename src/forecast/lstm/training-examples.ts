// Batches of training out of a panel: random stretches of random series, and questions about windows after some of their ticks.
// The same random stream gives the same batches; nothing after `lastTick` is ever looked at.
import type { SeededRandom } from "../../model/seeded-random.ts";
import { readDemand } from "../demand-history.ts";
import type { Window } from "../forecast-model.ts";
import { toLogScale } from "../log-scale.ts";
import type { Question, TrainingBatch } from "../network/batch.ts";
import type { WriteCovariates } from "../window-covariates.ts";
import { type DemandPanel, momentOf, SIBLING_COUNT } from "./demand-panel.ts";
import { ENCODER_INPUTS, writeEncoderInputs } from "./encoder-inputs.ts";
import { FAR, NEAR, WARM_UP_STEPS } from "./lstm-shape.ts";
import { type Lift, pretend } from "./pretend-series.ts";
import { type RecentPeaks, recentPeaks } from "./recent-peaks.ts";
import { OWN_FEATURES, writeWindowFeatures } from "./window-features.ts";

const WINDOWS = 64;
const STEPS = WARM_UP_STEPS;
/** The state of an encoder that just began says little: it is asked from here on. */
const BURN_IN = 24;
const STATES_PER_WINDOW = 3;
const ROWS_PER_STATE = 3;
/** This share of stretches is read as if the series were younger than a week. */
const YOUNG_SHARE = 0.25;

export interface Examples {
  readonly panel: DemandPanel;
  /** At least one; from `seriesWithRoom`. */
  readonly series: readonly number[];
  /** Moments are drawn from [firstTick, lastTick); targets end before lastTick. */
  readonly firstTick: number;
  readonly lastTick: number;
  /** Kept from batch to batch: quantiles of recent peaks by series, hour and window length. */
  readonly peaksKnown: Map<number, RecentPeaks>;
  /** What else is known of an example. Left out: nothing ever. */
  readonly invent?: Invent | undefined;
}

/** Signals of one stretch of a series: recorded ones, or invented ones where public demand comes without any. */
export type Invent = (stretch: ExampleStretch, random: SeededRandom) => Invention | undefined;

export interface ExampleStretch {
  readonly series: number;
  /** Ticks that the encoder reads. */
  readonly from: number;
  readonly to: number;
  /** The series is read as if its first sample came then. */
  readonly bornAt?: number;
  /** The first of the moments at which questions are asked; the last is `to`. */
  readonly askedFrom: number;
  /** Of the ticks before it anything may be known. */
  readonly lastTick: number;
}

interface Invention {
  /** What happens to demand. */
  readonly lift?: Lift | undefined;
  /** What is told of the signals just before tick `next`. */
  covariatesAt(next: number): WriteCovariates | undefined;
}

export function drawBatch(examples: Examples, random: SeededRandom): TrainingBatch {
  const { panel } = examples;
  const inputs = new Float32Array(STEPS * WINDOWS * ENCODER_INPUTS);
  const stateCount = WINDOWS * STATES_PER_WINDOW;
  const near = emptyQuestion(NEAR, stateCount);
  const far = emptyQuestion(FAR, stateCount);
  for (let window = 0; window < WINDOWS; window++) {
    const stretch = drawStretch(examples, random);
    const invention = examples.invent?.(stretch, random);
    const unit = volumeUnit(panel, stretch.series, stretch.askedFrom);
    const takeBack = pretendStretch(panel, stretch, invention?.lift);
    for (let step = 0; step < STEPS; step++) {
      const seen = { series: stretch.series, tick: stretch.from + step };
      // An encoder in service is told zeros as long as there is nothing to tell.
      if (stretch.bornAt !== undefined && seen.tick < stretch.bornAt) continue;
      writeStep(panel, seen, inputs, (step * WINDOWS + window) * ENCODER_INPUTS);
    }
    for (let each = 0; each < STATES_PER_WINDOW; each++) {
      const drawn = { window, state: window * STATES_PER_WINDOW + each, stretch, invention, unit };
      writeState(examples, drawn, { random, near, far });
    }
    takeBack();
  }
  return { steps: STEPS, windows: WINDOWS, inputs, questions: [near, far] };
}

/** Returns what takes it back. The other resources of a VM are as young as the series itself. */
function pretendStretch(panel: DemandPanel, { series, to, bornAt }: ExampleStretch, lift: Lift | undefined) {
  if (lift === undefined && bornAt === undefined) return () => {};
  const scalesTo = to + 1;
  const own = pretend(panel, { series, lift, bornAt, scalesTo });
  if (bornAt === undefined) return own;
  const siblings = panel.siblings.subarray(series * SIBLING_COUNT, (series + 1) * SIBLING_COUNT);
  const all = [own];
  for (const sibling of siblings) if (sibling >= 0) all.push(pretend(panel, { series: sibling, bornAt, scalesTo }));
  return () => {
    for (const takeBack of all) takeBack();
  };
}

interface DrawnState {
  readonly window: number;
  readonly state: number;
  readonly stretch: ExampleStretch;
  readonly invention: Invention | undefined;
  /** Of volumes, base units. */
  readonly unit: number;
}

/** One state after a step of the stretch, and the windows that both decoders are asked about. */
function writeState(
  examples: Examples,
  { window, state, stretch, invention, unit }: DrawnState,
  { random, near, far }: { readonly random: SeededRandom; readonly near: Question; readonly far: Question },
): void {
  const { hour, halfHour, day, week } = examples.panel.season;
  const step = BURN_IN + random.below(STEPS - BURN_IN);
  near.states[state] = far.states[state] = step * WINDOWS + window;
  const { series, from, bornAt } = stretch;
  const next = from + step + 1;
  const moment = { series, next, samplesMax: bornAt === undefined ? week : Math.min(week, next - bornAt) };
  const hasOwnPast = moment.samplesMax < week || (invention?.lift !== undefined && invention.lift.from < next);
  const peaksOf = hasOwnPast
    ? onceForEach((ticks) => recentPeaks(momentOf(examples.panel, moment), ticks))
    : (ticks: number) => keptPeaks(examples, moment, ticks);
  const asked = { moment, state, unit, covariates: invention?.covariatesAt(next), peaksOf };
  const nearWindows = [
    { from: 0, ticks: 1 },
    { from: 0, ticks: halfHour },
    { from: random.below(halfHour), ticks: 1 },
  ];
  const farWindows = [
    { from: random.below(day), ticks: 1 },
    { from: random.below(day), ticks: 1 },
    { from: hour * random.below(24), ticks: hour },
  ];
  writeRows(examples, { ...asked, windows: nearWindows }, near);
  writeRows(examples, { ...asked, windows: farWindows }, far);
}

/** The tick just seen by the encoder, with scales as they were after it. */
export function writeStep(
  panel: DemandPanel,
  { series, tick }: { readonly series: number; readonly tick: number },
  inputs: Float32Array,
  place: number,
): void {
  const scale = scaleAfter(panel, series, tick);
  const others = [0, 0, 0];
  for (let sibling = 0; sibling < SIBLING_COUNT; sibling++) {
    const other = panel.siblings[series * SIBLING_COUNT + sibling] as number;
    if (other >= 0) others[sibling] = toLogScale(valueAt(panel, other, tick), scaleAfter(panel, other, tick));
  }
  const seen = {
    own: toLogScale(valueAt(panel, series, tick), scale),
    siblings: others,
    at: panel.startMs + tick * panel.stepMs,
    scalePerFloor: scale / (panel.floors[series] as number),
    resource: panel.resources[series] as number,
  };
  writeEncoderInputs(seen, inputs, place);
}

/** Series with room for a stretch that ends before `lastTick`. */
export function seriesWithRoom(panel: DemandPanel, lastTick: number): readonly number[] {
  return Array.from(panel.firstKnown.keys()).filter((series) => (panel.firstKnown[series] ?? 0) + STEPS < lastTick);
}

function drawStretch({ panel, series: usable, firstTick, lastTick }: Examples, random: SeededRandom): ExampleStretch {
  const series = usable[random.below(usable.length)] ?? 0;
  const earliest = Math.max(panel.firstKnown[series] ?? 0, firstTick - STEPS);
  const latest = lastTick - STEPS;
  const from = Math.min(earliest, latest - 1) + random.below(Math.max(1, latest - earliest));
  const to = from + STEPS;
  const askedFrom = from + BURN_IN + 1;
  const stretch = { series, from, to, askedFrom, lastTick };
  return random.next() < YOUNG_SHARE ? { ...stretch, bornAt: drawBirth(panel, stretch, random) } : stretch;
}

/** Any age up to a week, the smaller the likelier; there is at least one sample when the first question is asked. */
function drawBirth({ season }: DemandPanel, { to, askedFrom }: ExampleStretch, random: SeededRandom): number {
  const youngest = to - askedFrom + 1;
  const age = youngest * (Math.max(youngest, season.week) / youngest) ** random.next();
  return Math.max(0, to - Math.ceil(age));
}

function emptyQuestion(decoder: number, stateCount: number): Question {
  const rows = stateCount * ROWS_PER_STATE;
  return {
    decoder,
    states: new Int32Array(stateCount),
    rowsPerState: ROWS_PER_STATE,
    features: new Float32Array(rows * OWN_FEATURES),
    targets: new Float32Array(rows),
    volumeWeights: new Float32Array(rows),
    weight: 0.5,
  };
}

interface Asked {
  readonly moment: { readonly series: number; readonly next: number; readonly samplesMax: number };
  readonly windows: readonly Window[];
  readonly state: number;
  readonly unit: number;
  readonly covariates: WriteCovariates | undefined;
  readonly peaksOf: (ticks: number) => RecentPeaks;
}

function writeRows(
  examples: Examples,
  { moment, windows, state, unit, covariates, peaksOf }: Asked,
  question: Question,
): void {
  const { panel } = examples;
  const { series, next } = moment;
  const now = momentOf(panel, moment);
  const row = state * ROWS_PER_STATE;
  const given = {
    moment: now,
    at: panel.startMs + next * panel.stepMs,
    resource: panel.resources[series] as number,
    floor: panel.floors[series] as number,
    windows,
    peaksOf,
    covariates,
  };
  writeWindowFeatures(given, question.features, row * OWN_FEATURES);
  question.volumeWeights.fill(now.scale / unit, row, row + windows.length);
  for (const [each, window] of windows.entries())
    question.targets[row + each] = targetOf(examples, { series, start: next + window.from, window, scale: now.scale });
}

function targetOf(
  { panel, lastTick }: Examples,
  asked: { series: number; start: number; window: Window; scale: number },
): number {
  const end = asked.start + asked.window.ticks;
  if (end > lastTick) return Number.NaN;
  let peak = 0;
  for (let tick = asked.start; tick < end; tick++) peak = Math.max(peak, valueAt(panel, asked.series, tick));
  return toLogScale(peak, asked.scale);
}

/** Volumes count by the mean demand of the last week, so that every series has the same say; a spiky one not all of it. */
const VOLUME_SHARE_MIN = 0.05;

/** Base units: what counts as one volume just before a tick. Of the series as it is, whatever is pretended of it. */
function volumeUnit(panel: DemandPanel, series: number, next: number): number {
  const start = Math.max(panel.firstKnown[series] ?? 0, next - panel.season.week);
  let sum = 0;
  let count = 0;
  for (let tick = start; tick < next; tick += panel.season.hour + 1) {
    sum += valueAt(panel, series, tick);
    count++;
  }
  return Math.max(VOLUME_SHARE_MIN * scaleAfter(panel, series, next - 1), sum / Math.max(1, count));
}

/** Of a series with a past that is not the panel's, nothing can be kept from batch to batch. */
function onceForEach(peaksOf: (ticks: number) => RecentPeaks): (ticks: number) => RecentPeaks {
  const known = new Map<number, RecentPeaks>();
  return (ticks) => {
    const peaks = known.get(ticks) ?? peaksOf(ticks);
    known.set(ticks, peaks);
    return peaks;
  };
}

/** As in service, these are an hour old at most. */
function keptPeaks(
  { panel, peaksKnown }: Examples,
  { series, next, samplesMax }: Asked["moment"],
  ticks: number,
): RecentPeaks {
  const { hour } = panel.season;
  const since = next - ((next + series) % hour);
  const key = ((series * (panel.ticks + 1) + since) * 3 + (ticks === 1 ? 0 : ticks === hour ? 2 : 1)) as number;
  const kept = peaksKnown.get(key);
  if (kept !== undefined) return kept;
  const fresh = recentPeaks(
    momentOf(panel, { series, next: Math.max(since, next - samplesMax + 1), samplesMax }),
    ticks,
  );
  peaksKnown.set(key, fresh);
  return fresh;
}

function valueAt({ history }: DemandPanel, series: number, tick: number): number {
  return readDemand(history, series, tick);
}

function scaleAfter({ scales, ticks }: DemandPanel, series: number, tick: number): number {
  return scales[series * (ticks + 1) + tick + 1] as number;
}
