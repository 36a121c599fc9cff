// The last value, plus how values went on from there. A calm VM mostly stays calm, a bursting one mostly falls back,
// so changes are remembered apart for three states: calm, raised (above the day's median), bursting (above its 0.9).
import { LEVEL_COUNT, levelIndex } from "../model/forecast.ts";
import { toLogScale } from "./log-scale.ts";
import { fillQuantiles } from "./recent-window.ts";
import { type Moment, type SeasonTicks, valueBefore } from "./season-ticks.ts";
import { lastDayQuantile, type WindowExperts } from "./window-experts.ts";

const STATES = 3;
const [CALM, RAISED, BURSTING] = [0, 1, 2];
const MEDIAN = levelIndex(0.5);
const NINETIETH = levelIndex(0.9);
/** From this many changes on a state speaks for itself; until then all states speak together. */
const CHANGES_MIN = 24;

export interface LastValueExpert {
  /** Ring of changes on the log scale: [series x state x day]. */
  readonly changes: Float32Array;
  /** [series x state] changes ever written, and how many of them the quantiles have seen. */
  readonly counts: Int32Array;
  readonly countsSeen: Int32Array;
  /** [series x state x level] */
  readonly quantiles: Float64Array;
  /** [series] the last value when the expert spoke, log scale, and its state. */
  readonly lastValues: Float64Array;
  readonly states: Uint8Array;
  readonly scratch: Float32Array;
  readonly day: number;
}

export function createLastValueExpert(seriesCount: number, { day }: SeasonTicks): LastValueExpert {
  return {
    changes: new Float32Array(seriesCount * STATES * day),
    counts: new Int32Array(seriesCount * STATES),
    countsSeen: new Int32Array(seriesCount * STATES),
    quantiles: new Float64Array(seriesCount * STATES * LEVEL_COUNT),
    lastValues: new Float64Array(seriesCount),
    states: new Uint8Array(seriesCount),
    scratch: new Float32Array(STATES * day),
    day,
  };
}

export function writeLastValueOpinion(
  expert: LastValueExpert,
  given: { moment: Moment; windows: WindowExperts },
  opinions: { values: Float64Array; at: number },
): void {
  const { moment, windows } = given;
  const { series } = moment;
  const amount = valueBefore(moment, 1);
  const last = toLogScale(amount, moment.scale);
  const state = stateOf(windows, series, amount);
  refresh(expert, moment, state);
  expert.lastValues[series] = last;
  expert.states[series] = state;
  const first = (series * STATES + state) * LEVEL_COUNT;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const value = last + (expert.quantiles[first + level] as number);
    opinions.values[opinions.at + level] = value < 0 ? 0 : value;
  }
}

/** `actual` on the scale of the last opinion. */
export function rememberChange(expert: LastValueExpert, series: number, actual: number): void {
  const state = series * STATES + (expert.states[series] as number);
  const count = expert.counts[state] as number;
  expert.changes[state * expert.day + (count % expert.day)] = actual - (expert.lastValues[series] as number);
  expert.counts[state] = count + 1;
}

function stateOf(windows: WindowExperts, series: number, amount: number): number {
  if (amount > lastDayQuantile(windows, series, NINETIETH)) return BURSTING as number;
  return (amount > lastDayQuantile(windows, series, MEDIAN) ? RAISED : CALM) as number;
}

/** Redone after an hour's worth of new changes from this state, and on every one while there are few. */
function refresh(expert: LastValueExpert, { series, season }: Moment, state: number): void {
  const place = series * STATES + state;
  const count = expert.counts[place] as number;
  const enough = count >= CHANGES_MIN;
  if (enough && count - (expert.countsSeen[place] as number) < season.hour) return;
  expert.countsSeen[place] = count;
  const copied = enough ? copyChanges(expert, place, 0) : copyAllChanges(expert, series);
  if (copied > 0) fillQuantiles(expert.scratch, copied, { values: expert.quantiles, at: place * LEVEL_COUNT });
}

function knownChanges(expert: LastValueExpert, state: number): number {
  return Math.min(expert.counts[state] as number, expert.day);
}

function copyChanges(expert: LastValueExpert, state: number, at: number): number {
  const first = state * expert.day;
  const known = knownChanges(expert, state);
  expert.scratch.set(expert.changes.subarray(first, first + known), at);
  return at + known;
}

function copyAllChanges(expert: LastValueExpert, series: number): number {
  let at = 0;
  for (let state = 0; state < STATES; state++) at = copyChanges(expert, series * STATES + state, at);
  return at;
}
