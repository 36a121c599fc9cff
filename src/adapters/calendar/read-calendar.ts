// An iCalendar becomes events: one for each time that an entry takes place, with what was moved, changed or called off of it.
import { createHash } from "node:crypto";
import type { EventKind } from "../../model/event.ts";
import { failure, type Result } from "../../model/result.ts";
import type { SaidEvent } from "../../model/source.ts";
import { DAY_MS, type DurationMs, durationMs, type Instant, instant, iso } from "../../model/time.ts";
import { withinTime } from "../time-limit/within-time.ts";
import { type CalendarEntry, calendarEntries, instantOfTime, type ZonedTime } from "./calendar-entries.ts";
import { repeatsOf, type Window } from "./repeat.ts";
import { instantOf } from "./wall-clock-zones.ts";

export interface CalendarOptions {
  readonly now: Instant;
  /** Of entries that do not say it themselves. */
  readonly eventKind: EventKind;
  /** What is not within is not looked at; two years back and one ahead where left out. */
  readonly window?: Window;
}

export interface CalendarReading {
  /** By start. */
  readonly said: readonly SaidEvent[];
  /** What of it could not be read, for people. */
  readonly problems: readonly string[];
}

/** Those that are nearest to now stay. */
export const OCCURRENCES_MAX = 2_000;
const ENTRIES_MAX = 20_000;
const PROBLEMS_MAX = 20;
const READ_LIMIT_MS: DurationMs = durationMs(10_000);
/** An entry that does not say since when it is there. */
const KNOWN_AHEAD_MS = 366 * DAY_MS;
const LENGTH_MAX_MS = 366 * DAY_MS;

/** "bad-input": it is no calendar; "timeout": it takes too long to read. */
export function readCalendar(bytes: Uint8Array, options: CalendarOptions): Result<CalendarReading> {
  const text = new TextDecoder().decode(bytes);
  const read = withinTime(READ_LIMIT_MS, () => readText(text, options));
  if (read.ok) return read;
  const { kind, message } = read.error;
  return failure(kind, kind === "timeout" ? "The calendar takes too long to read." : `It is no iCalendar: ${message}`);
}

function readText(text: string, options: CalendarOptions): CalendarReading {
  const problems = new Set<string>();
  const tell = (problem: string): void => {
    if (problems.size < PROBLEMS_MAX) problems.add(problem);
  };
  const byUid = new Map<string, CalendarEntry[]>();
  let count = 0;
  for (const entry of calendarEntries(text, tell)) {
    if (++count > ENTRIES_MAX) {
      tell(`More than ${ENTRIES_MAX} entries: what follows is left out.`);
      break;
    }
    const versions = byUid.get(entry.uid);
    if (versions === undefined) byUid.set(entry.uid, [entry]);
    else versions.push(entry);
  }
  const { now, window = { from: instant(now - 2 * 365 * DAY_MS), to: instant(now + 365 * DAY_MS) } } = options;
  const said = [...byUid.values()].flatMap((versions) => occurrencesOf(versions, { ...options, window, tell }));
  return { said: nearest(said, { now, tell }), problems: [...problems] };
}

interface Reading extends CalendarOptions {
  readonly window: Window;
  readonly tell: (problem: string) => void;
}

function occurrencesOf(versions: readonly CalendarEntry[], reading: Reading): SaidEvent[] {
  const master = newest(versions.filter(({ recurrenceOf }) => recurrenceOf === undefined));
  const moved = movedOf(versions);
  const said = master === undefined ? [] : asPlanned(master, { ...reading, moved });
  for (const [original, entry] of moved) {
    const calledOff = master?.isCancelled;
    said.push(...saidOf(entry, { ...reading, start: entry.start, original: instant(original), calledOff }));
  }
  return said;
}

type Moved = ReadonlyMap<number, CalendarEntry>;

