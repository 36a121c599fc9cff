// Three experts that quote the past as it was: the last day, the last week, and this time of day on the last 7 days.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { copyDemand } from "./demand-history.ts";
import { fillQuantiles, type QuantileRow } from "./fill-quantiles.ts";
import { toLogScale } from "./log-scale.ts";
import { isRefreshDue, type Moment, type SeasonTicks } from "./season-ticks.ts";

export const WINDOW_EXPERTS = ["last day", "last week", "same time"] as const;

const [LAST_DAY, LAST_WEEK, SAME_TIME] = [0, 1, 2];
/** The week moves slowly: its quantiles are redone this many hours apart. */
const WEEK_REFRESH_HOURS = 6;

export interface WindowExperts {
  /** [series x window x level], base units. */
  readonly quantiles: Float32Array;
  /** [series] the scale on which the opinions were written last. */
  readonly scales: Float64Array;
  readonly scratch: Float32Array;
}

export function createWindowExperts(seriesCount: number, season: SeasonTicks): WindowExperts {
  return {
    quantiles: new Float32Array(seriesCount * WINDOW_EXPERTS.length * LEVEL_COUNT),
    scales: new Float64Array(seriesCount),
    scratch: new Float32Array(Math.max(season.week, 7 * sameTimeTicks(season))),
  };
}

/** Opinions only change when the windows are read anew or the scale moves; until then the old ones stand. */
export function writeWindowOpinions(experts: WindowExperts, moment: Moment, opinions: QuantileRow): void {
  const refreshed = refresh(experts, moment);
  const { series, scale } = moment;
  if (!refreshed && experts.scales[series] === scale) return;
  experts.scales[series] = scale;
  const first = series * WINDOW_EXPERTS.length * LEVEL_COUNT;
  for (let cell = 0; cell < WINDOW_EXPERTS.length * LEVEL_COUNT; cell++)
    opinions.values[opinions.at + cell] = toLogScale(experts.quantiles[first + cell] as number, scale);
}

function refresh(experts: WindowExperts, moment: Moment): boolean {
  const { season } = moment;
  if (!isRefreshDue(moment, season.hour)) return false;
  fillFromLast(experts, moment, { window: LAST_DAY, ticks: season.day });
  fillFromSameTime(experts, moment);
  if (isRefreshDue(moment, season.hour * WEEK_REFRESH_HOURS))
    fillFromLast(experts, moment, { window: LAST_WEEK, ticks: season.week });
  return true;
}

function fillFromLast(experts: WindowExperts, moment: Moment, part: { window: number; ticks: number }): void {
  const { series, next, samples, history } = moment;
  const count = Math.min(samples, part.ticks);
  copyDemand(history, { series, end: next, count }, { values: experts.scratch, at: 0 });
  fillQuantiles(experts.scratch, count, { values: experts.quantiles, at: placeOf(series, part.window) });
}

/** From half an hour before this time to half an hour after the hour for which the opinion will stand. */
function sameTimeTicks(season: SeasonTicks): number {
  return 2 * season.halfHour + season.hour;
}

function fillFromSameTime(experts: WindowExperts, moment: Moment): void {
  const { series, next, samples, season, history } = moment;
  const days = Math.min(7, Math.floor(samples / season.day));
  let at = 0;
  for (let day = 1; day <= days; day++) {
    const wanted = next - day * season.day + season.halfHour + season.hour;
    const end = Math.min(wanted, next);
    const start = Math.max(wanted - sameTimeTicks(season), next - Math.min(samples, season.week));
    at = copyDemand(history, { series, end, count: end - start }, { values: experts.scratch, at });
  }
  if (at > 0) fillQuantiles(experts.scratch, at, { values: experts.quantiles, at: placeOf(series, SAME_TIME) });
  else copyQuantiles(experts, placeOf(series, LAST_DAY), placeOf(series, SAME_TIME));
}

function copyQuantiles(experts: WindowExperts, from: number, to: number): void {
  experts.quantiles.copyWithin(to, from, from + LEVEL_COUNT);
}

/** Where the quantiles of one window of one series begin. */
function placeOf(series: number, window: number): number {
  return (series * WINDOW_EXPERTS.length + window) * LEVEL_COUNT;
}

/** Quantile of the last day, base units: where calm ends and bursting begins. */
export function lastDayQuantile(experts: WindowExperts, series: number, level: number): number {
  return experts.quantiles[placeOf(series, LAST_DAY) + level] as number;
}

/** Where the quantiles of the last week of one series lie, base units. */
export function lastWeekQuantiles(experts: WindowExperts, series: number): QuantileRow {
  return { values: experts.quantiles, at: placeOf(series, LAST_WEEK) };
}
