// Times as the person at this terminal reads and types them: in the zone of the terminal, and the zone is said.
import { DAY_MS, HOUR_MS, type Instant, instant, MINUTE_MS, SECOND_MS } from "../model/time.ts";
import { instantOf } from "./option-values.ts";
import type { Terminal } from "./terminal.ts";

export function zoneOf({ zone }: Pick<Terminal, "zone">): string {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "2026-11-24 14:05" */
export function minuteIn(zone: string, at: string | number): string {
  const { year, month, day, hour, minute } = partsIn(zone, new Date(at).getTime());
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

/** "14:05:00 CET" */
export function clockIn(zone: string, at: string | number): string {
  const { hour, minute, second, timeZoneName } = partsIn(zone, new Date(at).getTime());
  return `${hour}:${minute}:${second} ${timeZoneName}`;
}

/** "2026-11-24 14:05 CET" */
export function momentIn(zone: string, at: string | number): string {
  return `${minuteIn(zone, at)} ${partsIn(zone, new Date(at).getTime()).timeZoneName}`;
}

/** "Times in Europe/Berlin (CET)." */
export function zoneNote(zone: string, at: string | number): string {
  const { timeZoneName } = partsIn(zone, new Date(at).getTime());
  return timeZoneName === zone ? `Times in ${zone}.` : `Times in ${zone} (${timeZoneName}).`;
}

/** "40 s", "12 min", "3 h", "2 days": never more precise than it is of use. */
export function ageOf(ms: number): string {
  if (ms < 2 * MINUTE_MS) return `${Math.max(0, Math.round(ms / SECOND_MS))} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} h` : `${Math.round(ms / DAY_MS)} days`;
}

export interface TypedTime {
  readonly zone: string;
  readonly now: number;
  /** Whether "14:05" is the last time that it was, or the next that it will be. */
  readonly direction: "past" | "coming";
}

/**
 * "14:05", "2026-11-24", "2026-11-24 14:05", or with its zone "2026-11-24T14:05:00Z". Without a zone: in the terminal's.
 * Undefined where it is none of these.
 */
export function typedInstant(typed: string, { zone, now, direction }: TypedTime): Instant | undefined {
  if (/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(typed)) {
    const days = direction === "past" ? [now, now - DAY_MS] : [now, now + DAY_MS];
    return days
      .map((day) => inZone(zone, instantOf(`${dayIn(zone, day)}T${typed}Z`)))
      .find((at) => at !== undefined && (direction === "past" ? at <= now : at > now));
  }
  const one = typed.replace(/^(\d{4}-\d{2}-\d{2}) /, "$1T");
  const isZoned = /T.*(Z|[+-]\d{2}:\d{2})$/.test(one);
  return isZoned ? instantOf(one) : inZone(zone, instantOf(one));
}

/** The instant at which clocks of the zone show what UTC clocks show at `asUtc`. */
function inZone(zone: string, asUtc: Instant | undefined): Instant | undefined {
  if (asUtc === undefined) return undefined;
  const first = asUtc - offsetMs(zone, asUtc);
  return instant(asUtc - offsetMs(zone, first));
}

function offsetMs(zone: string, at: number): number {
  const { year, month, day, hour, minute, second } = partsIn(zone, at);
  const shown = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return shown - Math.floor(at / SECOND_MS) * SECOND_MS;
}

function dayIn(zone: string, at: number): string {
  return minuteIn(zone, at).slice(0, 10);
}

type Part = "year" | "month" | "day" | "hour" | "minute" | "second" | "timeZoneName";

function partsIn(zone: string, at: number): Record<Part, string> {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
    timeZoneName: "short",
  });
  const parts = format.formatToParts(at).map(({ type, value }) => [type, value]);
  return Object.fromEntries(parts) as Record<Part, string>;
}
