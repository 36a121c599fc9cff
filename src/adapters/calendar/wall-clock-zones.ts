// From what a clock on the wall shows to an instant: in UTC, in a zone of the IANA database, or in one that a calendar brings along.
import ICAL from "ical.js";
import { type Instant, instant, MINUTE_MS } from "../../model/time.ts";

export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export type Zone =
  | { readonly kind: "utc" }
  | { readonly kind: "iana"; readonly format: Intl.DateTimeFormat }
  /** As the calendar itself defines it. */
  | { readonly kind: "own"; readonly zone: ICAL.Timezone };

export const UTC: Zone = { kind: "utc" };

/** Undefined for what is no zone of the IANA database. Some programs write a path before it: "/example.org/Europe/Berlin". */
export function ianaZone(name: string): Zone | undefined {
  const parts = name.split("/");
  for (const candidate of [name, parts.slice(-2).join("/"), parts.slice(-3).join("/")]) {
    try {
      const format = new Intl.DateTimeFormat("en-US", { timeZone: candidate, ...FIELDS });
      return { kind: "iana", format };
    } catch {}
  }
  return undefined;
}

const FIELDS = {
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
} as const;

/** Undefined for what no date can hold. A time that a clock skips is taken as before the skip, one that it shows twice as the first. */
export function instantOf(wall: WallTime, zone: Zone): Instant | undefined {
  const { year, month, day, hour, minute, second } = wall;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  if (Number.isNaN(asUtc) || year < YEAR_LEAST || year > YEAR_MOST) return undefined;
  switch (zone.kind) {
    case "utc":
      return instant(asUtc);
    case "own": {
      const offsetSeconds = zone.zone.utcOffset(ICAL.Time.fromData({ year, month, day, hour, minute, second }));
      return instant(asUtc - offsetSeconds * 1000);
    }
    case "iana": {
      const before = asUtc - offsetAt(zone.format, asUtc - DAY_ROUND_MS);
      const after = asUtc - offsetAt(zone.format, asUtc + DAY_ROUND_MS);
      const isRight = (at: number) => at + offsetAt(zone.format, at) === asUtc;
      return instant(isRight(before) || !isRight(after) ? before : after);
    }
  }
}

const YEAR_LEAST = 1900;
const YEAR_MOST = 2200;
/** No zone is farther from UTC, and none changes its offset twice within that time. */
const DAY_ROUND_MS = 24 * 60 * MINUTE_MS;

/** How far the zone's clocks are ahead of UTC. */
function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const seen: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) seen[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = seen;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