function movedOf(versions: readonly CalendarEntry[]): Moved {
  const byOriginal = new Map<number, CalendarEntry[]>();
  for (const entry of versions) {
    if (entry.recurrenceOf === undefined) continue;
    const those = byOriginal.get(entry.recurrenceOf);
    if (those === undefined) byOriginal.set(entry.recurrenceOf, [entry]);
    else those.push(entry);
  }
  const moved = new Map<number, CalendarEntry>();
  for (const [original, entries] of byOriginal) {
    const entry = newest(entries);
    if (entry !== undefined) moved.set(original, entry);
  }
  return moved;
}

function asPlanned(master: CalendarEntry, reading: Reading & { readonly moved: Moved }): SaidEvent[] {
  const { at, problem } = repeatsOf(master, reading.window);
  if (problem !== undefined) reading.tell(`"${master.summary}" is not repeated further: ${problem}.`);
  const isRepeated = master.rules.length + master.extra.length > 0;
  return at.flatMap((start) => {
    const original = instantOfTime(start);
    if (original === undefined || reading.moved.has(original)) return [];
    return saidOf(master, { ...reading, start, original: isRepeated ? original : undefined });
  });
}

function newest(entries: readonly CalendarEntry[]): CalendarEntry | undefined {
  return entries.toSorted((left, right) => right.sequence - left.sequence || right.stamp - left.stamp)[0];
}

interface Occurrence extends Reading {
  readonly start: ZonedTime;
  /** Of one of several: when it would take place if nobody had moved it. */
  readonly original: Instant | undefined;
  readonly calledOff?: boolean | undefined;
}

function saidOf(entry: CalendarEntry, given: Occurrence): SaidEvent[] {
  const { summary, sequence, isCancelled, uplift } = entry;
  const [start, end] = [instantOfTime(given.start), endOf(entry, given.start)];
  if (start === undefined || end === undefined || end - start > LENGTH_MAX_MS) {
    given.tell(`"${summary}" is left out: it lasts longer than a year.`);
    return [];
  }
  if (end <= given.window.from || start >= given.window.to) return [];
  const announced = instant(Math.min(entry.created ?? start - KNOWN_AHEAD_MS, start));
  const kind = entry.eventKind ?? given.eventKind;
  const declaredUplift = uplift === undefined ? {} : { declaredUplift: uplift };
  const isOff = isCancelled || given.calledOff === true;
  return [
    {
      item: itemOf(entry.uid, given.original),
      sequence,
      said: summary,
      because: isOff
        ? "it was called off"
        : `an entry of the calendar, ${entry.eventKind ? "which says so" : "as the source says"}`,
      facts: isOff ? undefined : { kind, name: summary, start, end, announced, ...declaredUplift },
    },
  ];
}

function endOf({ length }: CalendarEntry, { time, zone }: ZonedTime): Instant | undefined {
  if (length.kind === "ms") {
    const start = instantOf(time, zone);
    return start === undefined || length.ms > LENGTH_MAX_MS ? undefined : instant(start + length.ms);
  }
  const day = new Date(Date.UTC(time.year, time.month - 1, time.day + length.days));
  if (Number.isNaN(day.getTime())) return undefined;
  const wall = { year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() };
  return instantOf({ ...wall, hour: 0, minute: 0, second: 0 }, zone);
}

/** Short, of letters and digits, whatever a UID looks like; the same for the same occurrence. */
function itemOf(uid: string, original: Instant | undefined): string {
  const hash = createHash("sha256").update(uid).digest("hex").slice(0, 12);
  return original === undefined ? hash : `${hash}.${iso(original).replaceAll(/[-:]|\.000/g, "")}`;
}

function nearest(
  said: readonly SaidEvent[],
  { now, tell }: { readonly now: Instant; readonly tell: (problem: string) => void },
): SaidEvent[] {
  const startOf = ({ facts }: SaidEvent) => facts?.start ?? 0;
  let kept = said;
  if (said.length > OCCURRENCES_MAX) {
    const distance = (each: SaidEvent) => Math.abs(startOf(each) - now);
    kept = said.toSorted((left, right) => distance(left) - distance(right)).slice(0, OCCURRENCES_MAX);
    tell(`It says ${said.length} events: the ${OCCURRENCES_MAX} nearest to now are kept.`);
  }
  return kept.toSorted((left, right) => startOf(left) - startOf(right));
}
