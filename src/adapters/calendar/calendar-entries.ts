// The entries of an iCalendar (RFC 5545) as plain values: one for each version of each part of each event, nothing worked out yet.
import ICAL from "ical.js";
import { EVENT_KINDS, type EventKind } from "../../model/event.ts";
import type { Instant } from "../../model/time.ts";
import { plainText } from "../text/plain-text.ts";
import { ianaZone, instantOf, UTC, type Zone } from "./wall-clock-zones.ts";

export interface CalendarEntry {
  readonly uid: string;
  readonly sequence: number;
  /** Of two versions with one sequence the later stands. */
  readonly stamp: number;
  readonly isCancelled: boolean;
  /** The occurrence that this one stands in for; undefined for the event itself. */
  readonly recurrenceOf: Instant | undefined;
  readonly start: ZonedTime;
  readonly length: EntryLength;
  readonly summary: string;
  readonly eventKind: EventKind | undefined;
  readonly uplift: number | undefined;
  readonly created: Instant | undefined;
  readonly rules: readonly ICAL.Recur[];
  readonly extra: readonly ZonedTime[];
  readonly left: readonly ZonedTime[];
}

export interface ZonedTime {
  readonly time: ICAL.Time;
  readonly zone: Zone;
}

type EntryLength = { readonly kind: "days"; readonly days: number } | { readonly kind: "ms"; readonly ms: number };

const UID_LENGTH_MAX = 300;
const NAME_LENGTH_MAX = 120;
/** Of an entry that says no end and no length. */
const LENGTH_UNLESS_SAID: EntryLength = { kind: "ms", ms: 3_600_000 };

/** Throws on what is no calendar at all. Entries that cannot be understood are told to `tell` and left out. */
export function* calendarEntries(text: string, tell: (problem: string) => void): Generator<CalendarEntry> {
  const parsed: unknown = ICAL.parse(text);
  if (!Array.isArray(parsed) || parsed.length === 0) throw new Error("There is nothing in it.");
  const calendars = typeof parsed[0] === "string" ? [parsed] : parsed;
  for (const each of calendars) {
    const calendar = new ICAL.Component(each as ConstructorParameters<typeof ICAL.Component>[0]);
    if (calendar.name !== "vcalendar") throw new Error("It is no iCalendar: it does not begin with BEGIN:VCALENDAR.");
    const zones = zonesOf(calendar);
    const isCancelled = textOf(calendar, "method").toUpperCase() === "CANCEL";
    for (const component of calendar.getAllSubcomponents("vevent")) {
      const entry = entryOf(component, { zones, isCancelled });
      if (typeof entry === "string") tell(entry);
      else yield entry;
    }
  }
}

type ZoneFinder = (name: string | undefined) => Zone;

function zonesOf(calendar: ICAL.Component): ZoneFinder {
  const own = new Map(calendar.getAllSubcomponents("vtimezone").map((zone) => [textOf(zone, "tzid"), zone]));
  const found = new Map<string, Zone>();
  const floating = ianaZone(textOf(calendar, "x-wr-timezone")) ?? UTC;
  return (name) => {
    if (name === undefined) return floating;
    const known = found.get(name) ?? ianaZone(name) ?? ownZone(own.get(name)) ?? floating;
    found.set(name, known);
    return known;
  };
}

function ownZone(definition: ICAL.Component | undefined): Zone | undefined {
  return definition && { kind: "own", zone: new ICAL.Timezone(definition) };
}

