// The largest demand of each of the next 24 hours, counted from the tick to come: worked out for a series when it is asked
// for, from what is learned of every series once an hour.
//
// Once an hour a series is forecast for four leads, near and ever further ahead. What was forecast waits until that hour is
// over, and so does what the network said; what the statistics said then follows from the history.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { createDemandHistory, type DemandHistory, readDemand, writeDemand } from "../demand-history.ts";
import { fillQuantiles, type QuantileRow } from "../fill-quantiles.ts";
import type { Window } from "../forecast-model.ts";
import { copyHourlyPeaks, hoursKept } from "../hourly-peaks.ts";
import { fromLogScale, toLogScale } from "../log-scale.ts";
import type { Moment, SeasonTicks } from "../season-ticks.ts";
import {
  correctSlowly,
  createSlowMixture,
  learnSlowly,
  mixSlowly,
  type SlowMixture,
  slowShares,
} from "./slow-mixture.ts";
import { isAtLeast, isUnknown } from "./unclear-ticks.ts";

/** 24, or as many ticks as a day has where a tick is longer than an hour. */
export function hoursAhead({ day, hour }: SeasonTicks): number {
  return Math.round(day / hour);
}

/**
 * "this hour" on the last 7 days, which knows what a schedule starts; "same hours": with those beside it. The network comes
 * last, where there is one.
 */
export const HOURLY_EXPERTS = ["this hour", "same hours", "last week"] as const;
const [THIS_HOUR, SAME_HOURS, LAST_WEEK] = [0, 1, 2] as const;
const NETWORK_PRIOR = 0.5;
const HALF_LIFE_LESSONS = 80;
const STEP = 0.017;

/**
 * Hours ahead, alike from one `from` to the next, are taught by one lead, every so many hours. Where that is not every
 * hour, it meets every hour of the day in turn.
 */
export const LESSONS = [
  { from: 0, lead: 0, every: 1 },
  { from: 1, lead: 2, every: 1 },
  { from: 3, lead: 4, every: 1 },
  { from: 8, lead: 14, every: 5 },
] as const;
const BUCKETS = LESSONS.length;

/** Forecasts that wait: of each lesson as many as are made before the first is over. */
const WAITING = LESSONS.map(({ lead, every }) => (lead + 1) / every);
const FIRST_WAITING = WAITING.map((_, bucket) => WAITING.slice(0, bucket).reduce((sum, rows) => sum + rows, 0));
const WAITING_ROWS = WAITING.reduce((sum, rows) => sum + rows, 0);

export interface HourlyPeaks {
  /** Row = series x bucket. */
  readonly mixture: SlowMixture;
  readonly expertCount: number;
  /** [series x waiting x level] what was forecast, base units; all 0 where nothing was. */
  readonly issued: DemandHistory;
  /** What the network said, alike. Of no length without a network. */
  readonly networkSaid: DemandHistory;
  /** [series] of the ticks of the hour. */
  readonly unclear: Uint8Array;
}

export function createHourlyPeaks(size: { readonly floors: Float64Array; readonly hasNetwork: boolean }): HourlyPeaks {
  const { floors, hasNetwork } = size;
  const each = (hasNetwork ? 1 - NETWORK_PRIOR : 1) / HOURLY_EXPERTS.length;
  const priors = [...HOURLY_EXPERTS.map(() => each), ...(hasNetwork ? [NETWORK_PRIOR] : [])];
  const length = WAITING_ROWS * LEVEL_COUNT;
  return {
    mixture: createSlowMixture({
      rows: floors.length * BUCKETS,
      priors,
      halfLifeLessons: HALF_LIFE_LESSONS,
      step: STEP,
    }),
    expertCount: priors.length,
    issued: createDemandHistory({ length, floors }),
    networkSaid: createDemandHistory({ length: hasNetwork ? length : 0, floors }),
    unclear: new Uint8Array(floors.length),
  };
}

/** What the network is asked once an hour, so that there is something to learn from. */
export function farLessons({ hour }: SeasonTicks): readonly Window[] {
  return LESSONS.map(({ lead }) => ({ from: lead * hour, ticks: hour }));
}

/** The network's windows over the whole day. */
export function farDay(season: SeasonTicks): readonly Window[] {
  const { hour } = season;
  return Array.from({ length: hoursAhead(season) }, (_, lead) => ({ from: lead * hour, ticks: hour }));
}

/** [hour back] of the series in hand, and what its experts say: log scale. */
const hours = new Float32Array(168);
const opinions = new Float64Array((HOURLY_EXPERTS.length + 1) * LEVEL_COUNT);
const said = new Float64Array(LEVEL_COUNT);
const forecast = new Float64Array(LEVEL_COUNT);
const NETWORK_AT = HOURLY_EXPERTS.length * LEVEL_COUNT;

