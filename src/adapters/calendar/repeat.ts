// When a repeating entry takes place, by the wall: within a window, in a bounded number of steps, whatever its rule says.
import ICAL from "ical.js";
import { DAY_MS, type DurationMs, durationMs, type Instant } from "../../model/time.ts";
import { withinTime } from "../time-limit/within-time.ts";
import { type CalendarEntry, instantOfTime, type ZonedTime } from "./calendar-entries.ts";

export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

export interface Repeats {
  /** Ascending where the rule is; the first one is the entry itself. */
  readonly at: readonly ZonedTime[];
  readonly problem?: string;
}

/** An event cannot come more often than hourly. */
const FREQUENCIES = ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
/** Daily for 27 years. */
const STEPS_MAX = 10_000;
/** Some 50 steps a millisecond; rules that never come true go round for ever. */
const RULE_LIMIT_MS: DurationMs = durationMs(2_000);

/** Occurrences that EXDATE leaves out are not among them. `from` is that of their ends. */
export function repeatsOf(entry: CalendarEntry, window: Window): Repeats {
  const { start, rules, extra, left } = entry;
  const ruled: ZonedTime[] = [];
  let problem: string | undefined;
  for (const rule of rules) {
    const repeated = repeatRule(rule, { start, window });
    ruled.push(...repeated.at);
    problem ??= repeated.problem;
  }
  const gone = new Set(left.map((time) => (time.time.isDate ? dateOf(time.time) : instantOfTime(time))));
  const seen = new Set<number>();
  const at = [start, ...ruled, ...extra].filter((each) => {
    const moment = instantOfTime(each);
    if (moment === undefined || seen.has(moment) || gone.has(moment) || gone.has(dateOf(each.time))) return false;
    seen.add(moment);
    return true;
  });
  return problem === undefined ? { at } : { at, problem };
}

function repeatRule(
  rule: ICAL.Recur,
  { start, window }: { readonly start: ZonedTime; readonly window: Window },
): Repeats {
  if (!FREQUENCIES.includes(rule.freq)) return { at: [], problem: "it repeats more often than hourly" };
  const until = untilOf(rule, start);
  const at: ZonedTime[] = [];
  const stepped = withinTime(RULE_LIMIT_MS, (): Repeats["problem"] => {
    let count = 0;
    for (const time of steps(rule, start)) {
      if (++count > STEPS_MAX) return `it repeats more than ${STEPS_MAX} times`;
      if (isLongBefore(time, window)) continue;
      const each = { time: time.clone(), zone: start.zone };
      const moment = instantOfTime(each);
      if (moment === undefined || moment >= window.to || moment > until) break;
      if (isMeant(rule, { time: each.time, start: start.time })) at.push(each);
    }
    return undefined;
  });
  const problem = stepped.ok ? stepped.value : "its rule never comes true";
  return problem === undefined ? { at } : { at, problem };
}

/** Without its end: the library compares that by the wall, whatever zone it is in. */
function* steps(rule: ICAL.Recur, { time }: ZonedTime): Generator<ICAL.Time> {
  const iterator = ICAL.Recur.fromData({ ...rule.toJSON(), until: undefined } as never).iterator(time);
  for (;;) {
    const next: ICAL.Time | undefined = iterator.next() ?? undefined;
    if (next === undefined) return;
    yield next;
  }
}

/** Zones are looked up for what may matter only: that costs more than a step. No event lasts longer than a year. */
function isLongBefore({ year, month, day }: ICAL.Time, { from }: Window): boolean {
  return Date.UTC(year, month - 1, day) < from - 368 * DAY_MS;
}

/** The library moves a day that a month does not have into the next month: 30 February is no day. */
function isMeant(
  { freq, parts }: ICAL.Recur,
  { time, start }: { readonly time: ICAL.Time; readonly start: ICAL.Time },
): boolean {
  const { BYMONTH: months, BYMONTHDAY: days } = parts as Readonly<Record<string, readonly unknown[] | undefined>>;
  const monthLength = new Date(Date.UTC(time.year, time.month, 0)).getUTCDate();
  const isMonth = months === undefined || months.map(Number).includes(time.month);
  const wanted = days?.map(Number).map((each) => (each < 0 ? monthLength + 1 + each : each));
  const isAnyDay = freq !== "MONTHLY" && freq !== "YEARLY";
  if (wanted === undefined && !isAnyDay && OTHER_DAYS.every((part) => !(part in parts)))
    return isMonth && time.day === start.day;
  return isMonth && (wanted === undefined || wanted.includes(time.day));
}

const OTHER_DAYS = ["BYDAY", "BYYEARDAY", "BYWEEKNO"];

/** The last moment of the rule. A date without a time stands for its whole day, by the wall. */
function untilOf({ until }: ICAL.Recur, { zone }: ZonedTime): number {
  if (until === null || until === undefined) return Number.POSITIVE_INFINITY;
  const isUtc = until.zone === ICAL.Timezone.utcTimezone;
  const last = until.isDate ? ICAL.Time.fromData({ ...wallOf(until), hour: 23, minute: 59, second: 59 }) : until;
  return instantOfTime({ time: last, zone: isUtc ? { kind: "utc" } : zone }) ?? Number.POSITIVE_INFINITY;
}

function wallOf({ year, month, day }: ICAL.Time) {
  return { year, month, day };
}

function dateOf({ year, month, day }: ICAL.Time): string {
  return `${year}-${month}-${day}`;
}
