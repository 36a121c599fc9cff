// Text of one field to a number. NaN is the only sign of refusal: nothing here guesses, and a blank is never 0.

const MILLISECONDS_FROM = 1e11;
const TIME_MS_MAX = Date.UTC(2100, 0, 1);
const ISO_8601 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(Z|[+-]\d\d(?::?\d\d)?))?)?$/;

export const EXPECTED_AMOUNT = "a number of at least 0";
export const EXPECTED_EPOCH = "seconds or milliseconds since 1970, before the year 2100";
export const EXPECTED_TIME = "an ISO 8601 time or seconds or milliseconds since 1970, before the year 2100";

/** A finite decimal number >= 0. Refuses signs, blanks, `NaN`, `Infinity` and hexadecimal. */
export function amountOf(text: string): number {
  const first = text.charCodeAt(0);
  const startsAsDecimal = (first >= 48 && first <= 57) || first === 46;
  const second = text.charCodeAt(1);
  const otherRadix = first === 48 && second > 57 && second !== 69 && second !== 101;
  if (!startsAsDecimal || otherRadix) return Number.NaN;
  const value = Number(text);
  return value < Number.POSITIVE_INFINITY ? value : Number.NaN;
}

/** Milliseconds since 1970. Numbers below 1e11 are seconds (until the year 5138), others milliseconds (from 1973). */
export function epochMs(text: string): number {
  const value = amountOf(text);
  return withinRange(value < MILLISECONDS_FROM ? value * 1000 : value);
}

/** Milliseconds since 1970 from ISO 8601 (UTC where no zone is stated) or from a number as in `epochMs`. */
export function timeMs(text: string): number {
  const parts = ISO_8601.exec(text);
  return parts === null ? epochMs(text) : withinRange(isoMs(parts));
}

function withinRange(timeInMs: number): number {
  return timeInMs >= 0 && timeInMs < TIME_MS_MAX ? timeInMs : Number.NaN;
}

function isoMs([
  ,
  year,
  month,
  day,
  hour = "0",
  minute = "0",
  second = "0",
  fraction = "0",
  zone = "Z",
]: string[]): number {
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const dayExists = new Date(midnight).toISOString().startsWith(`${year}-${month}-${day}`);
  if (!dayExists || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return Number.NaN;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) - zoneSeconds(zone);
  return midnight + seconds * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
}

function zoneSeconds(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2) || "0") * 60;
  return zone.startsWith("-") ? -seconds : seconds;
}
