// An event that comes back every year, as one event for each year.
import type { ExternalEvent } from "../model/event.ts";
import { assert } from "../model/result.ts";
import { DAY_MS, type Instant, instant } from "../model/time.ts";

export interface Recurrence {
  /** First and last year, inclusive. */
  readonly fromYear: number;
  readonly toYear: number;
  /**
   * "date": the same day of the same month (29 February: the 28th). "weekday": the same weekday, counted within the month, as
   * the fourth Thursday of November. A Black Friday week must then begin on its Thursday, not on its Monday.
   */
  readonly on: "date" | "weekday";
  /** Minutes that local time is ahead of UTC: days and months are local ones. */
  readonly utcOffsetMinutes: number;
}

const YEARS_MAX = 200;

/**
 * The event of each year, as long as `event`, at the same local time. Later ones count as known since `event` was announced;
 * earlier ones as announced just as long before their start. A fifth weekday that a month does not have is its fourth.
 */
export function everyYear(event: ExternalEvent, recurrence: Recurrence): ExternalEvent[] {
  const { fromYear, toYear } = recurrence;
  const count = toYear - fromYear + 1;
  assert(
    Number.isInteger(count) && count <= YEARS_MAX,
    `at most ${YEARS_MAX} whole years, got ${fromYear} to ${toYear}`,
  );
  return Array.from({ length: Math.max(count, 0) }, (_, index) => inYear(event, fromYear + index, recurrence));
}

function inYear(event: ExternalEvent, year: number, { on, utcOffsetMinutes }: Recurrence): ExternalEvent {
  const offsetMs = utcOffsetMinutes * 60_000;
  const local = event.start + offsetMs;
  const day = on === "date" ? sameDate(local, year) : sameWeekday(local, year);
  const start = instant(day + (local - startOfDay(local)) - offsetMs);
  const moved = start - event.start;
  return {
    ...event,
    id: `${event.id}:${year}`,
    start,
    end: instant(event.end + moved),
    announced: earlier(event.announced, instant(event.announced + moved)),
  };
}

function sameDate(local: number, year: number): number {
  const date = new Date(local);
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()];
  return Date.UTC(year, month, Math.min(day, daysInMonth(year, month)));
}

function sameWeekday(local: number, year: number): number {
  const date = new Date(local);
  const month = date.getUTCMonth();
  const count = Math.floor((date.getUTCDate() - 1) / 7);
  const firstOfMonth = new Date(Date.UTC(year, month, 1)).getUTCDay();
  const day = 1 + ((date.getUTCDay() - firstOfMonth + 7) % 7) + 7 * count;
  return Date.UTC(year, month, day <= daysInMonth(year, month) ? day : day - 7);
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}

function startOfDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

function earlier(left: Instant, right: Instant): Instant {
  return left < right ? left : right;
}
