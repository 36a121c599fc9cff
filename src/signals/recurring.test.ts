import { expect, test } from "vitest";
import { DAY_MS, instant, iso } from "../model/time.ts";
import { everyYear } from "./recurring.ts";
import { anEvent } from "./signals.arbitrary.ts";

const at = (time: string) => instant(Date.parse(time));
const startsOf = (events: ReturnType<typeof everyYear>) => events.map(({ start }) => iso(start).slice(0, 16));

const season = anEvent({
  id: "christmas-shopping",
  kind: "season",
  start: at("2025-12-01T05:00:00Z"),
  end: at("2025-12-24T05:00:00Z"),
  announced: at("2025-10-01T05:00:00Z"),
});

test("the same date each year, as long, each with its own id", () => {
  const events = everyYear(season, { fromYear: 2023, toYear: 2027, on: "date", utcOffsetMinutes: 0 });
  expect(startsOf(events)).toEqual([2023, 2024, 2025, 2026, 2027].map((year) => `${year}-12-01T05:00`));
  expect(events.every(({ start, end }) => end - start === 23 * DAY_MS)).toBe(true);
  expect(new Set(events.map(({ id }) => id)).size).toBe(5);
  expect(events[2]).toEqual({ ...season, id: "christmas-shopping:2025" });
});

test("years before were announced as long before; years after are known since the first word", () => {
  const events = everyYear(season, { fromYear: 2024, toYear: 2026, on: "date", utcOffsetMinutes: 0 });
  expect(events.map(({ announced }) => iso(announced).slice(0, 10))).toEqual([
    "2024-10-01",
    "2025-10-01",
    "2025-10-01",
  ]);
});

test("the same weekday of the month: Thanksgiving", () => {
  const week = anEvent({ kind: "season", start: at("2025-11-27T00:00:00Z"), end: at("2025-12-02T00:00:00Z") });
  const events = everyYear(week, { fromYear: 2021, toYear: 2028, on: "weekday", utcOffsetMinutes: 0 });
  expect(startsOf(events).map((start) => start.slice(0, 10))).toEqual([
    "2021-11-25",
    "2022-11-24",
    "2023-11-23",
    "2024-11-28",
    "2025-11-27",
    "2026-11-26",
    "2027-11-25",
    "2028-11-23",
  ]);
});

test("a fifth weekday that a month does not have is its fourth", () => {
  const fifth = anEvent({ start: at("2025-08-29T00:00:00Z"), end: at("2025-08-30T00:00:00Z") });
  const [event] = everyYear(fifth, { fromYear: 2026, toYear: 2026, on: "weekday", utcOffsetMinutes: 0 });
  expect(iso(event?.start ?? at("1970-01-01")).slice(0, 10)).toBe("2026-08-28");
});

test("29 February is the 28th elsewhere; dates are local ones", () => {
  const leap = anEvent({ start: at("2024-02-29T23:30:00Z"), end: at("2024-03-01T12:00:00Z") });
  const yearly = { fromYear: 2025, toYear: 2025, on: "date" } as const;
  expect(startsOf(everyYear(leap, { ...yearly, utcOffsetMinutes: 0 }))).toEqual(["2025-02-28T23:30"]);
  expect(startsOf(everyYear(leap, { ...yearly, utcOffsetMinutes: 60 }))).toEqual(["2025-02-28T23:30"]);
  const eve = anEvent({ start: at("2024-12-31T23:30:00Z"), end: at("2025-01-01T12:00:00Z") });
  expect(startsOf(everyYear(eve, { ...yearly, utcOffsetMinutes: 60 }))).toEqual(["2024-12-31T23:30"]);
});

test("no years, no events; endless years are a bug", () => {
  expect(everyYear(season, { fromYear: 2026, toYear: 2025, on: "date", utcOffsetMinutes: 0 })).toEqual([]);
  const endless = { fromYear: 0, toYear: 5000, on: "date", utcOffsetMinutes: 0 } as const;
  expect(() => everyYear(season, endless)).toThrow("at most 200 whole years");
});
