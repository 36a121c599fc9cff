// The statistical forecaster: for every series of a cell, what the next tick will ask for, as quantiles.
// One state for all series in flat arrays; `advance` learns from the tick just past and forecasts the next, in one pass.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { createDemandHistory, type DemandHistory, readDemand, writeDemand } from "./demand-history.ts";
import {
  createDemandRecords,
  type DemandRecords,
  isLearnedFrom,
  isPause,
  recordTick,
  type TickSamples,
} from "./demand-record/demand-records.ts";
import { peaksOf } from "./demand-record/demand-scale.ts";
import { type LateSample, takeLateSamples } from "./demand-record/late-samples.ts";
import { followPause, ticksBack, widen } from "./demand-record/pause.ts";
import { blendPrior, type DemandPrior, priorShare } from "./demand-record/prior.ts";
import { CENSORED, OFF } from "./demand-record/sample-kind.ts";
import { createHintExperts, type HintExperts, rememberHintErrors, writeHintOpinions } from "./hint-experts.ts";
import { copyHourlyPeaks, hoursKept } from "./hourly-peaks.ts";
import {
  createLastValueExpert,
  type LastValueExpert,
  rememberChange,
  writeLastValueOpinion,
} from "./last-value-expert.ts";
import { createLevelExpert, type LevelExpert, rememberLevelError, writeLevelOpinion } from "./level-expert.ts";
import { fromLogScale, toLogScale } from "./log-scale.ts";
import { askNetwork, createNetworkExpert, type NetworkExpert } from "./lstm/network-expert.ts";
import { createMixture, learn, learnAtLeast, type Mixture, mix, opinionsOffset, shortenMemory } from "./mixture.ts";
import type { KernelInference } from "./network/kernel-inference.ts";
import { writeRecentRangeOpinion } from "./recent-range-expert.ts";
import { type Moment, type SeasonTicks, seasonTicks } from "./season-ticks.ts";
import {
  createWindowExperts,
  lastWeekQuantiles,
  WINDOW_EXPERTS,
  type WindowExperts,
  writeWindowOpinions,
} from "./window-experts.ts";

/** In the order of the mixture's opinions; hints follow, then the network. */
const DEMAND_EXPERTS = [...WINDOW_EXPERTS, "last value", "level", "recent range"] as const;

const NO_HINTS = new Float64Array(0);

export interface DemandEngine {
  readonly seriesCount: number;
  readonly season: SeasonTicks;
  readonly mixture: Mixture;
  readonly windows: WindowExperts;
  readonly lastValue: LastValueExpert;
  readonly level: LevelExpert;
  readonly hints: HintExperts;
  readonly network?: NetworkExpert;
  readonly networkFrom: number;
  /**
   * Demand of the last 7 days, base units. A missing or absurd sample repeats the one before it, a pause the day before.
   * Of a demand that was held back it keeps the least that it was, like any other: the experts that quote it are too low
   * then, and what lifts the forecast are the misses that `learnAtLeast` counts.
   */
  readonly history: DemandHistory;
  /**
   * [series] unit of the log scale: the largest demand of the last 7 days that was no one-off, never below the floor.
   */
  readonly scales: Float64Array;
  /** [series] the largest demand of the last 7 days, one-offs too, never below the floor. */
  readonly largest: Float64Array;
  readonly floors: Float64Array;
  /** [series] samples seen so far: what the forecast rests on. */
  readonly samples: Int32Array;
  /** What was made of the samples: kinds, repairs, sizes. */
  readonly records: DemandRecords;
  /** Ticks observed so far. */
  tick: number;
}

export interface DemandEngineOptions {
  readonly stepMs: number;
  /** [series] > 0: the smallest demand worth telling from nothing, base units. */
  readonly floors: Float64Array;
  /** Numbers from outside that come with every forecast, for each series. */
  readonly hintCount?: number;
  /** A trained network joins as one more expert. Series then lie as VM x 4 + resource. */
  readonly network?: ServingNetwork;
}

export interface ServingNetwork {
  readonly inference: KernelInference;
  /** The instant at which the first tick starts. */
  readonly startMs: number;
  /** It sleeps before this tick; 0 where left out. */
  readonly firstTick?: number;
}

/** The network learned from all series: it counts more at the start than each of the others. */
const NETWORK_PRIOR = 0.7;

export function createDemandEngine(options: DemandEngineOptions): DemandEngine {
  const seriesCount = options.floors.length;
  const hintCount = options.hintCount ?? 0;
  const season = seasonTicks(options.stepMs);
  const { stepMs, network } = options;
  const windows = [{ from: 0, ticks: 1 }];
  return {
    seriesCount,
    season,
    mixture: createMixture({ seriesCount, priors: priorsOf(DEMAND_EXPERTS.length + hintCount, network) }),
    networkFrom: network?.firstTick ?? 0,
    ...(network && { network: createNetworkExpert({ ...network, stepMs, seriesCount, windows }) }),
    windows: createWindowExperts(seriesCount, season),
    lastValue: createLastValueExpert(seriesCount, season),
    level: createLevelExpert(seriesCount, season),
    hints: createHintExperts({ seriesCount, count: hintCount }, season),
    history: createDemandHistory({ length: season.week, floors: options.floors }),
    scales: options.floors.slice(),
    largest: Float64Array.from(options.floors),
    floors: options.floors,
    samples: new Int32Array(seriesCount),
    records: createDemandRecords(seriesCount),
    tick: 0,
  };
}

function priorsOf(statistics: number, network: ServingNetwork | undefined): readonly number[] {
  const rest = network === undefined ? 1 : 1 - NETWORK_PRIOR;
  const priors = Array.from({ length: statistics }, () => rest / statistics);
  return network === undefined ? priors : [...priors, NETWORK_PRIOR];
}

