// The forecaster of a cell: for every series what the next tick will ask for, as quantiles, and on request the horizons beyond.
// One state for all series in flat arrays. A tick has three parts: what came is learned, the network is asked (by whoever
// serves it), the next tick is forecast; `advance` is all three.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { assert } from "../model/result.ts";
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
import { followPause, ticksBack } from "./demand-record/pause.ts";
import type { DemandPrior } from "./demand-record/prior.ts";
import { CENSORED } from "./demand-record/sample-kind.ts";
import { DEMAND_EXPERTS, forecastSeries } from "./forecast-series.ts";
import { createHintExperts, type HintExperts, rememberHintErrors } from "./hint-experts.ts";
import { createHorizons, farTaker, type Horizons, noteTick } from "./horizons/horizons.ts";
import { farLessons } from "./horizons/hourly-peaks-ahead.ts";
import { copyHourlyPeaks, hoursKept } from "./hourly-peaks.ts";
import { createLastValueExpert, type LastValueExpert, rememberChange } from "./last-value-expert.ts";
import { createLevelExpert, type LevelExpert, rememberLevelError } from "./level-expert.ts";
import { toLogScale } from "./log-scale.ts";
import {
  createNetworkExpert,
  type NetworkExpert,
  type NetworkQuestion,
  networkQuestions,
} from "./lstm/network-expert.ts";
import { createMixture, learn, learnAtLeast, type Mixture, shortenMemory } from "./mixture.ts";
import type { KernelInference } from "./network/kernel-inference.ts";
import { type Moment, type SeasonTicks, seasonTicks } from "./season-ticks.ts";
import type { CovariatesOf } from "./window-covariates.ts";
import { createWindowExperts, type WindowExperts } from "./window-experts.ts";

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
  /** The peak of the next half hour and those of the hours to come. */
  readonly horizons?: Horizons;
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
  /** Forecasts the peaks of the next half hour and day too; not where left out. */
  readonly horizons?: boolean;
}

export interface ServingNetwork {
  /** Answers within `advance`. Left out where whoever calls the parts of a tick asks the network elsewhere. */
  readonly inference?: KernelInference;
  /** The instant at which the first tick starts. */
  readonly startMs: number;
  /** It sleeps before this tick; 0 where left out. */
  readonly firstTick?: number;
  /** Numbers of state that a series has, where the network is asked elsewhere; that of one network where left out. */
  readonly stateSize?: number;
  /** Series a request, a multiple of 4; what suits the kernels where left out. */
  readonly batchSeries?: number;
}

/** The network learned from all series: it counts more at the start than each of the others. */
const NETWORK_PRIOR = 0.7;

