// What a profile says of demand at any instant: the declared hour of the week, grown and changed as planned, as quantiles.
// It is what a forecast begins with while there are no samples.
import { LEVEL_COUNT, QUANTILE_LEVELS, rarity } from "../model/forecast.ts";
import { HOURS_A_WEEK, type WorkloadProfile } from "../model/profile.ts";
import type { Resource } from "../model/resources.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, MINUTE_MS } from "../model/time.ts";
import { normalQuantile } from "./normal-quantile.ts";

/** Base units; 0 <= typical <= peak. */
export interface DeclaredLevels {
  /** Demand stays below it half of the time. */
  readonly typical: number;
  /** Demand stays below it 95 % of the time. */
  readonly peak: number;
}

const TYPICAL_LEVEL = 0.5;
const PEAK_LEVEL = 0.95;
const PEAK_Z = normalQuantile(PEAK_LEVEL);

/** Undefined where the profile says nothing of the resource. */
export function declaredLevels(
  profile: WorkloadProfile,
  { resource, at }: { resource: Resource; at: Instant },
): DeclaredLevels | undefined {
  const declared = profile.demand[resource];
  if (declared === undefined) return undefined;
  const hour = hourOfWeek(at, profile.utcOffsetMinutes);
  const factor = plannedFactor(profile, at);
  return { typical: (declared.typical[hour] as number) * factor, peak: (declared.peak[hour] as number) * factor };
}

/** Monday 00:00 local time is hour 0. */
export function hourOfWeek(at: Instant, utcOffsetMinutes: number): number {
  const hours = Math.floor((at + utcOffsetMinutes * MINUTE_MS) / HOUR_MS) + THURSDAY_HOURS;
  return ((hours % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;
}

/** 1970-01-01T00:00 was a Thursday. */
const THURSDAY_HOURS = 3 * 24;

const MONTH_MS = (365.25 / 12) * DAY_MS;
/** Nobody's guess at growth is followed for longer than this; from then on it stands still. */
const GROWTH_MONTHS_MAX = 24;

/** Growth since the profile was declared, times the planned changes in force. */
export function plannedFactor({ growthPerMonth, declaredAt, plannedChanges }: WorkloadProfile, at: Instant): number {
  const months = Math.min(Math.max((at - declaredAt) / MONTH_MS, -GROWTH_MONTHS_MAX), GROWTH_MONTHS_MAX);
  let factor = (1 + growthPerMonth) ** months;
  for (const change of plannedChanges) if (change.at <= at) factor *= change.factor;
  return factor;
}

/**
 * Demand at a level, base units: the log-normal distribution through (0.5, typical) and (0.95, peak), the simplest skewed one
 * with two numbers (fit by two quantiles: J. D. Cook, "Determining distribution parameters from quantiles", UT MD Anderson
 * Biostatistics working paper 55, 2010). `logSd` adds doubt about the declaration itself. A typical demand of zero has no
 * logarithm: then half of the time there is none, and above that an exponential tail runs through (0.95, peak).
 */
export function declaredQuantile({ typical, peak }: DeclaredLevels, level: number, logSd = 0): number {
  if (typical === 0) return peak * Math.max(rarityAbove(level) / rarityAbove(PEAK_LEVEL), 0);
  const spread = Math.hypot(Math.log(peak / typical) / PEAK_Z, logSd);
  return typical * Math.exp(spread * normalQuantile(level));
}

function rarityAbove(level: number): number {
  return rarity(level) - rarity(TYPICAL_LEVEL);
}

/** A declaration is a guess: about a third of them are off by more than a quarter. Assumed, not measured. */
const PRIOR_LOG_SD = 0.25;
/** Demand forgets in about half an hour: so often the largest of a window is drawn anew. Assumed, not measured. */
const DRAWS_PER_HOUR = 2;

export interface PriorQuestion {
  readonly profile: WorkloadProfile;
  readonly resource: Resource;
  /** The start of the first tick to forecast. */
  readonly origin: Instant;
  readonly stepMs: number;
}

/** Ticks [from, from + ticks) after the origin. */
export interface TickWindow {
  readonly from: number;
  readonly ticks: number;
}

/**
 * The largest demand of each window as far as the profile tells: [window x level of QUANTILE_LEVELS], base units, ascending;
 * NaN where nothing was declared. The largest of m independent draws stays below x with F(x)^m; the busiest hour of the
 * window rules.
 */
export function profilePrior(question: PriorQuestion, windows: readonly TickWindow[]): Float64Array {
  const rows = new Float64Array(windows.length * LEVEL_COUNT).fill(Number.NaN);
  windows.forEach((window, index) => {
    const busiest = busiestLevels(question, window);
    if (busiest === undefined) return;
    const draws = 1 + (DRAWS_PER_HOUR * (window.ticks - 1) * question.stepMs) / HOUR_MS;
    QUANTILE_LEVELS.forEach((level, at) => {
      rows[index * LEVEL_COUNT + at] = declaredQuantile(busiest, level ** (1 / draws), PRIOR_LOG_SD);
    });
  });
  return rows;
}

function busiestLevels(question: PriorQuestion, { from, ticks }: TickWindow): DeclaredLevels | undefined {
  const { profile, resource, origin, stepMs } = question;
  const startMs = origin + from * stepMs;
  let busiest = declaredLevels(profile, { resource, at: instant(startMs) });
  for (let at = startMs + HOUR_MS; busiest !== undefined && at < startMs + ticks * stepMs + HOUR_MS; at += HOUR_MS) {
    const last = startMs + ticks * stepMs - 1;
    const levels = declaredLevels(profile, { resource, at: instant(Math.min(at, last)) });
    if (levels !== undefined && levels.peak > busiest.peak) busiest = levels;
  }
  return busiest;
}

/** Hours of history that weigh as much as the profile. */
const PRIOR_HOURS = 16;

/** Weight of the prior beside what `hours` of samples say: 1 at first, 0.7 after 7 h, 0.4 after a day. */
export function priorWeight(hours: number): number {
  return PRIOR_HOURS / (PRIOR_HOURS + hours);
}
