// What one series of a demand engine will ask for: in the next tick, and at most in the next half hour.
import { LEVEL_COUNT } from "../model/forecast.ts";
import type { DemandEngine } from "./demand-engine.ts";
import { widen } from "./demand-record/pause.ts";
import { blendPrior, type DemandPrior, priorShare } from "./demand-record/prior.ts";
import { OFF } from "./demand-record/sample-kind.ts";
import type { QuantileRow } from "./fill-quantiles.ts";
import { writeHintOpinions } from "./hint-experts.ts";
import { forecastPeak, type HalfHourPeaks, keepPeak, lastWeekOf } from "./horizons/half-hour-peak.ts";
import { issueAhead } from "./horizons/horizons.ts";
import { writeLastValueOpinion } from "./last-value-expert.ts";
import { writeLevelOpinion } from "./level-expert.ts";
import { fromLogScale, toLogScale } from "./log-scale.ts";
import type { NetworkExpert } from "./lstm/network-expert.ts";
import { mix, opinionsOffset } from "./mixture.ts";
import { writeRecentRangeOpinion } from "./recent-range-expert.ts";
import type { Moment } from "./season-ticks.ts";
import { lastWeekQuantiles, WINDOW_EXPERTS, writeWindowOpinions } from "./window-experts.ts";

/** In the order of the mixture's opinions; hints follow, then the network. */
export const DEMAND_EXPERTS = [...WINDOW_EXPERTS, "last value", "level", "recent range"] as const;

export interface SeriesQuestion {
  /** Just before the tick to come; `samples` may be 0. */
  readonly moment: Moment;
  /** [series x hint] */
  readonly hints: Float64Array;
  readonly prior: DemandPrior | undefined;
}

/** `target` [level] for the next tick, base units. The half hour's goes to the engine's horizons, where it has them. */
export function forecastSeries(engine: DemandEngine, question: SeriesQuestion, target: Float64Array): void {
  const { moment, prior } = question;
  const { series } = moment;
  if (moment.samples > 0) forecastNextTick(engine, question, nextTick);
  else nextTick.fill(Number.NaN);
  toBaseUnits(nextTick, moment.scale, target);
  const share = priorShare(prior, series, moment.samples);
  engine.records.priorShares[series] = share;
  complete(engine, { moment, share, prior, lastWeek: lastWeekQuantiles(engine.windows, series) }, target);
  if (engine.horizons === undefined) return;
  forecastHalfHour(engine, engine.horizons.halfHour, { moment, share, prior, nextTick: target });
  if (moment.samples > 0) issueAhead(engine.horizons, moment);
}

/** [level] of the series in hand, log scale: for the next tick, for the half hour, of the network. */
const nextTick = new Float64Array(LEVEL_COUNT);
const ahead = new Float64Array(LEVEL_COUNT);
const ofNetwork = new Float64Array(LEVEL_COUNT);

function toBaseUnits(row: Float64Array, scale: number, target: Float64Array): void {
  for (let level = 0; level < LEVEL_COUNT; level++) target[level] = fromLogScale(row[level] as number, scale);
}

interface Beside {
  readonly moment: Moment;
  readonly share: number;
  readonly prior: Pick<DemandPrior, "quantiles"> | undefined;
}

/** What stands beside the mixture: doubt after a time without power, the prior, no demand while the machine is off. */
function complete(
  { records }: DemandEngine,
  { moment, share, prior, lastWeek }: Beside & { readonly lastWeek: QuantileRow },
  row: Float64Array,
): void {
  const { series, scale } = moment;
  const widening = records.widening[series] as number;
  if (widening > 0 && moment.samples > 0) widen(row, lastWeek, widening);
  if (prior !== undefined && share > 0) blendPrior(row, { prior, series, share, scale });
  if (records.kinds[series] === OFF) row.fill(0);
}

function forecastNextTick(
  engine: DemandEngine,
  given: Pick<SeriesQuestion, "moment" | "hints">,
  row: Float64Array,
): void {
  const { mixture, windows } = engine;
  const { moment } = given;
  const values = mixture.opinions;
  const at = opinionsOffset(mixture, moment.series);
  const after = at + WINDOW_EXPERTS.length * LEVEL_COUNT;
  writeWindowOpinions(windows, moment, { values, at });
  writeLastValueOpinion(engine.lastValue, { moment, windows }, { values, at: after });
  writeLevelOpinion(engine.level, moment, { values, at: after + LEVEL_COUNT });
  writeRecentRangeOpinion(moment, { values, at: after + 2 * LEVEL_COUNT });
  writeHintOpinions(engine.hints, given, { values, at: after + 3 * LEVEL_COUNT });
  if (engine.network !== undefined)
    values.set(networkRow(engine, engine.network, { moment, window: 0 }), at + (mixture.expertCount - 1) * LEVEL_COUNT);
  mix(mixture, moment.series, row);
}

/** [level] log scale; NaN while it is silent. Valid until the next call. */
function networkRow(
  engine: DemandEngine,
  { opinions, windows }: NetworkExpert,
  { moment, window }: { readonly moment: Moment; readonly window: number },
): Float64Array {
  const first = (moment.series * windows.length + window) * LEVEL_COUNT;
  // It was taught on the scale of the largest demand of all.
  const largest = engine.largest[moment.series] as number;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const said = Math.max(0, opinions[first + level] as number);
    ofNetwork[level] = largest === moment.scale ? said : toLogScale(fromLogScale(said, largest), moment.scale);
  }
  return ofNetwork;
}

/** `given.nextTick` [level] as it was forecast, base units: no half hour is calmer than its first tick. */
function forecastHalfHour(
  engine: DemandEngine,
  halfHour: HalfHourPeaks,
  given: Beside & { readonly prior: DemandPrior | undefined; readonly nextTick: Float64Array },
): void {
  const { moment } = given;
  const network = engine.network && networkRow(engine, engine.network, { moment, window: 1 });
  if (moment.samples > 0) forecastPeak(halfHour, { moment, nextTick, network }, ahead);
  else ahead.fill(Number.NaN);
  toBaseUnits(ahead, moment.scale, ahead);
  const prior = given.prior && { quantiles: given.prior.halfHour ?? given.prior.quantiles };
  complete(engine, { ...given, prior, lastWeek: lastWeekOf(halfHour, moment.series) }, ahead);
  keepPeak(halfHour, moment.series, { row: ahead, nextTick: given.nextTick });
}
