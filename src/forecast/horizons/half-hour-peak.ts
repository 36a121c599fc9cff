// The largest demand of the next half hour, for every series and every tick: forecast as a peak of its own, since the quantile
// of a maximum is not the maximum of quantiles. What comes is known only when the half hour is over: opinions wait until then.
//
// A series asks one question at a time, half an hour and a tick apart, so that in turn every minute of the hour is asked about.
import { LEVEL_COUNT, QUANTILE_LEVELS, rarity } from "../../model/forecast.ts";
import { readDemand } from "../demand-history.ts";
import type { QuantileRow } from "../fill-quantiles.ts";
import { fromLogScale, toLogScale } from "../log-scale.ts";
import { isRefreshDue, type Moment, type SeasonTicks } from "../season-ticks.ts";
import {
  correctSlowly,
  createSlowMixture,
  learnSlowly,
  mixSlowly,
  type SlowMixture,
  slowShares,
} from "./slow-mixture.ts";
import { isAtLeast, isUnknown } from "./unclear-ticks.ts";
import { collectPeaks, writePeakQuantiles } from "./window-peaks.ts";

/**
 * "ticks apart": the next tick's distribution as if the ticks of the half hour had nothing to do with each other.
 * "last week": how large half hours were; "same time": those of this very time on the last 7 days, which know what a
 * schedule starts. The network comes last, where there is one.
 */
export const PEAK_EXPERTS = ["ticks apart", "same time", "last week"] as const;
const [SAME_TIME_AT, LAST_WEEK_AT, NETWORK_AT] = [LEVEL_COUNT, 2 * LEVEL_COUNT, 3 * LEVEL_COUNT];
const NETWORK_PRIOR = 0.5;
const HALF_LIFE_LESSONS = 80;
const STEP = 0.035;

export interface HalfHourPeaks {
  /** A row for each series. */
  readonly mixture: SlowMixture;
  readonly expertCount: number;
  /** [series x level] how large half hours were over the last week, base units. */
  readonly lastWeek: Float32Array;
  /** [series x (expert..., forecast) x level] as it was said when the question was asked, base units; NaN where nobody asked. */
  readonly asked: Float32Array;
  /** [series] of the ticks since the question was asked. */
  readonly unclear: Uint8Array;
  /** [series x level] for the half hour to come, base units, ascending; NaN where nothing is known. */
  readonly quantiles: Float32Array;
}

export function createHalfHourPeaks(size: {
  readonly seriesCount: number;
  readonly hasNetwork: boolean;
}): HalfHourPeaks {
  const { seriesCount, hasNetwork } = size;
  const expertCount = PEAK_EXPERTS.length + (hasNetwork ? 1 : 0);
  const each = (hasNetwork ? 1 - NETWORK_PRIOR : 1) / PEAK_EXPERTS.length;
  const priors = [...PEAK_EXPERTS.map(() => each), ...(hasNetwork ? [NETWORK_PRIOR] : [])];
  return {
    mixture: createSlowMixture({ rows: seriesCount, priors, halfLifeLessons: HALF_LIFE_LESSONS, step: STEP }),
    expertCount,
    lastWeek: new Float32Array(seriesCount * LEVEL_COUNT),
    asked: new Float32Array(seriesCount * (expertCount + 1) * LEVEL_COUNT).fill(Number.NaN),
    unclear: new Uint8Array(seriesCount),
    quantiles: new Float32Array(seriesCount * LEVEL_COUNT).fill(Number.NaN),
  };
}

export interface PeakMoment {
  readonly moment: Moment;
  /** [level] for the next tick, log scale, as calibration puts it. */
  readonly nextTick: Float64Array;
  /** [level] of the network for the half hour, log scale; left out: there is none. */
  readonly network?: Float64Array | undefined;
}

