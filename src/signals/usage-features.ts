// The numbers that tell one sort of workload from another, out of a few weeks of usage. Days and hours are local ones.
import { maximumOf, quantileOf } from "../model/series.ts";
import { HOUR_MS, MINUTE_MS, type TimeGrid } from "../model/time.ts";

/** One resource of one VM. NaN where there is too little to tell. */
export interface UsageFeatures {
  readonly hoursKnown: number;
  /** Base units. */
  readonly mean: number;
  /** Mean and 99th percentile over the ceiling (where none is known: over the largest usage seen). */
  readonly meanShare: number;
  readonly highShare: number;
  /** 99th percentile over mean, 1 = flat; and standard deviation over mean, both by tick. */
  readonly burstiness: number;
  readonly variation: number;
  /** Share of ticks below 2 % of the ceiling. */
  readonly idleShare: number;
  /**
   * Autocorrelation of hourly means a day and a week apart, less the mean of the week around each, so that growth is no season:
   * the strength of the daily and the weekly season.
   */
  readonly season24: number;
  readonly season168: number;
  /** Mean on Saturday and Sunday over mean on working days. */
  readonly weekendRatio: number;
  /** Mean from 0 to 6 over mean from 9 to 17 on working days. */
  readonly nightRatio: number;
  /** Share of the volume above the usual (median) hour that falls into the three busiest hours of the day in a row. */
  readonly peakShare: number;
  /** First of those three hours, 0..23. */
  readonly peakHour: number;
  /** Share of days whose busiest hour is one of those three or next to them. */
  readonly peakRegularity: number;
  /** Log growth from one week to the next: median over days; and the share of days above the same day a week before. */
  readonly growthPerWeek: number;
  readonly growingDays: number;
}

export interface UsageOfResource {
  readonly grid: TimeGrid;
  /** [grid.length], base units; NaN where unknown. */
  readonly values: Float64Array;
  readonly utcOffsetMinutes: number;
  /** Base units; left out where not known. */
  readonly ceiling?: number | undefined;
}

const IDLE_SHARE = 0.02;
const HIGH_LEVEL = 0.99;
const PEAK_HOURS = 3;
const DAY_HOURS = 24;
const WEEK_DAYS = 7;

export function usageFeatures({ grid, values, utcOffsetMinutes, ceiling }: UsageOfResource): UsageFeatures {
  const known = values.filter((value) => !Number.isNaN(value));
  const hours = hourlyMeans({ grid, values, utcOffsetMinutes });
  const levelled = withoutTrend(hours.means);
  const mean = meanOf(known);
  const high = quantileOf(values, HIGH_LEVEL);
  const full = ceiling ?? maximumOf(values);
  const spread = Math.sqrt(meanOf(known.map((value) => (value - mean) ** 2)));
  return {
    hoursKnown: (known.length * grid.stepMs) / HOUR_MS,
    mean,
    meanShare: mean / full,
    highShare: high / full,
    burstiness: mean > 0 ? high / mean : Number.NaN,
    variation: mean > 0 ? spread / mean : Number.NaN,
    idleShare:
      known.length === 0 ? Number.NaN : known.filter((value) => value < IDLE_SHARE * full).length / known.length,
    season24: autocorrelation(levelled, DAY_HOURS),
    season168: autocorrelation(levelled, WEEK_DAYS * DAY_HOURS),
    weekendRatio: meanWhere(hours, ({ isWeekend }) => isWeekend) / meanWhere(hours, ({ isWeekend }) => !isWeekend),
    nightRatio:
      meanWhere(hours, ({ isWeekend, hour }) => !isWeekend && hour < 6) /
      meanWhere(hours, ({ isWeekend, hour }) => !isWeekend && hour >= 9 && hour < 17),
    ...peakOfDay(hours),
    ...growth(hours),
  };
}

interface Hours {
  /** Local hours since 1970, of the first mean. */
  readonly first: number;
  /** NaN where less than half of an hour is known. */
  readonly means: Float64Array;
}

function hourlyMeans({ grid, values, utcOffsetMinutes }: UsageOfResource): Hours {
  const localMs = grid.startMs + utcOffsetMinutes * MINUTE_MS;
  const first = Math.floor(localMs / HOUR_MS);
  const hourOf = (tick: number) => Math.floor((localMs + tick * grid.stepMs) / HOUR_MS) - first;
  const count = grid.length === 0 ? 0 : hourOf(grid.length - 1) + 1;
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  values.forEach((value, tick) => {
    if (Number.isNaN(value)) return;
    const hour = hourOf(tick);
    sums[hour] = (sums[hour] as number) + value;
    counts[hour] = (counts[hour] as number) + 1;
  });
  const enough = HOUR_MS / grid.stepMs / 2;
  return {
    first,
    means: sums.map((sum, hour) => ((counts[hour] as number) >= enough ? sum / (counts[hour] as number) : Number.NaN)),
  };
}

