// Events from outside (API, files, feeds) become ExternalEvents, or a sentence that names the field and what to do.
import { EVENT_KINDS, type EventKind, type ExternalEvent, externalEvent } from "../model/event.ts";
import { type FieldReader, fieldReader, shown } from "../model/field-reader.ts";
import type { CustomerId } from "../model/fleet.ts";
import { failure, type Result, success } from "../model/result.ts";
import { DAY_MS, type DurationMs, type Instant, instant, iso, MINUTE_MS } from "../model/time.ts";
import { effectiveHalfLifeMs } from "./event-phases.ts";

export interface EventOrigin {
  /** Where the event stands, for messages: "events.csv, line 3". */
  readonly where: string;
  /**
   * From when on an event counts as known that does not say so: now for what is posted now, `KNOWN_ALL_ALONG` for a calendar.
   * News never counts as known before it starts, unless it says so.
   */
  readonly announcedUnlessSaid: Instant;
}

export const KNOWN_ALL_ALONG: Instant = instant(0);

const EVENT_FIELDS = [
  "id",
  "kind",
  "name",
  "start",
  "end",
  "announced",
  "declaredUplift",
  "confidence",
  "customers",
  "halfLifeMs",
] as const;

const NAME_LENGTH_MAX = 120;
const LENGTH_MAX_MS = 366 * DAY_MS;
const UPLIFT_RANGE = { min: 0.01, max: 100, of: "a factor" };
const CUSTOMERS_MAX = 10_000;
const EVENTS_MAX = 100_000;
const ID_FORM = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
/** News without an end: after so many half-lives 6 % of its effect are left. */
const NEWS_HALF_LIVES = 4;

/**
 * Fields as in ExternalEvent; instants as text with a zone or in milliseconds. Left out: `id` is made of kind, name and start;
 * `kind` is "campaign"; `end` of news is four half-lives after its start. Fails with "bad-input".
 */
export function parseEvent(value: unknown, { where, announcedUnlessSaid }: EventOrigin): Result<ExternalEvent> {
  const read = fieldReader(value, where, EVENT_FIELDS);
  const kind = read.oneOf("kind", EVENT_KINDS) ?? "campaign";
  const name = required(read, "name", read.text("name", NAME_LENGTH_MAX)) ?? "";
  const start = required(read, "start", read.instant("start")) ?? instant(0);
  const halfLifeMs = readHalfLife(read, kind);
  const end = readEnd(read, { kind, start, halfLifeMs });
  const announced = read.instant("announced") ?? defaultAnnounced({ kind, start, announcedUnlessSaid });
  const id = readId(read) ?? idOf({ kind, name, start });
  const declaredUplift = read.number("declaredUplift", UPLIFT_RANGE);
  const confidence = read.number("confidence", { min: 0, max: 1, of: "a share" });
  const customers = readCustomers(read);
  return read.finish(() =>
    externalEvent({
      id,
      kind,
      name,
      start,
      end,
      announced,
      ...(declaredUplift === undefined ? {} : { declaredUplift }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(customers === undefined ? {} : { customers }),
      ...(halfLifeMs === undefined ? {} : { halfLifeMs }),
    }),
  );
}

/** A list of events with distinct ids; the first fault fails it. */
export function parseEvents(value: unknown, origin: EventOrigin): Result<ExternalEvent[]> {
  const { where } = origin;
  if (!Array.isArray(value) || value.length > EVENTS_MAX)
    return failure("bad-input", `${where}: expected a list of at most ${EVENTS_MAX} events, got ${shown(value)}.`);
  const seen = new Set<string>();
  const events: ExternalEvent[] = [];
  for (const [index, member] of value.entries()) {
    const event = parseEvent(member, { ...origin, where: `${where}[${index}]` });
    if (!event.ok) return event;
    const { id } = event.value;
    if (seen.has(id))
      return failure("bad-input", `${where}[${index}].id: ${shown(id)} is used twice; give each its own.`);
    seen.add(id);
    events.push(event.value);
  }
  return success(events);
}

/** A row of a table; an empty text counts as left out. */
export interface EventRecord {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly kind?: string | undefined;
  readonly announced?: string | undefined;
  /** "1.4", "+40 %" or "-60 %". */
  readonly uplift?: string | undefined;
}

/** Fails with "bad-input", as `parseEvent` does. */
export function eventFromRecord(record: EventRecord, origin: EventOrigin): Result<ExternalEvent> {
  const declaredUplift = upliftOf(record.uplift);
  if (declaredUplift !== undefined && Number.isNaN(declaredUplift)) {
    const got = shown(record.uplift);
    return failure("bad-input", `${origin.where}.uplift: expected a factor such as 1.4 or "+40 %", got ${got}.`);
  }
  const { name, start, end, kind, announced } = record;
  const given = Object.entries({ name, start, end, kind, announced, declaredUplift });
  return parseEvent(Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== "")), origin);
}

