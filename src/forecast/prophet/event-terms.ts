// Events as terms: those of one kind and name share what they do, phase by phase since their start.
import type { ExternalEvent } from "../../model/event.ts";
import { DAY_MS } from "../../model/time.ts";
import type { EventTerm, Mode, Span } from "./terms.ts";

export interface EventSetting {
  readonly mode: Mode;
  readonly priorScale: number;
  /** An event longer than this has one coefficient for each such phase since its start. */
  readonly phaseMs: number;
  /** The last phase lasts until the end of the event. */
  readonly phasesMax: number;
  /** Each event reaches that far before its start and past its end. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Prophet's prior scale; a campaign's second day is not its first. */
export const EVENT_SETTING: EventSetting = {
  mode: "additive",
  priorScale: 10,
  phaseMs: DAY_MS,
  phasesMax: 7,
  beforeMs: 0,
  afterMs: 0,
};

/** In the order in which kinds, names and phases first come. Named "kind/name", and "kind/name+1" from the second phase on. */
export function eventTerms(events: readonly ExternalEvent[], setting: EventSetting): EventTerm[] {
  const spansByName = new Map<string, Span[]>();
  for (const event of events) {
    phasesOf(event, setting).forEach((span, phase) => {
      const name = phase === 0 ? nameOf(event) : `${nameOf(event)}+${phase}`;
      const spans = spansByName.get(name);
      if (spans === undefined) spansByName.set(name, [span]);
      else spans.push(span);
    });
  }
  const { mode, priorScale } = setting;
  return [...spansByName].map(([name, spans]) => ({ kind: "event", name, mode, priorScale, spans }));
}

export function nameOf({ kind, name }: ExternalEvent): string {
  return `${kind}/${name}`;
}

function phasesOf(event: ExternalEvent, { phaseMs, phasesMax, beforeMs, afterMs }: EventSetting): Span[] {
  const startMs = event.start - beforeMs;
  const endMs = event.end + afterMs;
  const count = Math.min(Math.ceil((endMs - startMs) / phaseMs), phasesMax);
  const weight = event.confidence ?? 1;
  return Array.from({ length: count }, (_, phase) => ({
    startMs: startMs + phase * phaseMs,
    endMs: phase === count - 1 ? endMs : startMs + (phase + 1) * phaseMs,
    weight,
  }));
}