function entryOf(
  component: ICAL.Component,
  { zones, isCancelled }: { readonly zones: ZoneFinder; readonly isCancelled: boolean },
): CalendarEntry | string {
  const summary = plainText(textOf(component, "summary"), NAME_LENGTH_MAX) || "untitled";
  const [start] = timesOf(component, "dtstart", zones);
  if (start === undefined || instantOfTime(start) === undefined)
    return `"${summary}" is left out: it says no time that could be read.`;
  const length = lengthOf(component, { start, zones });
  if (length === undefined) return `"${summary}" is left out: it ends before it begins.`;
  const uid = textOf(component, "uid").slice(0, UID_LENGTH_MAX);
  const [recurrence] = timesOf(component, "recurrence-id", zones);
  return {
    uid: uid === "" ? `${summary}@${instantOfTime(start)}` : uid,
    sequence: wholeNumber(textOf(component, "sequence")),
    stamp: stampOf(component, zones),
    isCancelled: isCancelled || textOf(component, "status").toUpperCase() === "CANCELLED",
    recurrenceOf: recurrence && instantOfTime(recurrence),
    start,
    length,
    summary,
    eventKind: kindOf(component),
    uplift: upliftOf(textOf(component, "x-headroom-uplift")),
    created: timesOf(component, "created", zones).map(instantOfTime)[0],
    rules: valuesOf(component, "rrule").filter((value): value is ICAL.Recur => value instanceof ICAL.Recur),
    extra: timesOf(component, "rdate", zones),
    left: timesOf(component, "exdate", zones),
  };
}

export function instantOfTime({ time, zone }: ZonedTime): Instant | undefined {
  return instantOf(time, zone);
}

function lengthOf(
  component: ICAL.Component,
  { start, zones }: { readonly start: ZonedTime; readonly zones: ZoneFinder },
): EntryLength | undefined {
  const [duration] = valuesOf(component, "duration");
  if (duration instanceof ICAL.Duration) return positive({ kind: "ms", ms: duration.toSeconds() * 1000 });
  const [end] = timesOf(component, "dtend", zones);
  if (end === undefined) return start.time.isDate ? { kind: "days", days: 1 } : LENGTH_UNLESS_SAID;
  if (start.time.isDate && end.time.isDate) {
    const days = Math.round((dayOf(end.time) - dayOf(start.time)) / 86_400_000);
    return positive({ kind: "days", days: Math.max(days, days === 0 ? 1 : 0) });
  }
  const [from, to] = [instantOfTime(start), instantOfTime(end)];
  if (from === undefined || to === undefined) return undefined;
  return to === from ? LENGTH_UNLESS_SAID : positive({ kind: "ms", ms: to - from });
}

function positive(length: EntryLength): EntryLength | undefined {
  const amount = length.kind === "days" ? length.days : length.ms;
  return amount > 0 && Number.isFinite(amount) ? length : undefined;
}

function dayOf({ year, month, day }: ICAL.Time): number {
  return Date.UTC(year, month - 1, day);
}

function timesOf(component: ICAL.Component, name: string, zones: ZoneFinder): ZonedTime[] {
  return component.getAllProperties(name).flatMap((property) => {
    const named = property.getParameter("tzid");
    const zone = zones(typeof named === "string" ? named : undefined);
    return property.getValues().flatMap((value: unknown): ZonedTime[] => {
      const time = value instanceof ICAL.Period ? value.start : value;
      if (!(time instanceof ICAL.Time)) return [];
      return [{ time, zone: time.zone === ICAL.Timezone.utcTimezone ? UTC : zone }];
    });
  });
}

function valuesOf(component: ICAL.Component, name: string): unknown[] {
  return component.getAllProperties(name).flatMap((property) => property.getValues() as unknown[]);
}

function textOf(component: ICAL.Component, name: string): string {
  const value: unknown = component.getFirstPropertyValue(name);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

function stampOf(component: ICAL.Component, zones: ZoneFinder): number {
  const [stamp] = [...timesOf(component, "last-modified", zones), ...timesOf(component, "dtstamp", zones)];
  return (stamp && instantOfTime(stamp)) ?? 0;
}

/** A category that is the name of a kind, or X-HEADROOM-KIND. */
function kindOf(component: ICAL.Component): EventKind | undefined {
  const named = [textOf(component, "x-headroom-kind"), ...valuesOf(component, "categories").map(String)];
  const words = named.map((word) => word.trim().toLowerCase());
  return EVENT_KINDS.find((kind) => words.includes(kind));
}

const UPLIFT_LEAST = 0.01;
const UPLIFT_MOST = 100;

function upliftOf(text: string): number | undefined {
  const uplift = /^\d{1,4}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : Number.NaN;
  return uplift >= UPLIFT_LEAST && uplift <= UPLIFT_MOST ? uplift : undefined;
}
