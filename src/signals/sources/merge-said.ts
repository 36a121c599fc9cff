// What a source says now beside what it said before: which events are new or changed, and which are gone. What people corrected stays
// corrected, whatever the source says afterwards.
import type { EventFacts, ExternalEvent } from "../../model/event.ts";
import { type EventSource, eventWith, type SaidEvent } from "../../model/source.ts";
import { DAY_MS, type Instant, instant } from "../../model/time.ts";

export interface Merging {
  readonly source: EventSource;
  /** Of this source. */
  readonly kept: readonly ExternalEvent[];
  readonly said: readonly SaidEvent[];
  readonly now: Instant;
  /** This is all that the source says: what was to come and is not in it any more was taken back. */
  readonly isWhole: boolean;
}

export interface Merged {
  readonly changed: readonly ExternalEvent[];
  /** Ids. */
  readonly gone: readonly string[];
}

/** What is over stays so long, to be learned from and looked at. */
const KEPT_MS = 6 * 366 * DAY_MS;
export const EVENTS_OF_SOURCE_MAX = 5_000;

/** Of several that speak of one item the one with the largest sequence stands, the later one where they are equal. */
export function mergeSaid(merging: Merging): Merged {
  const { source, kept, said, now } = merging;
  const before = new Map(kept.flatMap((event) => (event.provenance ? [[event.provenance.item, event] as const] : [])));
  const newest = newestOf(said);
  const after = new Map<string, ExternalEvent>();
  for (const [item, event] of before)
    if (event.provenance && staysUnsaid(event, { ...merging, isSaid: newest.has(item) }))
      after.set(item, eventWith(event.provenance, source));
  for (const [item, each] of newest) {
    const known = before.get(item);
    const { facts } = each;
    if (each.sequence < (known?.provenance?.sequence ?? 0)) continue;
    if (facts === undefined) after.delete(item);
    else if (facts.end >= now - KEPT_MS) after.set(item, eventOf(source, { ...each, facts }, known));
  }
  const standing = latestFirst([...after.values()]).slice(0, EVENTS_OF_SOURCE_MAX);
  const changed = standing.filter((event) => !isSame(event, before.get(event.provenance?.item ?? "")));
  const ids = new Set(standing.map(({ id }) => id));
  return { changed, gone: kept.filter(({ id }) => !ids.has(id)).map(({ id }) => id) };
}

function newestOf(said: readonly SaidEvent[]): ReadonlyMap<string, SaidEvent> {
  const newest = new Map<string, SaidEvent>();
  for (const each of said) if (each.sequence >= (newest.get(each.item)?.sequence ?? 0)) newest.set(each.item, each);
  return newest;
}

function staysUnsaid(
  { start, end }: ExternalEvent,
  { now, isWhole, isSaid }: Pick<Merging, "now" | "isWhole"> & { readonly isSaid: boolean },
): boolean {
  const isTakenBack = isWhole && !isSaid && start > now;
  return end >= now - KEPT_MS && !isTakenBack;
}

function eventOf(
  source: EventSource,
  { item, sequence, said, because, facts: given }: SaidEvent & { readonly facts: EventFacts },
  known: ExternalEvent | undefined,
): ExternalEvent {
  // It was known when it was read first, also where it changed since.
  const announced = instant(Math.min(given.announced, known?.provenance?.facts.announced ?? given.announced));
  const facts = { ...given, announced };
  const correction = known?.provenance?.correction;
  const provenance = { source: source.id, item, sequence, said, because, facts, ...(correction && { correction }) };
  return eventWith(provenance, source);
}

function latestFirst(events: readonly ExternalEvent[]): ExternalEvent[] {
  return events.toSorted((left, right) => right.start - left.start || (left.id < right.id ? -1 : 1));
}

/** Both were put together here, field by field in one order. */
function isSame(left: ExternalEvent, right: ExternalEvent | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Those that count: whoever muted an event or its source wants it to change nothing. */
export function standingEvents(
  events: readonly ExternalEvent[],
  sources: readonly Pick<EventSource, "id" | "muted">[],
): readonly ExternalEvent[] {
  const heard = new Set(sources.filter(({ muted }) => !muted).map(({ id }) => id));
  return events.filter(
    ({ provenance }) => provenance === undefined || (heard.has(provenance.source) && !provenance.correction?.muted),
  );
}
