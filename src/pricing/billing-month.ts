// Calendar months of a customer's time zone, as spans of whole hours of UTC: one ends where the next begins. In zones that are half an
// hour off a month begins with the first whole hour of UTC in it, since usage is kept by such hours.
import { failure, type Result, success } from "../model/result.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, isTimeZone } from "../model/time.ts";

export interface BillingMonth {
  /** "2026-03" */
  readonly name: string;
  /** IANA: "Europe/Berlin", "UTC". */
  readonly timeZone: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** "bad-input" for what is no month from 1980-01 to 2199-12, or no time zone. */
export function billingMonth(name: string, timeZone: string): Result<BillingMonth> {
  const [, year, month] = /^(19[89]\d|2[01]\d\d)-(0[1-9]|1[0-2])$/.exec(name) ?? [];
  if (year === undefined || month === undefined)
    return failure("bad-input", `"${name.slice(0, 20)}" is no month: use the form 2026-03.`);
  if (!isTimeZone(timeZone))
    return failure("bad-input", `"${timeZone.slice(0, 40)}" is no time zone: use an IANA name such as Europe/Berlin.`);
  const begin = (index: number) => firstHour(Date.UTC(Number(year), index, 1), timeZone);
  return success({ name, timeZone, from: begin(Number(month) - 1), to: begin(Number(month)) });
}

/** The month that holds an instant. */
export function monthAt(at: Instant, timeZone: string): BillingMonth {
  const local = new Date(at + offsetAt(at, timeZone));
  const guess = (shift: number) => {
    const date = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + shift, 1));
    return billingMonth(date.toISOString().slice(0, 7), timeZone);
  };
  // Within the hour in which a month begins, the one before goes on where the zone is no whole hours off.
  for (const shift of [0, -1, 1]) {
    const month = guess(shift);
    if (month.ok && at >= month.value.from && at < month.value.to) return month.value;
  }
  throw new Error("assertion failed: every instant from 1980 to 2199 lies in a month");
}

export function monthBefore({ from, timeZone }: BillingMonth): BillingMonth {
  return monthAt(instant(from - DAY_MS), timeZone);
}

/** The first whole hour of UTC at or after local midnight: `local` is that midnight as if it were UTC. */
function firstHour(local: number, timeZone: string): Instant {
  // Twice, since clocks may change between the guess and the truth.
  const once = local - offsetAt(local, timeZone);
  const twice = local - offsetAt(once, timeZone);
  return instant(Math.ceil(twice / HOUR_MS) * HOUR_MS);
}

/** How much local time is ahead of UTC, in milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return local - Math.floor(at / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numbers = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const made = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", second: "2-digit", ...numbers });
  formats.set(timeZone, made);
  return made;
}
