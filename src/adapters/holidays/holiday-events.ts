// Public holidays of a country, state or region as events, out of the date-holidays package; past years too, for learning.
import Holidays from "date-holidays";
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { DAY_MS, type Instant, instant } from "../../model/time.ts";

export interface HolidayQuestion {
  /** "DE", "US-CA", "DE-BY-A": country, state, region. */
  readonly place: string;
  /** First and last year, inclusive. */
  readonly fromYear: number;
  readonly toYear: number;
  /** IANA name. Left out: the zone of the place, the first one where it has several. */
  readonly timeZone?: string;
  /** Whom the holidays touch. Left out: everybody. */
  readonly customers?: readonly CustomerId[];
}

const YEARS = { first: 1970, last: 2199, spanMax: 100 };
/** Which days of a year are free is known this long before. */
const KNOWN_AHEAD_MS = 366 * DAY_MS;
/** A day that is free once only (a jubilee, a funeral) is made known much later: how late, no list tells. */
const ONE_OFF_AHEAD_MS = 7 * DAY_MS;

/**
 * One event of kind "holiday" for each public holiday, by start; names in English where the package has them, and a substitute day
 * has the name of the day that it stands for. Days begin and end at local midnight, summer time included; where a calendar has
 * days from sunset to sunset, at 18:00. Fails with "bad-input" for a place, zone or year that is not known.
 */
export function holidayEvents(question: HolidayQuestion): Result<ExternalEvent[]> {
  const { fromYear, toYear, timeZone } = question;
  const calendar = calendarOf(question.place, timeZone);
  if (!calendar.ok) return calendar;
  const isSpan = [fromYear, toYear].every(
    (year) => Number.isInteger(year) && year >= YEARS.first && year <= YEARS.last,
  );
  if (!isSpan || toYear < fromYear || toYear - fromYear >= YEARS.spanMax) {
    const years = `at most ${YEARS.spanMax} whole years from ${YEARS.first} to ${YEARS.last}`;
    return failure("bad-input", `Holidays from ${fromYear} to ${toYear}: ask for ${years}, the first one first.`);
  }
  const holidays: Holiday[] = [];
  for (let year = fromYear; year <= toYear; year++)
    holidays.push(...calendar.value.getHolidays(year, "en").filter(({ type }) => type === "public"));
  return success(eventsOf(holidays, question));
}

type Holiday = ReturnType<Holidays["getHolidays"]>[number];

function calendarOf(place: string, timeZone: string | undefined): Result<Holidays> {
  const [country = "", state, region, ...rest] = place.split("-").map((part) => part.toUpperCase());
  const book = new Holidays();
  const known = {
    countries: book.getCountries(),
    states: book.getStates(country) ?? {},
    regions: state === undefined ? {} : (book.getRegions(country, state) ?? {}),
  };
  const shown = JSON.stringify(place.slice(0, 40));
  if (!Object.hasOwn(known.countries, country))
    return failure("bad-input", `${shown} is in no country with known holidays: begin with ${FORM}.`);
  if (state !== undefined && !Object.hasOwn(known.states, state))
    return failure("bad-input", `${shown}: ${country} has ${listOf(known.states, "states")}. Use ${FORM}.`);
  if (rest.length > 0 || (region !== undefined && !Object.hasOwn(known.regions, region)))
    return failure("bad-input", `${shown}: ${country}-${state} has ${listOf(known.regions, "regions")}. Use ${FORM}.`);
  if (timeZone !== undefined && timeZone !== "UTC" && !Intl.supportedValuesOf("timeZone").includes(timeZone)) {
    const zone = JSON.stringify(timeZone.slice(0, 40));
    return failure("bad-input", `${zone} is no time zone: use an IANA name such as Europe/Berlin, or leave it out.`);
  }
  const options = { types: ["public" as const], ...(timeZone === undefined ? {} : { timezone: timeZone }) };
  return success(new Holidays({ country, ...(state && { state }), ...(region && { region }) }, options));
}

const FORM =
  "the two letters of a country (ISO 3166-1) such as DE, with a state (US-CA) or region (DE-BY-A) if need be";

function listOf(known: Readonly<Record<string, string>>, what: string): string {
  const codes = Object.keys(known);
  return codes.length === 0 ? `no ${what} with holidays of their own` : `the ${what} ${codes.join(", ")}`;
}

function eventsOf(holidays: readonly Holiday[], { place, customers }: HolidayQuestion): ExternalEvent[] {
  const sorted = holidays.toSorted((left, right) => left.start.getTime() - right.start.getTime());
  return sorted.map((holiday, index): ExternalEvent => {
    const day = holiday.date.slice(0, 10);
    const earlier = sorted.slice(0, index).filter(({ date }) => date.startsWith(day)).length;
    const start = instant(holiday.start.getTime());
    return {
      id: `holiday:${place.toUpperCase()}:${day}${earlier === 0 ? "" : `.${earlier + 1}`}`,
      kind: "holiday",
      name: holiday.name.replace(/ \(substitute day\)$/, ""),
      start,
      end: instant(holiday.end.getTime()),
      announced: announcedAt(holiday.rule, start),
      ...(customers === undefined ? {} : { customers }),
    };
  });
}

function announcedAt(rule: string, start: Instant): Instant {
  const isOneOff = /^\d{4}-/.test(rule);
  return instant(start - (isOneOff ? ONE_OFF_AHEAD_MS : KNOWN_AHEAD_MS));
}