/** Undefined when left out, NaN when it is no uplift. */
function upliftOf(text = ""): number | undefined {
  if (text.trim() === "") return undefined;
  const [, sign, percent] = /^\s*([+-])(\d{1,6}(?:\.\d{1,6})?)\s?%\s*$/.exec(text) ?? [];
  if (percent !== undefined) return 1 + (sign === "-" ? -1 : 1) * (Number(percent) / 100);
  return /^\s*\d{1,6}(\.\d{1,6})?\s*$/.test(text) ? Number(text) : Number.NaN;
}

function required<Value>(read: FieldReader, name: string, value: Value | undefined): Value | undefined {
  if (value === undefined) read.refuse(name, `${name}: it must be given`);
  return value;
}

function readHalfLife(read: FieldReader, kind: EventKind): DurationMs | undefined {
  const range = { min: MINUTE_MS, max: 60 * DAY_MS, of: "milliseconds" };
  const halfLife = read.number("halfLifeMs", range) as DurationMs | undefined;
  if (halfLife !== undefined && kind !== "news") read.refuse("halfLifeMs", "nothing: only news fades by half-lives");
  return halfLife;
}

interface EndInput {
  readonly kind: EventKind;
  readonly start: Instant;
  readonly halfLifeMs: DurationMs | undefined;
}

function readEnd(read: FieldReader, { kind, start, halfLifeMs }: EndInput): Instant {
  const given = read.instant("end");
  if (given === undefined)
    return kind === "news" ? endOfNews(start, halfLifeMs) : (required(read, "end", given) ?? start);
  if (given <= start) read.refuse("end", `a time after the start (${iso(start)})`);
  if (given - start > LENGTH_MAX_MS)
    read.refuse("end", `a time at most ${LENGTH_MAX_MS / DAY_MS} days after the start`);
  return given;
}

/** News without an end of its own: when next to nothing of its effect is left. */
export function endOfNews(start: Instant, halfLifeMs: DurationMs | undefined): Instant {
  const news = halfLifeMs === undefined ? { kind: "news" as const } : { kind: "news" as const, halfLifeMs };
  return instant(start + NEWS_HALF_LIVES * effectiveHalfLifeMs(news));
}

interface AnnouncedInput {
  readonly kind: EventKind;
  readonly start: Instant;
  readonly announcedUnlessSaid: Instant;
}

function defaultAnnounced({ kind, start, announcedUnlessSaid }: AnnouncedInput): Instant {
  return kind === "news" ? instant(Math.max(start, announcedUnlessSaid)) : announcedUnlessSaid;
}

function readId(read: FieldReader): string | undefined {
  const id = read.text("id", 128);
  if (id !== undefined && !ID_FORM.test(id)) read.refuse("id", "letters, digits, dots, colons or dashes");
  return id;
}

function idOf({ kind, name, start }: { kind: EventKind; name: string; start: Instant }): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  return `${kind}:${slug}:${iso(start)}`;
}

function readCustomers(read: FieldReader): readonly CustomerId[] | undefined {
  const given = read.value("customers");
  if (given === undefined) return undefined;
  const isList = Array.isArray(given) && given.length > 0 && given.length <= CUSTOMERS_MAX;
  const ids = isList ? given : [];
  if (isList && ids.every((id) => typeof id === "string" && ID_FORM.test(id))) return ids as CustomerId[];
  read.refuse("customers", `a list of 1 to ${CUSTOMERS_MAX} customer ids; leave it out if the event touches everybody`);
  return undefined;
}
