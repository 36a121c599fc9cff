// An event: a known or announced thing outside the samples that moves demand. It is data; what it does is learned.
import type { CustomerId } from "./fleet.ts";
import { assert } from "./result.ts";
import type { DurationMs, Instant } from "./time.ts";

export const EVENT_KINDS = ["campaign", "release", "holiday", "season", "news"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface ExternalEvent {
  readonly id: string;
  readonly kind: EventKind;
  /** What happens, in the words of whoever announced it: "play-off". Events of one kind and name are alike. */
  readonly name: string;
  readonly start: Instant;
  /** Exclusive. */
  readonly end: Instant;
  /** From when on it was known. A forecast made before that must not use it. Breaking news: its start or later. */
  readonly announced: Instant;
  /** What the announcer expects demand to be multiplied with, > 0. Believed until experience says otherwise. */
  readonly declaredUplift?: number;
  /** 0..1, how sure it is that this happens at all. 1 when left out. */
  readonly confidence?: number;
  /** Whom it touches. Everybody when left out. */
  readonly customers?: readonly CustomerId[];
  /** News only: after this long half of its effect is gone, after twice as long three quarters. */
  readonly halfLifeMs?: DurationMs;
  /** Where it was read; left out for what people announced themselves. */
  readonly provenance?: EventProvenance;
}

/** What an event looks like without who said it: what a source says of it, and what people may say better. */
export type EventFacts = Pick<
  ExternalEvent,
  "kind" | "name" | "start" | "end" | "announced" | "declaredUplift" | "confidence" | "halfLifeMs"
>;

/** What somebody knows better than the source; what is left out stays as the source says. */
export type EventCorrection = Partial<Omit<EventFacts, "announced">> & {
  /** It counts no more. */
  readonly muted?: boolean;
};

export interface EventProvenance {
  /** Id of the source. */
  readonly source: string;
  /** Its name there, such as the UID of a calendar's entry. */
  readonly item: string;
  /** Of two versions of one item the larger stands. */
  readonly sequence: number;
  /** What came in, as plain text. */
  readonly said: string;
  /** Why it became this, in a sentence. */
  readonly because: string;
  /** What it became by itself. */
  readonly facts: EventFacts;
  readonly correction?: EventCorrection;
}

export function externalEvent(event: ExternalEvent): ExternalEvent {
  assert(event.end > event.start, `an event ends after it starts: ${event.id}`);
  assert(event.declaredUplift === undefined || event.declaredUplift > 0, `an uplift is above zero: ${event.id}`);
  const { confidence = 1 } = event;
  assert(confidence >= 0 && confidence <= 1, `a confidence lies in 0..1: ${event.id}`);
  return event;
}

/** The events that a forecast made at `origin` may know. */
export function announcedBy(events: readonly ExternalEvent[], origin: Instant): readonly ExternalEvent[] {
  return events.filter((event) => event.announced <= origin);
}