/** [expert x level] of the series in hand, log scale. */
const opinions = new Float64Array((PEAK_EXPERTS.length + 1) * LEVEL_COUNT);
const said = new Float64Array(LEVEL_COUNT);
const issued = new Float64Array(LEVEL_COUNT);

/** Learns from the question that is over, asks a new one where it is time, and writes the forecast, log scale, to `target`. */
export function forecastPeak(peaks: HalfHourPeaks, given: PeakMoment, target: Float64Array): void {
  const { moment } = given;
  const { series, season } = moment;
  const phase = (moment.next + series) % (season.halfHour + 1);
  if (phase === season.halfHour) learnFromPeak(peaks, moment);
  writeOpinions(peaks, given);
  mixSlowly(peaks.mixture, series, opinions, said);
  correctSlowly(peaks.mixture, series, said, target);
  // No half hour is calmer than its first tick.
  for (let level = 0; level < LEVEL_COUNT; level++)
    target[level] = Math.max(target[level] as number, given.nextTick[level] as number);
  if (phase === 0) ask(peaks, moment, target);
}

/** [expert] how much each counts for a series just now, the network last; they sum to 1. */
export function peakShares({ mixture, expertCount }: HalfHourPeaks, series: number, hasNetwork: boolean): number[] {
  const awake = new Float64Array(expertCount * LEVEL_COUNT);
  if (!hasNetwork) awake.fill(Number.NaN, NETWORK_AT);
  return slowShares(mixture, series, awake);
}

function writeOpinions({ lastWeek, expertCount }: HalfHourPeaks, { moment, nextTick, network }: PeakMoment): void {
  writeTicksApart({ values: nextTick, at: 0 }, moment.season, opinions);
  writeLastWeek(lastWeek, moment);
  writeSameTime(moment);
  if (expertCount === PEAK_EXPERTS.length) return;
  if (network === undefined) opinions.fill(Number.NaN, NETWORK_AT, NETWORK_AT + LEVEL_COUNT);
  else opinions.set(network, NETWORK_AT);
}

/** Redone once an hour. */
function writeLastWeek(lastWeek: Float32Array, moment: Moment): void {
  const { season, series, samples, scale } = moment;
  const first = series * LEVEL_COUNT;
  if (isRefreshDue(moment, season.hour)) {
    const ticks = Math.min(season.halfHour, samples);
    // A stride without a common divisor with the hour meets every minute of it.
    const found = collectPeaks(moment, { ticks, first: season.week, last: ticks, stride: season.hour + 1 }, 0);
    writePeakQuantiles(found, { values: lastWeek, at: first });
  }
  for (let level = 0; level < LEVEL_COUNT; level++)
    opinions[LAST_WEEK_AT + level] = toLogScale(lastWeek[first + level] as number, scale);
}

const sameTime = { values: new Float32Array(LEVEL_COUNT), at: 0 };

/** Half hours that began at this time or next to it; before a day is known, those of the last week. */
function writeSameTime(moment: Moment): void {
  const { halfHour: ticks, day } = moment.season;
  const beside = Math.max(1, Math.floor(ticks / 6));
  let found = 0;
  for (let back = day; back <= 7 * day; back += day)
    found = collectPeaks(moment, { ticks, first: back + beside, last: back - beside, stride: beside }, found);
  if (found === 0) opinions.copyWithin(SAME_TIME_AT, LAST_WEEK_AT, LAST_WEEK_AT + LEVEL_COUNT);
  else {
    writePeakQuantiles(found, sameTime);
    for (let level = 0; level < LEVEL_COUNT; level++)
      opinions[SAME_TIME_AT + level] = toLogScale(sameTime.values[level] as number, moment.scale);
  }
}

