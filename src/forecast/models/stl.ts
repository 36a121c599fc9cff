// Seasons found by local regression, exponential smoothing of what is left without them, and the effects of events.
import type { ForecastModel } from "../forecast-model.ts";
import type { Smoothing } from "../holt-winters.ts";
import { chooseSmoothing } from "./choose-smoothing.ts";
import { eventShift } from "./event-shift.ts";
import { ERRORS_APART_AT, forecastByErrors } from "./peak-model.ts";
import type { HistorySetting, RecentHistory } from "./recent-history.ts";
import { expectPath, type SeasonValues, smoothedPath, type TickOffset } from "./seasonal-path.ts";
import { seasonAsKnown, seasonalTrendLoess } from "./seasonal-trend-loess.ts";

/**
 * STL and exponential smoothing: Hyndman & Athanasopoulos, Forecasting: principles and practice, 3rd ed., section 13.1 (R's
 * `stlf`), with several seasons as in R's `mstl`, but: quantiles are empirical; errors are taken with seasons as they
 * would have been found at the time; and events are taken out first and put back, see `eventShift`.
 */
export function stl({ scale, season }: HistorySetting): ForecastModel {
  return forecastByErrors<Smoothing>({
    name: scale === "log" ? "stl-log" : "stl",
    setting: { scale, season },
    errorsApartAt: ERRORS_APART_AT,
    expect: (history, learned) => {
      const { level, ...parts } = partsOf(history);
      const smoothing = learned ?? chooseSmoothing({ history, values: level, seasonTicks: 1, ...parts });
      const lengths = parts.seasons.map(({ ticks }) => ticks).join(" and ") || "no";
      return {
        ...expectPath({ ...smoothedPath(level, 1, smoothing), ...parts }),
        learned: smoothing,
        explain: () =>
          `A season of ${lengths} ticks, a level that takes up ${Math.round(smoothing.level * 100)} % of each error, ` +
          `and ${history.known.events.length} events.`,
      };
    },
  });
}

interface Parts {
  /** What is left of the values without seasons and events. */
  readonly level: Float64Array;
  readonly seasons: readonly SeasonValues[];
  readonly offset: TickOffset;
}

const NO_SHIFT: TickOffset = () => 0;

function partsOf(history: RecentHistory): Parts {
  const { values, known } = history;
  const held = heldThroughGaps(values);
  const lengths = seasonLengths(history);
  const restOf = (whole: Float64Array) => decomposed(whole, lengths).rest;
  const offset = known.events.length > 0 ? eventShift(history, { values: held, restOf }) : NO_SHIFT;
  let level: Float64Array = held.map((value, tick) => value - offset(tick));
  const { trends } = decomposed(level, lengths);
  const seasons = lengths.map((ticks, index): SeasonValues => {
    const swings = less(level, trends[index] as Float64Array);
    const season = seasonAsKnown(swings, { seasonTicks: ticks, seasonWindow: seasonWindowOf(index) });
    level = less(level, season);
    return { ticks, values: season };
  });
  return { level: level.map((value, tick) => (Number.isNaN(values[tick]) ? Number.NaN : value)), seasons, offset };
}

/** A week beside a day from three weeks on. */
function seasonLengths({ values, season, day }: RecentHistory): number[] {
  if (season === 1 || values.length < 2 * season) return [];
  return season === day && values.length >= 3 * 7 * day ? [season, 7 * day] : [season];
}

/** R's mstl: 7 + 4 x the number of the season. */
function seasonWindowOf(index: number): number {
  return 11 + 4 * index;
}

/** One season after the other out of the values; `trends` are those around each. */
function decomposed(values: Float64Array, lengths: readonly number[]): { trends: Float64Array[]; rest: Float64Array } {
  const trends: Float64Array[] = [];
  let rest = values;
  for (const [index, seasonTicks] of lengths.entries()) {
    const parts = seasonalTrendLoess(rest, { seasonTicks, seasonWindow: seasonWindowOf(index) });
    rest = less(rest, parts.season);
    trends.push(parts.trend);
  }
  const trend = trends.at(-1);
  return { trends, rest: trend === undefined ? rest.map((value) => value - meanOf(rest)) : less(rest, trend) };
}

function less(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, tick) => value - (right[tick] as number));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A gap holds the value before it; one at the start, the first value. */
function heldThroughGaps(values: Float64Array): Float64Array {
  let last = values.find((value) => !Number.isNaN(value)) ?? Number.NaN;
  return values.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}
