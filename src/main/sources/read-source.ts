// One reading of one source: what it says now, as events, and what of it became nothing.
import type { FeedItem } from "../../adapters/feeds/read-feed.ts";
import type { Fetched, FetchFailure, FetchQuestion } from "../../adapters/fetch/fetch-safely.ts";
import { holidayEvents } from "../../adapters/holidays/holiday-events.ts";
import type { ExternalEvent } from "../../model/event.ts";
import { type Result, success, unreachable } from "../../model/result.ts";
import type {
  CalendarForm,
  EventSource,
  FeedForm,
  HolidaysForm,
  SaidEvent,
  SeasonForm,
  SourceReading,
} from "../../model/source.ts";
import { DAY_MS, HOUR_MS, type Instant, instant } from "../../model/time.ts";
import { endOfNews } from "../../signals/parse-event.ts";
import { everyYear } from "../../signals/recurring.ts";
import { classifyItem } from "../../signals/sources/classify-item.ts";
import type { Readers } from "./readers.ts";

export type Fetcher = (question: FetchQuestion, now: Instant) => Promise<Result<Fetched, FetchFailure>>;

export interface WhatWasRead {
  readonly said: readonly SaidEvent[];
  /** All that the source says, not only what is new. */
  readonly isWhole: boolean;
  readonly problems: readonly string[];
  readonly ignored: SourceReading["ignored"];
  readonly validators: Pick<SourceReading, "etag" | "lastModified">;
}

export interface ReadingOptions {
  readonly fetcher: Fetcher;
  readonly readers: Readers;
  readonly now: Instant;
  /** Of the last reading; left out: everything is read, whether it is new or not. */
  readonly seen?: Pick<SourceReading, "etag" | "lastModified"> | undefined;
}

/** Undefined: nothing is new, or the source speaks up by itself. */
export async function readSource(
  source: EventSource,
  options: ReadingOptions,
): Promise<Result<WhatWasRead | undefined, FetchFailure>> {
  const { form } = source;
  switch (form.kind) {
    case "calendar":
      return form.url === undefined ? success(undefined) : readCalendarFrom(form.url, { ...options, form });
    case "feed":
      return readFeedFrom(form, options);
    case "holidays":
      return readHolidays(form, options.now);
    case "season":
      return success(whole(readSeason(source, { form, now: options.now })));
    case "hook":
      return success(undefined);
    default:
      return unreachable(form);
  }
}

export function whole(said: readonly SaidEvent[], problems: readonly string[] = []): WhatWasRead {
  return { said, isWhole: true, problems, ignored: [], validators: {} };
}

async function readCalendarFrom(
  url: string,
  { fetcher, readers, now, seen = {}, form }: ReadingOptions & { readonly form: CalendarForm },
): Promise<Result<WhatWasRead | undefined, FetchFailure>> {
  const fetched = await fetcher({ url, accept: "text/calendar, */*;q=0.1", seen }, now);
  if (!fetched.ok || fetched.value.kind === "unchanged") return fetched.ok ? success(undefined) : fetched;
  const { bytes, validators } = fetched.value;
  const read = await readers.calendar(bytes, { now, eventKind: form.eventKind });
  if (!read.ok) return read;
  return success({ ...whole(read.value.said, read.value.problems), validators });
}

const FEED_TYPES = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1";
const IGNORED_MAX = 50;

async function readFeedFrom(
  form: FeedForm,
  { fetcher, readers, now, seen = {} }: ReadingOptions,
): Promise<Result<WhatWasRead | undefined, FetchFailure>> {
  const fetched = await fetcher({ url: form.url, accept: FEED_TYPES, seen }, now);
  if (!fetched.ok || fetched.value.kind === "unchanged") return fetched.ok ? success(undefined) : fetched;
  const { bytes, validators } = fetched.value;
  const items = await readers.feed(bytes, now);
  if (!items.ok) return items;
  const said = items.value.map((item) => saidOfItem(item, { form, now }));
  const ignored = said.filter(({ facts }) => facts === undefined).slice(0, IGNORED_MAX);
  return success({
    said,
    isWhole: false,
    problems: [],
    ignored: ignored.map(({ item, said: text, because }) => ({ item, said: text, because })),
    validators,
  });
}

/** An announcement without an end counts for so long. */
const ANNOUNCEMENT_MS = 24 * HOUR_MS;

function saidOfItem(item: FeedItem, { form, now }: { readonly form: FeedForm; readonly now: Instant }): SaidEvent {
  const { id, title, text, publishedAt: start, updatedAt } = item;
  const { label, topic, confidence, because } = classifyItem({ title, text, ...form });
  // Minutes, so that what was updated later stands.
  const head = { item: id, sequence: Math.floor(updatedAt / 60_000), said: title, because };
  if (label === "nothing" || topic === undefined) return { ...head, facts: undefined };
  const end = label === "news" ? endOfNews(start, undefined) : instant(start + ANNOUNCEMENT_MS);
  const rounded = Math.round(confidence * 100) / 100;
  return {
    ...head,
    facts: { kind: label, name: `${topic} ${label}`, start, end, announced: now, confidence: rounded },
  };
}

const YEARS_BACK = 5;
const YEARS_AHEAD = 1;
/** Of a season, which nobody announces. */
const KNOWN_AHEAD_MS = 366 * DAY_MS;

function readHolidays({ place, timeZone }: HolidaysForm, now: Instant): Result<WhatWasRead> {
  const year = new Date(now).getUTCFullYear();
  const zone = timeZone === undefined ? {} : { timeZone };
  const found = holidayEvents({ place, fromYear: year - YEARS_BACK, toYear: year + YEARS_AHEAD, ...zone });
  return found.ok
    ? success(whole(found.value.map((event) => saidOfEvent(event, `a public holiday of ${place}`))))
    : found;
}

function readSeason(
  { id, name, declaredUplift }: EventSource,
  { form, now }: { readonly form: SeasonForm; readonly now: Instant },
): SaidEvent[] {
  const { start, end, on, utcOffsetMinutes } = form;
  const year = new Date(now).getUTCFullYear();
  const uplift = declaredUplift === undefined ? {} : { declaredUplift };
  const season = {
    id,
    kind: "season",
    name,
    start,
    end,
    announced: instant(start - KNOWN_AHEAD_MS),
    ...uplift,
  } as const;
  const span = { fromYear: year - YEARS_BACK, toYear: year + YEARS_AHEAD };
  return everyYear(season, { ...span, on, utcOffsetMinutes }).map((event) =>
    saidOfEvent(event, "a season of every year"),
  );
}

function saidOfEvent({ id, customers: _, provenance: __, ...facts }: ExternalEvent, because: string): SaidEvent {
  const item = id.replaceAll(/[^A-Za-z0-9.-]/g, "-").slice(-60);
  return { item, sequence: 0, said: facts.name, because, facts };
}