interface LocalHour {
  readonly hour: number;
  readonly isWeekend: boolean;
}

/** 1970-01-01 was a Thursday: day 0 is number 3 of a week that begins on Monday. */
function localHour(hours: number): LocalHour {
  const weekday = (Math.floor(hours / DAY_HOURS) + 3) % WEEK_DAYS;
  return { hour: hours % DAY_HOURS, isWeekend: weekday >= 5 };
}

function meanWhere({ first, means }: Hours, isMeant: (hour: LocalHour) => boolean): number {
  return meanOf(means.filter((mean, index) => !Number.isNaN(mean) && isMeant(localHour(first + index))));
}

/** What is left over and smaller than this share is rounding. */
const ROUNDING = 1e-9;

/** Less the mean of the known values up to half a week before and after. */
function withoutTrend(means: Float64Array): Float64Array {
  const [sums, counts] = [new Float64Array(means.length + 1), new Float64Array(means.length + 1)];
  means.forEach((mean, index) => {
    const isKnown = !Number.isNaN(mean);
    sums[index + 1] = (sums[index] as number) + (isKnown ? mean : 0);
    counts[index + 1] = (counts[index] as number) + (isKnown ? 1 : 0);
  });
  const half = (WEEK_DAYS * DAY_HOURS) / 2;
  return means.map((mean, index) => {
    const [from, to] = [Math.max(index - half, 0), Math.min(index + half, means.length)];
    const sum = (sums[to] as number) - (sums[from] as number);
    const around = sum / ((counts[to] as number) - (counts[from] as number));
    return Math.abs(mean - around) < ROUNDING * around ? 0 : mean - around;
  });
}

/** Pearson's, over pairs of known values, in units of what is left over; NaN unless they span at least one more lag. */
function autocorrelation(values: Float64Array, lag: number): number {
  let [pairs, product, early, late] = [0, 0, 0, 0];
  for (let index = lag; index < values.length; index++) {
    const [before, now] = [values[index - lag] as number, values[index] as number];
    if (Number.isNaN(before + now)) continue;
    pairs++;
    product += before * now;
    early += before * before;
    late += now * now;
  }
  if (pairs < lag) return Number.NaN;
  const scale = Math.sqrt(early * late);
  return scale > 0 ? product / scale : 0;
}

function peakOfDay({ first, means }: Hours): Pick<UsageFeatures, "peakShare" | "peakHour" | "peakRegularity"> {
  const usual = quantileOf(means, 0.5);
  const excess = new Float64Array(DAY_HOURS);
  const busiest = new Map<number, { hour: number; mean: number }>();
  means.forEach((mean, index) => {
    if (Number.isNaN(mean)) return;
    const at = first + index;
    const hour = at % DAY_HOURS;
    excess[hour] = (excess[hour] as number) + Math.max(mean - usual, 0);
    const day = Math.floor(at / DAY_HOURS);
    if (mean > (busiest.get(day)?.mean ?? Number.NEGATIVE_INFINITY)) busiest.set(day, { hour, mean });
  });
  const total = excess.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return { peakShare: Number.NaN, peakHour: Number.NaN, peakRegularity: Number.NaN };
  const windowAt = (hour: number) =>
    Array.from({ length: PEAK_HOURS }, (_, step) => excess[(hour + step) % DAY_HOURS] as number).reduce(
      (a, b) => a + b,
      0,
    );
  const sizes = Array.from(excess, (_, hour) => windowAt(hour));
  const peakHour = sizes.indexOf(Math.max(...sizes));
  const isNear = (hour: number) => (hour - peakHour + 1 + DAY_HOURS) % DAY_HOURS <= PEAK_HOURS + 1;
  const days = [...busiest.values()];
  return {
    peakShare: (sizes[peakHour] as number) / total,
    peakHour,
    peakRegularity: days.filter(({ hour }) => isNear(hour)).length / days.length,
  };
}

function growth({ first, means }: Hours): Pick<UsageFeatures, "growthPerWeek" | "growingDays"> {
  const days: number[][] = [];
  means.forEach((mean, index) => {
    const day = Math.floor((first + index) / DAY_HOURS) - Math.floor(first / DAY_HOURS);
    days[day] ??= [];
    if (!Number.isNaN(mean)) days[day].push(mean);
  });
  const daily = days.map((hours) => (hours.length >= DAY_HOURS / 2 ? meanOf(Float64Array.from(hours)) : Number.NaN));
  const logs = daily
    .map((mean, day) => Math.log(mean / (daily[day - WEEK_DAYS] ?? Number.NaN)))
    .filter(Number.isFinite);
  if (logs.length < WEEK_DAYS) return { growthPerWeek: Number.NaN, growingDays: Number.NaN };
  const growthPerWeek = quantileOf(Float64Array.from(logs), 0.5);
  return { growthPerWeek, growingDays: logs.filter((log) => log > 0).length / logs.length };
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
