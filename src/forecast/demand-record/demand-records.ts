// What was made of the raw samples of every series: the demand taken from the tick just past, what kind of sample it
// was, and how often each kind of repair was needed. Nothing is repaired in silence.
import type { SeasonTicks } from "../season-ticks.ts";
import { ABSURD, CENSORED, EXCLUDED, kindOfSample, MARKS, MISSING, OFF, OK, SAMPLE_KINDS } from "./sample-kind.ts";

/** In the order of the counters: samples by kind, then what happened beside them. */
export const RECORD_COUNTERS = [...SAMPLE_KINDS, "repeated", "late", "tooLate"] as const;
const REPEATED = 6;
export const [LATE, TOO_LATE] = [7, 8] as const;
const COUNTERS = RECORD_COUNTERS.length;

export interface DemandRecords {
  /**
   * [series] demand of the tick just past as it was taken: base units, 0 while off, NaN where no usable sample came.
   */
  readonly demand: Float64Array;
  /** [series] index into SAMPLE_KINDS of the tick just past, and of how many ticks in a row. */
  readonly kinds: Uint8Array;
  readonly runs: Uint32Array;
  /** [series] kind of the tick before it. */
  readonly kindsBefore: Uint8Array;
  /** [series x counter] since the first sample. */
  readonly counts: Uint32Array;
  /** [series] tick of the first sample; NEVER until it came. */
  readonly firstTicks: Int32Array;
  /** [series] tick of the last sample that was learned from; NEVER until it came. */
  readonly lastTicks: Int32Array;
  /** [series] the most each may get, as last told; NaN where nobody said. */
  readonly sizes: Float64Array;
  /** [series] tick of the last resize; NEVER where there was none. */
  readonly resizedTicks: Int32Array;
  /** [series] 0..1, how far the upper quantiles still lean on the last week, after a time without power. */
  readonly widening: Float32Array;
  /** [series] 0..1, part that the profile prior had in the last forecast. */
  readonly priorShares: Float32Array;
}

export const NEVER = -1;

export function createDemandRecords(seriesCount: number): DemandRecords {
  return {
    demand: new Float64Array(seriesCount).fill(Number.NaN),
    kinds: new Uint8Array(seriesCount).fill(MISSING),
    runs: new Uint32Array(seriesCount),
    kindsBefore: new Uint8Array(seriesCount).fill(MISSING),
    counts: new Uint32Array(seriesCount * COUNTERS),
    firstTicks: new Int32Array(seriesCount).fill(NEVER),
    lastTicks: new Int32Array(seriesCount).fill(NEVER),
    sizes: new Float64Array(seriesCount).fill(Number.NaN),
    resizedTicks: new Int32Array(seriesCount).fill(NEVER),
    widening: new Float32Array(seriesCount),
    priorShares: new Float32Array(seriesCount),
  };
}

export interface TickSamples {
  /** [series] base units, as the source said it; NaN where no sample came. */
  readonly demand: Float64Array;
  /** [series] MARKS; nothing special where left out. */
  readonly marks?: Uint8Array;
  /** [series] the most each may get, base units; NaN where nobody knows. */
  readonly sizes?: Float64Array;
}

/** What the records need to know of the series. */
export interface SeriesSoFar {
  readonly tick: number;
  readonly season: SeasonTicks;
  /** [series] */
  readonly samples: Int32Array;
  readonly floors: Float64Array;
  /** [series] largest demand of the last 7 days. */
  readonly largest: Float64Array;
}

/** Makes the record of one tick for every series. */
export function recordTick(records: DemandRecords, given: TickSamples, so: SeriesSoFar): void {
  const { sizes } = records;
  for (let series = 0; series < sizes.length; series++) {
    if (given.sizes !== undefined) noteSize(records, { series, size: given.sizes[series] as number, tick: so.tick });
    const raw = given.demand[series] as number;
    const marks = given.marks === undefined ? 0 : (given.marks[series] as number);
    const kind = kindOfSample(raw, marks, {
      size: sizes[series] as number,
      largest: (so.samples[series] as number) < so.season.day ? Number.NaN : (so.largest[series] as number),
      floor: so.floors[series] as number,
      absurdRun: records.kinds[series] === ABSURD ? (records.runs[series] as number) : 0,
    });
    if ((marks & MARKS.repeated) !== 0) count(records, series, REPEATED);
    enter(records, { series, kind, raw, tick: so.tick });
  }
}

function enter(records: DemandRecords, one: { series: number; kind: number; raw: number; tick: number }): void {
  const { series, kind, tick } = one;
  const { demand, kinds, kindsBefore, runs, firstTicks } = records;
  const before = kinds[series] as number;
  kindsBefore[series] = before;
  runs[series] = before === kind ? (runs[series] as number) + 1 : 1;
  kinds[series] = kind;
  demand[series] = kind === OFF ? 0 : kind === MISSING || kind === ABSURD ? Number.NaN : one.raw;
  if (isLearnedFrom(kind)) {
    records.lastTicks[series] = tick;
    if (firstTicks[series] === NEVER) firstTicks[series] = tick;
  }
  // A series that never spoke has no gaps.
  if (kind !== MISSING || firstTicks[series] !== NEVER) count(records, series, kind);
}

export function isLearnedFrom(kind: number): boolean {
  return kind === OK || kind === CENSORED;
}

/** A pause is time that says nothing of the demand to come: powered off, or not to be learned from. */
export function isPause(kind: number): boolean {
  return kind === OFF || kind === EXCLUDED;
}

export function count(records: DemandRecords, series: number, counter: number): void {
  const place = series * COUNTERS + counter;
  records.counts[place] = (records.counts[place] as number) + 1;
}

export function countOf({ counts }: DemandRecords, series: number, counter: number): number {
  return counts[series * COUNTERS + counter] as number;
}

/** A change of the size by more than a fifth is a resize. */
const RESIZED_BY = 0.2;

function noteSize(
  records: DemandRecords,
  { series, size, tick }: { series: number; size: number; tick: number },
): void {
  if (!(size > 0)) return;
  const before = records.sizes[series] as number;
  if (Math.abs(size - before) > RESIZED_BY * before) records.resizedTicks[series] = tick;
  records.sizes[series] = size;
}
