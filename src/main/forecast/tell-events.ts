// What the events ahead are expected to do to a series, in words: as events like them did to it before.
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId } from "../../model/fleet.ts";
import type { EventAhead } from "../../model/forecast-report.ts";
import { type Instant, iso, startOfTick } from "../../model/time.ts";
import { describeEffect } from "../../signals/describe-effect.ts";
import { emptyEffects, expectedEffect } from "../../signals/event-effects.ts";
import { learnEvents } from "../../signals/learn-events.ts";
import { usualDemand } from "../../signals/usual-demand.ts";

/** A series of unknown owner: what was learned of it is of "this workload". */
const OWNER = { customer: "" as CustomerId };
/** Of many the next ones are told. */
const TOLD_MAX = 20;
/** Of a long calendar the last ones are learned from: decades of matches take minutes. */
const LEARNED_MAX = 400;

/** Events that touch the time from the origin to `until`, by start. */
export function eventsAhead(one: KnownSeries, until: Instant): EventAhead[] {
  const { grid, values, events, resource } = one;
  const origin = startOfTick(grid, grid.length);
  const ahead = events.filter(({ start, end }) => end > origin && start < until);
  if (ahead.length === 0) return [];
  const byStart = (left: ExternalEvent, right: ExternalEvent) => left.start - right.start;
  const past = events.filter(({ end, start }) => end <= origin && end > grid.startMs && start < origin);
  const learned = past.toSorted(byStart).slice(-LEARNED_MAX);
  const effects = emptyEffects();
  const asked = { ...OWNER, resource: resource ?? "cpu" };
  const usual = usualDemand({ grid, values }, { events: learned });
  learnEvents(effects, { ...asked, series: { grid, values }, usual, events: learned });
  return ahead
    .toSorted(byStart)
    .slice(0, TOLD_MAX)
    .map((event) => ({
      kind: event.kind,
      name: event.name,
      start: iso(event.start),
      end: iso(event.end),
      effect: describeEffect({ event, resource, effect: expectedEffect(effects, { ...asked, event }) }),
    }));
}