export interface TickDemand extends TickSamples {
  /** Samples of earlier ticks that came only now. */
  readonly late?: readonly LateSample[];
  /** [series x hint] for the tick to come, base units. */
  readonly hints?: Float64Array;
  /** What is expected apart from all samples. */
  readonly prior?: DemandPrior;
}

/**
 * `quantiles`: [series x level] for the next tick, base units, ascending; 0 while the machine is off; NaN rows for
 * series never seen so far that have no prior. What was made of the samples stands in `engine.records`.
 */
export function advance(engine: DemandEngine, given: TickDemand, quantiles: Float64Array): void {
  const row = new Float64Array(LEVEL_COUNT);
  const next = engine.tick + 1;
  if (given.late !== undefined) takeLateSamples(engine, given.late);
  recordTick(engine.records, given, engine);
  for (let series = 0; series < engine.seriesCount; series++) observe(engine, series);
  if (engine.network !== undefined && next >= engine.networkFrom)
    askNetwork(engine.network, { ...engine, scales: engine.largest, next });
  for (let series = 0; series < engine.seriesCount; series++) {
    const first = series * LEVEL_COUNT;
    const samples = engine.samples[series] as number;
    const scale = engine.scales[series] as number;
    if (samples > 0) {
      const moment = { series, next, samples, scale, history: engine.history, season: engine.season };
      forecast(engine, { moment, hints: given.hints ?? NO_HINTS }, row);
      for (let level = 0; level < LEVEL_COUNT; level++)
        quantiles[first + level] = fromLogScale(row[level] as number, scale);
    } else quantiles.fill(Number.NaN, first, first + LEVEL_COUNT);
    complete(engine, { series, prior: given.prior }, quantiles);
  }
  engine.tick = next;
}

function observe(engine: DemandEngine, series: number): void {
  const { history, samples, scales, tick, records, season } = engine;
  const kind = records.kinds[series] as number;
  const demand = records.demand[series] as number;
  const seen = samples[series] as number;
  if (records.resizedTicks[series] === tick) shortenMemory(engine.mixture, series);
  followPause(records, series, season);
  const isKnown = isLearnedFrom(kind);
  // What comes right after a pause says nothing of how demand goes from tick to tick.
  if (isKnown && seen > 0 && !isPause(records.kindsBefore[series] as number))
    learnFrom(engine, series, { actual: toLogScale(demand, scales[series] as number), atLeast: kind === CENSORED });
  const back = isPause(kind) && seen > 0 ? ticksBack(seen, season) : 1;
  writeDemand(history, { series, tick }, isKnown ? demand : readDemand(history, series, tick - back));
  if (isKnown) samples[series] = seen + 1;
  rescale(engine, series, isKnown ? demand : 0);
}

function learnFrom(engine: DemandEngine, series: number, seen: { actual: number; atLeast: boolean }): void {
  const { mixture, lastValue, level, hints } = engine;
  const { actual, atLeast } = seen;
  if (atLeast) learnAtLeast(mixture, series, actual);
  else learn(mixture, series, actual);
  // Of a demand that was held back only what passes the expectation is an error for certain.
  if (!atLeast || actual > (lastValue.lastValues[series] as number)) rememberChange(lastValue, series, actual);
  if (!atLeast || actual > (level.errors.expected[series] as number)) rememberLevelError(level, series, actual);
  if (!atLeast) rememberHintErrors(hints, series, actual);
}

const hourlyPeaks = new Float32Array(168);

/** Once an hour, each series at another tick, and as soon as a demand passes the scale. */
function rescale(engine: DemandEngine, series: number, demand: number): void {
  const { season, tick, history, scales, largest, floors, samples } = engine;
  if ((tick + series) % season.hour !== 0 && demand <= (scales[series] as number)) return;
  const hours = hourlyPeaks.subarray(0, Math.min(hourlyPeaks.length, hoursKept(season)));
  copyHourlyPeaks({ series, next: tick + 1, season, history }, hours);
  const peaks = peaksOf(hours, {
    hoursSeen: (samples[series] as number) / season.hour,
    floor: floors[series] as number,
  });
  scales[series] = peaks.usual;
  largest[series] = peaks.largest;
}

/** What stands beside the mixture: doubt after a time without power, the prior, no demand while the machine is off. */
function complete(
  { records, samples, scales, windows }: DemandEngine,
  { series, prior }: { series: number; prior: DemandPrior | undefined },
  quantiles: Float64Array,
): void {
  const seen = samples[series] as number;
  const widening = seen > 0 ? (records.widening[series] as number) : 0;
  const share = priorShare(prior, series, seen);
  const isOff = records.kinds[series] === OFF;
  records.priorShares[series] = share;
  if (widening === 0 && share === 0 && !isOff) return;
  const row = quantiles.subarray(series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT);
  if (widening > 0) widen(row, lastWeekQuantiles(windows, series), widening);
  if (prior !== undefined && share > 0) blendPrior(row, { prior, series, share, scale: scales[series] as number });
  if (isOff) row.fill(0);
}

function forecast(engine: DemandEngine, given: { moment: Moment; hints: Float64Array }, row: Float64Array): void {
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
  if (engine.network !== undefined) {
    const last = at + (mixture.expertCount - 1) * LEVEL_COUNT;
    const first = moment.series * LEVEL_COUNT;
    // It was taught on the scale of the largest demand of all.
    const largest = engine.largest[moment.series] as number;
    for (let level = 0; level < LEVEL_COUNT; level++) {
      const said = Math.max(0, engine.network.opinions[first + level] as number);
      values[last + level] = largest === moment.scale ? said : toLogScale(fromLogScale(said, largest), moment.scale);
    }
  }
  mix(mixture, moment.series, row);
}
