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