function ask({ asked, unclear, expertCount }: HalfHourPeaks, { series, scale }: Moment, forecast: Float64Array): void {
  const first = series * (expertCount + 1) * LEVEL_COUNT;
  const forecastAt = first + expertCount * LEVEL_COUNT;
  for (let cell = 0; cell < expertCount * LEVEL_COUNT; cell++)
    asked[first + cell] = fromLogScale(opinions[cell] as number, scale);
  for (let level = 0; level < LEVEL_COUNT; level++)
    asked[forecastAt + level] = fromLogScale(forecast[level] as number, scale);
  unclear[series] = 0;
}

/** What was said half an hour ago, and what came. */
function learnFromPeak({ mixture, asked, unclear, expertCount }: HalfHourPeaks, moment: Moment): void {
  const { series, scale, season, history, next } = moment;
  const first = series * (expertCount + 1) * LEVEL_COUNT;
  const forecastAt = first + expertCount * LEVEL_COUNT;
  const wasAsked = !Number.isNaN(asked[forecastAt] as number);
  if (!wasAsked || isUnknown(unclear, series, season.halfHour)) return;
  for (let cell = 0; cell < expertCount * LEVEL_COUNT; cell++)
    opinions[cell] = toLogScale(asked[first + cell] as number, scale);
  for (let level = 0; level < LEVEL_COUNT; level++)
    issued[level] = toLogScale(asked[forecastAt + level] as number, scale);
  let peak = 0;
  for (let back = 1; back <= season.halfHour; back++) peak = Math.max(peak, readDemand(history, series, next - back));
  const came = { actual: toLogScale(peak, scale), atLeast: isAtLeast(unclear, series) };
  learnSlowly(mixture, series, { opinions, issued, ...came, counts: 1 });
}

/** Keeps a forecast in base units, nowhere below the next tick's, also after both became floats. */
export function keepPeak(
  { quantiles }: HalfHourPeaks,
  series: number,
  { row, nextTick }: { readonly row: Float64Array; readonly nextTick: Float64Array },
): void {
  const first = series * LEVEL_COUNT;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const least = nextTick[level] as number;
    const peak = Math.max(row[level] as number, least);
    quantiles[first + level] = Math.fround(peak) < least ? peak * (1 + 2 ** -23) : peak;
  }
}

/** How large half hours were over the last week, base units. */
export function lastWeekOf({ lastWeek }: HalfHourPeaks, series: number): QuantileRow {
  return { values: lastWeek, at: series * LEVEL_COUNT };
}

/**
 * What the largest of the ticks of half an hour would be if each had this distribution and nothing to do with the others:
 * its quantile at a level is theirs at level ^ (1 / ticks), beyond the last level as of an exponential tail.
 */
function writeTicksApart(
  row: { readonly values: ArrayLike<number>; readonly at: number },
  season: SeasonTicks,
  target: Float64Array,
): void {
  const places = placesApart(season);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const { upper, share } = places[level] as TickApart;
    const low = row.values[row.at + upper - 1] as number;
    target[level] = low + share * ((row.values[row.at + upper] as number) - low);
  }
}

interface TickApart {
  readonly upper: number;
  readonly share: number;
}

const apart = new Map<number, readonly TickApart[]>();

/** Where the level ^ (1 / ticks) lies between two levels of a row, or beyond the last as an exponential tail would. */
function placesApart({ halfHour }: SeasonTicks): readonly TickApart[] {
  const known = apart.get(halfHour);
  if (known !== undefined) return known;
  const places = QUANTILE_LEVELS.map((level) => placeOf(level ** (1 / halfHour)));
  apart.set(halfHour, places);
  return places;
}

function placeOf(level: number): TickApart {
  const above = QUANTILE_LEVELS.findIndex((each, index) => index > 0 && each >= level);
  const upper = above < 0 ? LEVEL_COUNT - 1 : above;
  const [from, to] = [QUANTILE_LEVELS[upper - 1] as number, QUANTILE_LEVELS[upper] as number];
  const share = above < 0 ? (rarity(level) - rarity(from)) / (rarity(to) - rarity(from)) : (level - from) / (to - from);
  return { upper, share: Math.max(share, 0) };
}