/** Once an hour, when the hour is over and before the network is asked. */
export function learnFromHour(peaks: HourlyPeaks, moment: Moment): void {
  const { series, season } = moment;
  const { unclear, mixture, issued } = peaks;
  if (!isUnknown(unclear, series, season.hour)) {
    const known = readHours(moment);
    for (const [bucket, { lead, every }] of LESSONS.entries()) {
      if (!isTurnOf(bucket, moment) || known < lead + 2) continue;
      const place = waitingPlace(bucket, moment);
      if (!readRow(issued, { moment, place }, { values: forecast, at: 0 })) continue;
      writeOpinions({ season, known, origin: lead + 1, lead });
      if (peaks.expertCount > HOURLY_EXPERTS.length && !readRow(peaks.networkSaid, { moment, place }, NETWORK_ROW))
        opinions.fill(Number.NaN, NETWORK_AT);
      const came = { actual: hours[0] as number, atLeast: isAtLeast(unclear, series) };
      learnSlowly(mixture, series * BUCKETS + bucket, { opinions, issued: forecast, ...came, counts: every });
    }
  }
  unclear[series] = 0;
}

/** Keeps what the network just said of the lessons' windows: [lesson x level], base units. */
export function keepNetworkHours({ networkSaid }: HourlyPeaks, at: HourTurn, rows: QuantileRow): void {
  for (const bucket of LESSONS.keys())
    if (isTurnOf(bucket, at))
      writeRow(
        networkSaid,
        { moment: at, place: waitingPlace(bucket, at) },
        rows.values,
        rows.at + bucket * LEVEL_COUNT,
      );
}

/** Once an hour, after the network was asked: forecasts to learn from when their hour is over. */
export function issueHours(peaks: HourlyPeaks, moment: Moment): void {
  const { season, series, scale } = moment;
  const known = readHours(moment);
  for (const [bucket, { lead }] of LESSONS.entries()) {
    if (!isTurnOf(bucket, moment)) continue;
    const place = waitingPlace(bucket, moment);
    writeOpinions({ season, known, origin: 0, lead });
    if (peaks.expertCount > HOURLY_EXPERTS.length && !readRow(peaks.networkSaid, { moment, place }, NETWORK_ROW))
      opinions.fill(Number.NaN, NETWORK_AT);
    mixSlowly(peaks.mixture, series * BUCKETS + bucket, opinions, said);
    correctSlowly(peaks.mixture, series * BUCKETS + bucket, said, forecast);
    for (let level = 0; level < LEVEL_COUNT; level++) forecast[level] = fromLogScale(forecast[level] as number, scale);
    writeRow(peaks.issued, { moment, place }, forecast, 0);
  }
}

/** A series at the turn of its hour. */
export type HourTurn = Pick<Moment, "series" | "next" | "season">;

function isTurnOf(bucket: number, { next, season }: HourTurn): boolean {
  return Math.floor(next / season.hour) % (LESSONS[bucket]?.every ?? 1) === 0;
}

/** Where what is issued in this hour waits: just where what is over in this hour waited. */
function waitingPlace(bucket: number, { next, season }: HourTurn): number {
  const turn = Math.floor(next / season.hour / (LESSONS[bucket]?.every ?? 1));
  return ((FIRST_WAITING[bucket] as number) + (turn % (WAITING[bucket] as number))) * LEVEL_COUNT;
}

const NETWORK_ROW = { values: opinions, at: NETWORK_AT };

/** On the log scale; false where nothing was written there. */
function readRow(
  rows: DemandHistory,
  { moment, place }: { readonly moment: Moment; readonly place: number },
  { values, at }: { readonly values: Float64Array; readonly at: number },
): boolean {
  const { series, scale } = moment;
  if (readDemand(rows, series, place + LEVEL_COUNT - 1) === 0) return false;
  for (let level = 0; level < LEVEL_COUNT; level++)
    values[at + level] = toLogScale(readDemand(rows, series, place + level), scale);
  return true;
}

function writeRow(
  rows: DemandHistory,
  { moment, place }: { readonly moment: HourTurn; readonly place: number },
  values: ArrayLike<number>,
  at: number,
): void {
  for (let level = 0; level < LEVEL_COUNT; level++)
    writeDemand(rows, { series: moment.series, tick: place + level }, values[at + level] as number);
}

export interface HoursQuestion {
  /** At least one sample is known. */
  readonly moment: Moment;
  /** [hour x level] of the network, base units; left out: it is silent. */
  readonly network?: Float32Array | undefined;
}

