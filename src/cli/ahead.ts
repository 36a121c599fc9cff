// What of a forecast people are shown: the next tick, the peak of the next half hour, and the time ahead window by window.
import type { QuantileLevel } from "../model/forecast.ts";
import type { ForecastWindow, ModelForecast } from "../model/forecast-report.ts";

export interface Ahead {
  readonly next: ForecastWindow | undefined;
  readonly halfHour: ForecastWindow | undefined;
  /** Peaks of hours or days in order; single ticks where there are no peaks. */
  readonly later: readonly ForecastWindow[];
}

export function aheadOf({ windows }: ModelForecast): Ahead {
  const ticks = windows.filter(({ kind }) => kind === "tick");
  const peaks = windows.filter(({ kind }) => kind === "peak-1h" || kind === "peak-1d");
  const halfHour = windows.find(({ kind }) => kind === "peak-30m");
  const [next, ...others] = ticks;
  return { next, halfHour, later: peaks.length > 0 ? peaks : others };
}

/** The one in which the most may be asked for. */
export function busiestOf(windows: readonly ForecastWindow[], at: number): ForecastWindow | undefined {
  const amountOf = ({ quantiles }: ForecastWindow) => quantiles?.[at] ?? Number.NEGATIVE_INFINITY;
  const [first, ...rest] = windows;
  return first && rest.reduce((most, each) => (amountOf(each) > amountOf(most) ? each : most), first);
}

/** Half of the time, 9 times of 10, 99 of 100. */
export const SHOWN_LEVELS: readonly QuantileLevel[] = [0.5, 0.9, 0.99];

/** Where the shown levels lie in a row. */
export function placesOf(levels: readonly QuantileLevel[]): number[] {
  return SHOWN_LEVELS.map((level) => levels.indexOf(level));
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** "Mon 14:00", and "Mon 03-16" for a whole day. */
export function momentOf({ start, kind }: ForecastWindow, stepSeconds: number): string {
  const day = DAYS[new Date(start).getUTCDay()] ?? "";
  const isDay = kind === "peak-1d" || (kind === "tick" && stepSeconds >= 86_400);
  return `${day} ${isDay ? start.slice(5, 10) : start.slice(11, 16)}`;
}

/** "5 min", "1 h", "1 day". */
export function spanOf(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? "day" : `${seconds / 86_400} days`;
  if (seconds % 3_600 === 0) return seconds === 3_600 ? "hour" : `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
