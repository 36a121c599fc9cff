// The phases of an event, in which demand behaves alike from one event to the next: before, three parts while it lasts, and
// the hours after it. News fades from its start on; its size is then what it would be without fading.
import type { ExternalEvent } from "../model/event.ts";
import { assert } from "../model/result.ts";
import { durationMs, HOUR_MS, type TimeGrid } from "../model/time.ts";

export type EventPart = "before" | "during" | "after";

/** `from` and `to`: shares of the length while it lasts, else hours from the start (before) or from the end (after). */
interface Phase {
  readonly part: EventPart;
  readonly from: number;
  readonly to: number;
}

export const EVENT_PHASES = [
  { part: "before", from: -3, to: 0 },
  { part: "during", from: 0, to: 0.25 },
  { part: "during", from: 0.25, to: 0.75 },
  { part: "during", from: 0.75, to: 1 },
  { part: "after", from: 0, to: 1 },
  { part: "after", from: 1, to: 4 },
  { part: "after", from: 4, to: 12 },
  { part: "after", from: 12, to: 24 },
] as const satisfies readonly Phase[];

export const PHASE_COUNT = EVENT_PHASES.length;

export function partOf(phase: number): EventPart {
  const known = EVENT_PHASES[phase];
  assert(known !== undefined, `an event has phases 0 to ${PHASE_COUNT - 1}, not ${phase}`);
  return known.part;
}

type Timed = Pick<ExternalEvent, "start" | "end">;

/** From 3 h before its start an event has a part in demand; what follows it is longer for a long one, 6 to 24 h. */
export interface Reach {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export function reachOf({ start, end }: Timed): Reach {
  const after = Math.min(Math.max(3 * (end - start), 6 * HOUR_MS), 24 * HOUR_MS);
  return { from: start - 3 * HOUR_MS, to: end + after };
}

/** Ticks that an event touches; they may lie outside of the grid. */
export function ticksTouched(event: Timed, { startMs, stepMs }: TimeGrid): Reach {
  const { from, to } = reachOf(event);
  return { from: Math.floor((from - startMs) / stepMs), to: Math.ceil((to - startMs) / stepMs) };
}

/** Index into EVENT_PHASES; -1 where the event has no part in demand. */
export function phaseAt({ start, end }: Timed, at: number): number {
  const { from, to } = reachOf({ start, end });
  if (at < from || at >= to) return -1;
  if (at < start) return 0;
  const [part, where] = at < end ? ["during", (at - start) / (end - start)] : ["after", (at - end) / HOUR_MS];
  return EVENT_PHASES.findIndex((phase) => phase.part === part && (where as number) < phase.to);
}

const NEWS_HALF_LIFE_MS = durationMs(6 * HOUR_MS);

/** Infinite for whatever does not fade. */
export function effectiveHalfLifeMs({ kind, halfLifeMs }: Pick<ExternalEvent, "kind" | "halfLifeMs">): number {
  return kind === "news" ? (halfLifeMs ?? NEWS_HALF_LIFE_MS) : Number.POSITIVE_INFINITY;
}

/** What is left of the effect: 1 until the start of the event and, unless it is news, ever after. */
export function fadingAt(event: ExternalEvent, at: number): number {
  return at <= event.start ? 1 : 2 ** (-(at - event.start) / effectiveHalfLifeMs(event));
}

/** Log of the factor that the announcer expects at an instant; 0 where nothing is declared. News fades on after its end. */
export function declaredLogUplift(event: ExternalEvent, at: number): number {
  const { declaredUplift, start, end, kind } = event;
  const lasts = at >= start && at < (kind === "news" ? reachOf(event).to : end);
  return declaredUplift === undefined || !lasts ? 0 : Math.log(declaredUplift) * fadingAt(event, at);
}