/** [hour x level], base units, ascending in each hour. */
export function forecastHours(peaks: HourlyPeaks, { moment, network }: HoursQuestion): Float64Array {
  const { season } = moment;
  const ahead = hoursAhead(season);
  const path = new Float64Array(ahead * LEVEL_COUNT);
  const known = readHours(moment);
  for (let lead = 0; lead < ahead; lead++) {
    writeOpinions({ season, known, origin: 0, lead });
    writeNetwork(network, { lead, scale: moment.scale });
    const row = moment.series * BUCKETS + bucketOf(lead);
    const target = path.subarray(lead * LEVEL_COUNT, (lead + 1) * LEVEL_COUNT);
    mixSlowly(peaks.mixture, row, opinions, said);
    correctSlowly(peaks.mixture, row, said, target);
    for (let level = 0; level < LEVEL_COUNT; level++)
      target[level] = fromLogScale(target[level] as number, moment.scale);
  }
  return path;
}

function bucketOf(lead: number): number {
  return LESSONS.findLastIndex(({ from }) => lead >= from);
}

/** What the forecast of one hour is made of. */
interface HourMakeUp {
  /** [expert] how much each counts, the network last; they sum to 1. */
  readonly shares: readonly number[];
  /** [level] what calibration adds, log scale. */
  readonly corrections: Float32Array;
}

export function hourMakeUp(
  { mixture, expertCount }: HourlyPeaks,
  { series, lead, hasNetwork }: { readonly series: number; readonly lead: number; readonly hasNetwork: boolean },
): HourMakeUp {
  const awake = new Float64Array(expertCount * LEVEL_COUNT);
  if (!hasNetwork) awake.fill(Number.NaN, NETWORK_AT);
  const row = series * BUCKETS + bucketOf(lead);
  const corrections = mixture.corrections.subarray(row * LEVEL_COUNT, (row + 1) * LEVEL_COUNT);
  return { shares: slowShares(mixture, row, awake), corrections };
}

/** Fills `hours`; returns how many are known: at least one, and the last of them may be known in part. */
function readHours(moment: Moment): number {
  const { season, samples, scale } = moment;
  const kept = Math.min(hours.length, hoursKept(season));
  copyHourlyPeaks(moment, hours.subarray(0, kept));
  for (let hour = 0; hour < kept; hour++) hours[hour] = toLogScale(hours[hour] as number, scale);
  return Math.min(kept, Math.max(1, Math.floor(samples / season.hour)));
}

interface Asked {
  readonly season: SeasonTicks;
  /** Hours in `hours`. */
  readonly known: number;
  /** Hours back at which it is asked: what came since is not known then. */
  readonly origin: number;
  readonly lead: number;
}

const sorted = new Float32Array(168);
const quantiles = new Float32Array(LEVEL_COUNT);

/** Of the statistics. At least one hour before the origin is known. */
function writeOpinions({ season, known, origin, lead }: Asked): void {
  sorted.set(hours.subarray(origin, known));
  writeQuantiles(known - origin, LAST_WEEK);
  for (const [expert, beside] of BESIDE) {
    const found = collectHours({ season, known, origin, lead }, beside);
    if (found > 0) writeQuantiles(found, expert);
    else opinions.copyWithin(expert * LEVEL_COUNT, LAST_WEEK * LEVEL_COUNT, (LAST_WEEK + 1) * LEVEL_COUNT);
  }
}

/** How many hours on either side count as well. */
const BESIDE = [
  [THIS_HOUR, 0],
  [SAME_HOURS, 1],
] as const;

/** The hour asked about on former days, into `sorted`; how many of them the history holds. */
function collectHours({ season, known, origin, lead }: Asked, beside: number): number {
  const aDay = hoursAhead(season);
  let found = 0;
  for (let days = 1; days <= 7; days++) {
    const middle = origin - 1 - lead + days * aDay;
    for (let back = Math.max(middle - beside, origin); back <= Math.min(middle + beside, known - 1); back++)
      sorted[found++] = hours[back] as number;
  }
  return found;
}

function writeQuantiles(count: number, expert: number): void {
  fillQuantiles(sorted, count, { values: quantiles, at: 0 });
  opinions.set(quantiles, expert * LEVEL_COUNT);
}

function writeNetwork(network: Float32Array | undefined, { lead, scale }: { lead: number; scale: number }): void {
  for (let level = 0; level < LEVEL_COUNT; level++)
    opinions[NETWORK_AT + level] =
      network === undefined ? Number.NaN : toLogScale(network[lead * LEVEL_COUNT + level] as number, scale);
}
