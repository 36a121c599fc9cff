// The events of one customer in order of time, so that those that matter at a tick are found at once, and the many ticks without
// any cost next to nothing. Make one calendar for each customer and share it among the customer's series.
import type { ExternalEvent } from "../model/event.ts";
import type { CustomerId } from "../model/fleet.ts";
import { HOUR_MS, type Instant } from "../model/time.ts";

export interface EventCalendar {
  /** By start. */
  readonly events: readonly ExternalEvent[];
  /** [events.length] the latest end among an event and those before it. */
  readonly latestEnds: Float64Array;
}

/** How far before its start and after its end an event is in sight. */
export const SIGHT_MS = 48 * HOUR_MS;

/** Of `customer`, those that touch everybody included; without one, of all events given. */
export function eventCalendar(events: readonly ExternalEvent[], customer?: CustomerId): EventCalendar {
  const own = events.filter(
    ({ customers }) => customers === undefined || customer === undefined || customers.includes(customer),
  );
  const sorted = own.toSorted((left, right) => left.start - right.start);
  let latest = Number.NEGATIVE_INFINITY;
  const latestEnds = Float64Array.from(sorted, ({ end }) => {
    latest = Math.max(latest, end);
    return latest;
  });
  return { events: sorted, latestEnds };
}

export interface CalendarQuestion {
  readonly at: Instant;
  /** The time asked about goes from `at` until then; left out: `at` alone. */
  readonly until?: number;
  /** Events announced later are not seen. */
  readonly origin: Instant;
}

/** Announced at the origin, begun and not over at `at`. */
export function activeEvents(calendar: EventCalendar, { at, origin }: CalendarQuestion): ExternalEvent[] {
  return eventsInSight(calendar, { at, origin }).filter(({ start, end }) => start <= at && at < end);
}

/** Announced at the origin and no farther than 48 h from the time asked about; the latest start first. O(log n) and those found. */
export function eventsInSight(
  { events, latestEnds }: EventCalendar,
  { at, until = at, origin }: CalendarQuestion,
): ExternalEvent[] {
  const seen: ExternalEvent[] = [];
  for (let index = countStarting(events, until + SIGHT_MS) - 1; index >= 0; index--) {
    if ((latestEnds[index] as number) <= at - SIGHT_MS) break;
    const event = events[index];
    if (event !== undefined && event.end > at - SIGHT_MS && event.announced <= origin) seen.push(event);
  }
  return seen;
}

/** How many start before `at`. */
function countStarting(events: readonly ExternalEvent[], at: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.start ?? Number.POSITIVE_INFINITY) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
