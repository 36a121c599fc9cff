import { expect, test } from "vitest";
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { DAY_MS, HOUR_MS, iso } from "../../model/time.ts";
import { type HolidayQuestion, holidayEvents } from "./holiday-events.ts";

function holidaysOf(question: HolidayQuestion): ExternalEvent[] {
  const events = holidayEvents(question);
  if (!events.ok) throw new Error(events.error.message);
  return events.value;
}

function messageOf(question: Partial<HolidayQuestion>): string {
  const events = holidayEvents({ place: "DE", fromYear: 2024, toYear: 2024, ...question });
  return events.ok ? "it worked" : `${events.error.kind}: ${events.error.message}`;
}

const inYear = (place: string, year: number) => holidaysOf({ place, fromYear: year, toYear: year });
const starts = (events: readonly ExternalEvent[]) => Object.fromEntries(events.map((e) => [e.name, iso(e.start)]));

test("Germany: local midnight in winter and in summer, and Easter moves", () => {
  const { ["Easter Monday"]: easter2024, ["New Year's Day"]: newYear, ...rest } = starts(inYear("DE", 2024));
  expect(newYear).toBe("2023-12-31T23:00:00.000Z");
  expect(easter2024).toBe("2024-03-31T22:00:00.000Z");
  expect(rest).toMatchObject({ "Good Friday": "2024-03-28T23:00:00.000Z", "Whit Monday": "2024-05-19T22:00:00.000Z" });
  expect(starts(inYear("DE", 2025))["Easter Monday"]).toBe("2025-04-20T22:00:00.000Z");
  expect(starts(inYear("DE", 2008))["Easter Monday"]).toBe("2008-03-23T23:00:00.000Z");
});

test("a day on which the clocks change has 23 hours", () => {
  const easterSunday = inYear("DE-BB", 2024).find(({ name }) => name === "Easter Sunday");
  expect(iso(easterSunday?.start ?? (0 as never))).toBe("2024-03-30T23:00:00.000Z");
  expect(((easterSunday?.end ?? 0) - (easterSunday?.start ?? 0)) / HOUR_MS).toBe(23);
});

test("California has its own days; a substitute day has the name of the day it stands for", () => {
  const california = inYear("US-CA", 2024);
  expect(starts(california)).toMatchObject({
    "Thanksgiving Day": "2024-11-28T08:00:00.000Z",
    "Independence Day": "2024-07-04T07:00:00.000Z",
  });
  const chavez = california.filter(({ name }) => name === "César Chávez Day").map(({ start }) => iso(start));
  expect(chavez).toEqual(["2024-03-31T07:00:00.000Z", "2024-04-01T07:00:00.000Z"]);
  expect(inYear("US", 2024).some(({ name }) => name.startsWith("César"))).toBe(false);
});

test("states and regions add to their country", () => {
  const names = (place: string) => inYear(place, 2024).map(({ name }) => name);
  expect(names("DE")).not.toContain("Assumption");
  expect(names("DE-BY-A")).toEqual(expect.arrayContaining(["Epiphany", "Assumption", "Augsburg Peace Festival"]));
  expect(names("de-by")).not.toContain("Augsburg Peace Festival");
});

test("days of calendars by the moon begin the evening before and may last for days", () => {
  const eid = inYear("SA", 2024).find(({ start }) => iso(start) === "2024-04-08T15:00:00.000Z");
  expect(((eid?.end ?? 0) - (eid?.start ?? 0)) / DAY_MS).toBe(4);
});

test("an own time zone moves the midnights", () => {
  const [newYear] = holidaysOf({ place: "US", fromYear: 2024, toYear: 2024, timeZone: "America/Los_Angeles" });
  expect(iso(newYear?.start ?? (0 as never))).toBe("2024-01-01T08:00:00.000Z");
});

test("many years, in order, each id once, all known in time", () => {
  const customers = ["mossbank" as CustomerId];
  const events = holidaysOf({ place: "DE-BY", fromYear: 2008, toYear: 2030, customers });
  expect(events.length).toBeGreaterThan(23 * 11);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const sorted = events.map(({ start }) => start).toSorted((left, right) => left - right);
  expect(events.map(({ start }) => start)).toEqual(sorted);
  for (const event of events) {
    expect(event).toMatchObject({ kind: "holiday", customers });
    expect(event.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/);
    expect(event.end).toBeGreaterThan(event.start);
    expect(event.start - event.announced).toBeGreaterThanOrEqual(7 * DAY_MS);
  }
});

test("a day that was free once only was not known a year before", () => {
  const funeral = inYear("GB-ENG", 2022).find(({ start }) => iso(start).startsWith("2022-09-18T23"));
  expect(funeral?.name).toContain("Funeral");
  expect((funeral?.start ?? 0) - (funeral?.announced ?? 0)).toBe(7 * DAY_MS);
});

test.each([
  [{ place: "XX" }, 'bad-input: "XX" is in no country with known holidays: begin with the two letters of a country'],
  [{ place: "" }, 'bad-input: "" is in no country'],
  [{ place: "toString" }, "is in no country"],
  [{ place: "DE-ZZ" }, 'bad-input: "DE-ZZ": DE has the states BB, BE, BW'],
  [{ place: "DE-BY-ZZ" }, "DE-BY has the regions A, KATH, EVANG"],
  [{ place: "DE-BY-A-B" }, "DE-BY has the regions"],
  [{ place: "VA-X" }, "VA has no states with holidays of their own"],
  [{ timeZone: "Mars/Base" }, 'bad-input: "Mars/Base" is no time zone: use an IANA name such as Europe/Berlin'],
  [{ fromYear: 2025 }, "bad-input: Holidays from 2025 to 2024: ask for at most 100 whole years from 1970 to 2199"],
  [{ fromYear: 1500 }, "ask for at most 100 whole years"],
  [{ toYear: Number.NaN }, "ask for at most 100 whole years"],
])("what is not known is said (%#)", (question, message) => {
  expect(messageOf(question)).toContain(message);
});