export function createDemandEngine(options: DemandEngineOptions): DemandEngine {
  const { floors, stepMs, network, hintCount = 0, horizons = false } = options;
  const seriesCount = floors.length;
  const season = seasonTicks(stepMs);
  return {
    seriesCount,
    season,
    mixture: createMixture({ seriesCount, priors: priorsOf(DEMAND_EXPERTS.length + hintCount, network) }),
    networkFrom: network?.firstTick ?? 0,
    ...(network && {
      network: createNetworkExpert({ ...network, stepMs, seriesCount, ...askedWindows(season, horizons) }),
    }),
    ...(horizons && {
      horizons: createHorizons({ floors, hasNetwork: network !== undefined, batchSeries: network?.batchSeries }),
    }),
    windows: createWindowExperts(seriesCount, season),
    lastValue: createLastValueExpert(seriesCount, season),
    level: createLevelExpert(seriesCount, season),
    hints: createHintExperts({ seriesCount, count: hintCount }, season),
    history: createDemandHistory({ length: season.week, floors }),
    scales: floors.slice(),
    largest: floors.slice(),
    floors,
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

/** The next tick comes first. */
function askedWindows(season: SeasonTicks, horizons: boolean) {
  const nextTick = { from: 0, ticks: 1 };
  if (!horizons) return { windows: [nextTick] };
  return { windows: [nextTick, { from: 0, ticks: season.halfHour }], farWindows: farLessons(season) };
}

export interface TickDemand extends TickSamples {
  /** Samples of earlier ticks that came only now. */
  readonly late?: readonly LateSample[];
  /** [series x hint] for the tick to come, base units. */
  readonly hints?: Float64Array;
  /** What is expected apart from all samples. */
  readonly prior?: DemandPrior;
  /** What profiles and events say of the time ahead, for the network. */
  readonly covariates?: CovariatesOf;
}

/**
 * One tick: all three parts, the network answered by the kernels. `quantiles`: [series x level] for the next tick, base
 * units, ascending; 0 while the machine is off; NaN rows for series never seen so far that have no prior. What was made of
 * the samples stands in `engine.records`, the peak of the next half hour in `peakQuantiles(engine)`.
 */
export function advance(engine: DemandEngine, given: TickDemand, quantiles: Float64Array): void {
  observeTick(engine, given);
  for (const { request, take } of askNetwork(engine, given)) {
    const inference = engine.network?.inference;
    assert(inference !== undefined, "a network that is served elsewhere is asked between the parts of a tick");
    take(inference.infer(request));
  }
  forecastTick(engine, given, quantiles);
}

/** First part of a tick: learns from what came in it. */
export function observeTick(engine: DemandEngine, given: TickDemand): void {
  for (const _ of observingTick(engine, given));
}

/** The same in pieces, for who has other things to do in between: it rests after every few thousand series. */
export function* observingTick(engine: DemandEngine, given: TickDemand): Generator<void, void, void> {
  if (given.late !== undefined) takeLateSamples(engine, given.late);
  recordTick(engine.records, given, engine);
  for (let series = 0; series < engine.seriesCount; series++) {
    observe(engine, series);
    if (series % PIECE_SERIES === PIECE_SERIES - 1) yield;
  }
}

/** Some 20 ms of work. */
const PIECE_SERIES = 2_048;

/**
 * Second part: what the network is to be asked, request by request. An answer is to be taken before the next request is
 * drawn. None where no network serves.
 */
export function askNetwork(
  engine: DemandEngine,
  { covariates }: Pick<TickDemand, "covariates">,
): Iterable<NetworkQuestion> {
  const { network, networkFrom, horizons, history, season, samples, floors, largest } = engine;
  const next = engine.tick + 1;
  if (network === undefined || next < networkFrom) return [];
  // It was taught on the scale of the largest demand of all.
  const seen = { next, history, season, samples, floors, scales: largest, covariates };
  return networkQuestions(network, horizons === undefined ? seen : { ...seen, takeFar: farTaker(horizons, seen) });
}

/** Last part: `quantiles` as in `advance`. Without answers the network is silent and the rest forecasts. */
export function forecastTick(engine: DemandEngine, given: TickDemand, quantiles: Float64Array): void {
  for (const _ of forecastingTick(engine, given, quantiles));
}

/** The same in pieces, as `observingTick`. */
export function* forecastingTick(
  engine: DemandEngine,
  given: TickDemand,
  quantiles: Float64Array,
): Generator<void, void, void> {
  const { hints = NO_HINTS, prior } = given;
  for (let series = 0; series < engine.seriesCount; series++) {
    const target = quantiles.subarray(series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT);
    forecastSeries(engine, { moment: momentOf(engine, series), hints, prior }, target);
    if (series % PIECE_SERIES === PIECE_SERIES - 1) yield;
  }
  engine.tick++;
}

/** A tick that nobody saw: time goes on, nothing is learned and nothing forecast, so that the same time of day stays the same. */
export function passTick(engine: DemandEngine): void {
  observeTick(engine, { demand: new Float64Array(engine.seriesCount).fill(Number.NaN) });
  engine.tick++;
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
  if (engine.horizons !== undefined && (isKnown || seen > 0))
    noteTick(engine.horizons, momentOf(engine, series), { isKnown, isAtLeast: kind === CENSORED });
}

/** Just before the tick to come. */
function momentOf({ tick, samples, scales, history, season }: DemandEngine, series: number): Moment {
  return {
    series,
    next: tick + 1,
    samples: samples[series] as number,
    scale: scales[series] as number,
    history,
    season,
  };
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
