// Which seasons of the calendar a history can show.
import { DAY_MS, WEEK_MS } from "../../model/time.ts";
import type { Mode, Moments, Season } from "./terms.ts";

const YEAR_MS = 365.25 * DAY_MS;

export interface CalendarSetting {
  /** Pairs of sine and cosine of each season. */
  readonly orders: { readonly yearly: number; readonly weekly: number; readonly daily: number };
  /** Turns of a season that the history has to cover. */
  readonly turnsLeast: number;
  readonly mode: Mode;
  readonly priorScale: number;
}

/** Prophet's. */
export const PROPHET_CALENDAR: CalendarSetting = {
  orders: { yearly: 10, weekly: 3, daily: 4 },
  turnsLeast: 2,
  mode: "additive",
  priorScale: 10,
};

/** A span short by this share still counts: two weeks less five minutes are two weeks. */
const SPAN_SLACK = 0.02;

/**
 * Prophet's "auto": a season is used where the values cover it often enough and come more often than once in it. Unlike
 * there, the last tick counts up to its end, and a span may be a little short.
 */
export function calendarSeasons(
  { instants }: Moments,
  { orders, turnsLeast, mode, priorScale }: CalendarSetting,
): Season[] {
  const step = smallestStep(instants);
  const span = (instants.at(-1) ?? 0) - (instants[0] ?? 0) + step;
  const seasons = [
    { name: "yearly", periodMs: YEAR_MS, order: orders.yearly },
    { name: "weekly", periodMs: WEEK_MS, order: orders.weekly },
    { name: "daily", periodMs: DAY_MS, order: orders.daily },
  ];
  return seasons
    .filter(({ periodMs }) => span >= turnsLeast * periodMs * (1 - SPAN_SLACK) && step < periodMs)
    .map((season) => ({ kind: "season", mode, priorScale, ...season }));
}

function smallestStep(instants: Float64Array): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let row = 1; row < instants.length; row++)
    smallest = Math.min(smallest, (instants[row] as number) - (instants[row - 1] as number));
  return Number.isFinite(smallest) ? smallest : 0;
}
