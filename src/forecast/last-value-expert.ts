// The last value, plus how values went on from there. A calm VM mostly stays calm, a bursting one mostly falls back,
// so changes are remembered apart for three states: calm, raised (above the day's median), bursting (above its 0.9).
import { LEVEL_COUNT, levelIndex } from "../model/forecast.ts";
import { addError, createErrorRing, type ErrorRing, writeErrorQuantiles } from "./error-ring.ts";
import type { QuantileRow } from "./fill-quantiles.ts";
import { toLogScale } from "./log-scale.ts";
import { type Moment, type SeasonTicks, valueBefore } from "./season-ticks.ts";
import { lastDayQuantile, type WindowExperts } from "./window-experts.ts";

const STATES = 3;
const [CALM, RAISED, BURSTING] = [0, 1, 2];
const MEDIAN = levelIndex(0.5);
const NINETIETH = levelIndex(0.9);
/** From this many changes on a state speaks for itself; until then all states speak together. */
const CHANGES_MIN = 24;

export interface LastValueExpert {
  /** Row = series x state: how values went on from there. */
  readonly changes: ErrorRing;
  /** [series x state] changes that the quantiles have seen. */
  readonly countsSeen: Int32Array;
  /** [series x state x level] */
  readonly quantiles: Float32Array;
  /** [series] the last value when the expert spoke, log scale, and its state. */
  readonly lastValues: Float32Array;
  readonly states: Uint8Array;
}

export function createLastValueExpert(seriesCount: number, { day }: SeasonTicks): LastValueExpert {
  return {
    changes: createErrorRing({ rows: seriesCount * STATES, length: day }),
    countsSeen: new Int32Array(seriesCount * STATES),
    quantiles: new Float32Array(seriesCount * STATES * LEVEL_COUNT),
    lastValues: new Float32Array(seriesCount),
    states: new Uint8Array(seriesCount),
  };
}

export function writeLastValueOpinion(
  expert: LastValueExpert,
  given: { moment: Moment; windows: WindowExperts },
  opinions: QuantileRow,
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
  addError(expert.changes, state, actual - (expert.lastValues[series] as number));
}

function stateOf(windows: WindowExperts, series: number, amount: number): number {
  if (amount > lastDayQuantile(windows, series, NINETIETH)) return BURSTING as number;
  return (amount > lastDayQuantile(windows, series, MEDIAN) ? RAISED : CALM) as number;
}

/** Redone after an hour's worth of new changes from this state, and on every one while there are few. */
function refresh(expert: LastValueExpert, { series, season }: Moment, state: number): void {
  const place = series * STATES + state;
  const count = expert.changes.counts[place] as number;
  const enough = count >= CHANGES_MIN;
  if (enough && count - (expert.countsSeen[place] as number) < season.hour) return;
  expert.countsSeen[place] = count;
  const rows = enough ? { first: place, end: place + 1 } : { first: series * STATES, end: (series + 1) * STATES };
  writeErrorQuantiles(expert.changes, rows, { values: expert.quantiles, at: place * LEVEL_COUNT });
}
