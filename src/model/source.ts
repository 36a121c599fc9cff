// A source of events: a calendar, a feed, a list of holidays, a season, or a program that calls. Whatever it says becomes the same
// typed event; what it cannot say, such as how much demand changes, whoever names the source may add.
import { type EventFacts, type EventKind, type EventProvenance, type ExternalEvent, externalEvent } from "./event.ts";
import type { CustomerId } from "./fleet.ts";
import type { DurationMs, Instant } from "./time.ts";

export const SOURCE_KINDS = ["calendar", "feed", "holidays", "season", "hook"] as const;

export interface EventSource {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Whom its events touch. Everybody when left out. */
  readonly customers?: readonly CustomerId[];
  /** Its events count no more, and nothing is read. */
  readonly muted: boolean;
  /** Of events that do not say it themselves. */
  readonly declaredUplift?: number;
  readonly form: SourceForm;
}

export type SourceForm = CalendarForm | FeedForm | HolidaysForm | SeasonForm | HookForm;

export interface CalendarForm {
  readonly kind: "calendar";
  /** Left out: it is sent in. */
  readonly url?: string;
  readonly everyMs: DurationMs;
  /** Of entries that do not say it themselves. */
  readonly eventKind: EventKind;
}

export interface FeedForm {
  readonly kind: "feed";
  readonly url: string;
  readonly everyMs: DurationMs;
  /** An item that is about none of them becomes nothing. */
  readonly topics: readonly Topic[];
  /** What people said of items: it counts for later ones. */
  readonly lessons: readonly ItemLesson[];
}

export interface Topic {
  readonly name: string;
  /** Words or phrases, one of which an item about it has. */
  readonly terms: readonly string[];
}

export interface ItemLesson {
  /** Of an item. */
  readonly text: string;
  /** What it should have become. */
  readonly label: ItemLabel;
}

export const ITEM_LABELS = ["news", "campaign", "release", "nothing"] as const;
export type ItemLabel = (typeof ITEM_LABELS)[number];

export interface HolidaysForm {
  readonly kind: "holidays";
  /** "DE", "US-CA", "DE-BY-A": country, state, region. */
  readonly place: string;
  /** IANA name; the place's own where left out. */
  readonly timeZone?: string;
}

export interface SeasonForm {
  readonly kind: "season";
  readonly start: Instant;
  readonly end: Instant;
  /** As in `Recurrence`: the same date every year, or the same weekday of its month. */
  readonly on: "date" | "weekday";
  readonly utcOffsetMinutes: number;
}

interface HookForm {
  readonly kind: "hook";
  /** What the source's secret is made of, beside the service's own. */
  readonly salt: string;
}

/** One thing that a source says, before it is put beside what it said earlier. */
export interface SaidEvent {
  readonly item: string;
  readonly sequence: number;
  readonly said: string;
  readonly because: string;
  /** Undefined: it does not take place. */
  readonly facts: EventFacts | undefined;
}

/** How the newest reading of a source went: for people, and for what comes next. */
export interface SourceReading {
  /** When what it says changed last. */
  readonly at: Instant;
  readonly etag?: string;
  readonly lastModified?: string;
  /** Why nothing could be read, or what of it could not. */
  readonly problems: readonly string[];
  readonly failed: boolean;
  /** Items that became nothing, the newest first, with why. */
  readonly ignored: readonly Pick<SaidEvent, "item" | "said" | "because">[];
}

/** The event as its source says it, with what the source as a whole declares, and as people corrected it. */
export function eventWith(
  provenance: EventProvenance,
  { id, customers, declaredUplift }: Pick<EventSource, "id" | "customers" | "declaredUplift">,
): ExternalEvent {
  const { facts: said, item, correction = {} } = provenance;
  const { muted: _, start = said.start, end = said.end, ...better } = correction;
  // A source may have moved the event past what was corrected of its times.
  const times = end > start ? { start, end } : {};
  const declared = declaredUplift === undefined ? {} : { declaredUplift };
  const { halfLifeMs, ...facts } = { ...declared, ...said, ...better, ...times };
  return externalEvent({
    ...facts,
    id: `${id}:${item}`,
    ...(facts.kind === "news" && halfLifeMs !== undefined && { halfLifeMs }),
    ...(customers && { customers }),
    provenance,
  });
}
