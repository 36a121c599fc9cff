// Samples that came after their tick was closed, and ranges that are struck out afterwards: both only rewrite the
// history that forecasts read. What was learned at the time stands; opinions of then are gone.
import { type DemandHistory, readDemand, writeDemand } from "../demand-history.ts";
import type { SeasonTicks } from "../season-ticks.ts";
import { count, type DemandRecords, LATE, NEVER, TOO_LATE } from "./demand-records.ts";
import { ABSURD, kindOfSample } from "./sample-kind.ts";

export interface LateSample {
  readonly series: number;
  /** Ticks before the one just past: 1 = the tick before it. */
  readonly ticksAgo: number;
  /** Base units. */
  readonly demand: number;
}

/** All that is rewritten; `tick` is the one just past, not yet recorded. */
export interface RewritableHistory {
  readonly tick: number;
  readonly season: SeasonTicks;
  readonly history: DemandHistory;
  readonly samples: Int32Array;
  readonly floors: Float64Array;
  readonly largest: Float64Array;
  readonly records: DemandRecords;
}

/**
 * Within the last day a late sample takes its place in the history, whatever stood there, and counts as history from
 * then on; one that is older, of the future or before the first sample is left out and counted as too late.
 */
export function takeLateSamples(state: RewritableHistory, late: readonly LateSample[]): void {
  for (const sample of late) takeLateSample(state, sample);
}

function takeLateSample(state: RewritableHistory, { series, ticksAgo, demand }: LateSample): void {
  const { records, season, samples } = state;
  const tick = state.tick - ticksAgo;
  const first = records.firstTicks[series];
  if (first === undefined) return;
  const kind = kindOfLate(state, series, demand);
  const inReach = ticksAgo >= 1 && ticksAgo <= season.day && tick >= Math.max(first, 0);
  if (kind === undefined || !inReach) {
    count(records, series, kind === undefined ? ABSURD : TOO_LATE);
    return;
  }
  count(records, series, LATE);
  if (first === NEVER) startWith(state, series, { tick, demand });
  else writeDemand(state.history, { series, tick }, demand);
  const known = state.tick - (records.firstTicks[series] as number);
  samples[series] = Math.min((samples[series] as number) + 1, known);
}

/** Undefined where it is no demand at all. */
function kindOfLate(state: RewritableHistory, series: number, demand: number): number | undefined {
  const { records, samples, season, largest, floors } = state;
  const kind = kindOfSample(demand, 0, {
    size: records.sizes[series] as number,
    largest: (samples[series] as number) < season.day ? Number.NaN : (largest[series] as number),
    floor: floors[series] as number,
    absurdRun: 0,
  });
  return kind === 0 ? kind : undefined;
}

/**
 * The first that is ever known of a series: the ticks since then hold it, as they would have if it had come in time.
 */
function startWith(state: RewritableHistory, series: number, { tick, demand }: { tick: number; demand: number }): void {
  for (let each = tick; each < state.tick; each++) writeDemand(state.history, { series, tick: each }, demand);
  state.records.firstTicks[series] = tick;
  state.records.lastTicks[series] = tick;
}

/** Ticks [from, to) of one series, of the last 7 days. */
export interface StruckRange {
  readonly series: number;
  readonly from: number;
  readonly to: number;
}

/**
 * "Do not learn from this", said afterwards: the history of the range becomes what was a day earlier, tick by tick, as
 * it would have if it had been said before. What lies before the first sample or is older than 7 days stays.
 */
export function strikeOut(state: RewritableHistory, { series, from, to }: StruckRange): void {
  const { history, season, records } = state;
  const first = records.firstTicks[series];
  if (first === undefined || first === NEVER) return;
  const oldest = Math.max(first, state.tick - history.length);
  const start = Math.max(from, oldest);
  const end = Math.min(to, state.tick);
  // With less than a day before the range, all that there is, over and over.
  const back = Math.min(season.day, start - oldest);
  for (let tick = start; tick < end; tick++)
    writeDemand(history, { series, tick }, readDemand(history, series, tick - back));
}
