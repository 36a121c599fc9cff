// Which seasons a series has: hour, day, week or year, each with its strength. Or which one its grid suggests.
import { SEASON_MS, SEASON_NAMES, type SeasonChoice, type SeasonName } from "../model/season.ts";
import { ticksPer } from "../model/time.ts";
import type { KnownSeries } from "./forecast-model.ts";

export interface Season {
  readonly name: SeasonName;
  readonly ticks: number;
  /** Autocorrelation one season apart, 0..1, once trend and shorter seasons are taken out. */
  readonly strength: number;
}

/** Ticks of the season that a model should follow, at least 1: 1 is none. */
export function seasonTicksOf(known: Pick<KnownSeries, "grid" | "values">, choice: SeasonChoice): number {
  const { stepMs } = known.grid;
  switch (choice) {
    case "grid":
      return gridSeason(stepMs);
    case "detected":
      return strongestOf(detectSeasons(known.values, stepMs))?.ticks ?? 1;
    default:
      return ticksPer(SEASON_MS[choice], stepMs);
  }
}

function gridSeason(stepMs: number): number {
  const name = (["day", "week", "year"] as const).find((each) => 2 * stepMs <= SEASON_MS[each]);
  return name === undefined ? 1 : ticksPer(SEASON_MS[name], stepMs);
}

function strongestOf(seasons: readonly Season[]): Season | undefined {
  return seasons.toSorted((left, right) => right.strength - left.strength)[0];
}

/** A season has a shape only from so many ticks on. */
const TICKS_MIN = 4;
const STRENGTH_MIN = 0.1;
/** Standard errors of an autocorrelation of noise, 1 / sqrt(pairs), that a season has to pass. */
const ERRORS_MIN = 3;

/**
 * From the shortest candidate to the longest: trend out (mean over one season around each tick), then the autocorrelation
 * one season apart. It counts when it is clear of noise and a peak, higher than a quarter of a season to either side: a
 * slow swing, whose neighbours are all alike, is none. The mean shape of a season found is taken out before the next, or
 * every day would make a week. Two whole seasons have to be known. `values` on any scale, NaN where unknown. Box, Jenkins,
 * Reinsel & Ljung, Time Series Analysis, 5th ed., section 2.1.4, for autocorrelations and their errors.
 */
export function detectSeasons(values: Float64Array, stepMs: number): Season[] {
  const seasons: Season[] = [];
  let rest = values;
  for (const name of SEASON_NAMES) {
    const ticks = ticksPer(SEASON_MS[name], stepMs);
    if (ticks < TICKS_MIN || 2 * ticks > values.length) continue;
    const swings = withoutTrend(rest, ticks);
    const quarter = Math.round(ticks / 4);
    const [before, at, after] = [ticks - quarter, ticks, ticks + quarter].map((lag) => autocorrelation(swings, lag));
    const noise = Math.max(STRENGTH_MIN, ERRORS_MIN / Math.sqrt(values.length - ticks));
    if (!(at !== undefined && at > noise && at > (before ?? 1) && at > (after ?? 1))) continue;
    seasons.push({ name, ticks, strength: Math.min(1, at) });
    rest = withoutShape(rest, swings, ticks);
  }
  return seasons;
}

/** What is above or below the mean of the season around each tick; at the ends, of the part of it that is there. */
function withoutTrend(values: Float64Array, ticks: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  const counts = new Float64Array(values.length + 1);
  for (let tick = 0; tick < values.length; tick++) {
    const value = values[tick] as number;
    const isKnown = !Number.isNaN(value);
    sums[tick + 1] = (sums[tick] as number) + (isKnown ? value : 0);
    counts[tick + 1] = (counts[tick] as number) + (isKnown ? 1 : 0);
  }
  return values.map((value, tick) => {
    const from = Math.max(0, tick - (ticks >> 1));
    const to = Math.min(values.length, tick - (ticks >> 1) + ticks);
    const count = (counts[to] as number) - (counts[from] as number);
    return value - ((sums[to] as number) - (sums[from] as number)) / count;
  });
}

/** Of known pairs; 0 for a series that does not move. */
function autocorrelation(swings: Float64Array, lag: number): number {
  let together = 0;
  let squares = 0;
  for (let tick = lag; tick < swings.length; tick++) {
    const [now, before] = [swings[tick] as number, swings[tick - lag] as number];
    if (Number.isNaN(now) || Number.isNaN(before)) continue;
    together += now * before;
    squares += (now * now + before * before) / 2;
  }
  return squares > 0 ? together / squares : 0;
}

/** Without the mean swing of each tick of the season. */
function withoutShape(values: Float64Array, swings: Float64Array, ticks: number): Float64Array {
  const sums = new Float64Array(ticks);
  const counts = new Float64Array(ticks);
  for (let tick = 0; tick < swings.length; tick++) {
    const swing = swings[tick] as number;
    if (Number.isNaN(swing)) continue;
    sums[tick % ticks] = (sums[tick % ticks] as number) + swing;
    counts[tick % ticks] = (counts[tick % ticks] as number) + 1;
  }
  return values.map(
    (value, tick) => value - (sums[tick % ticks] as number) / Math.max(1, counts[tick % ticks] as number),
  );
}
