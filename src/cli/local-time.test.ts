import { expect, test } from "vitest";
import { iso } from "../model/time.ts";
import { ageOf, clockIn, minuteIn, momentIn, typedInstant, zoneNote } from "./local-time.ts";

const ZONE = "Europe/Berlin";
const WINTER = "2026-01-15T23:30:00.000Z";

test("times are shown in the zone, and the zone is said", () => {
  expect(minuteIn(ZONE, WINTER)).toBe("2026-01-16 00:30");
  expect(clockIn(ZONE, WINTER)).toBe("00:30:00 CET");
  expect(momentIn(ZONE, "2026-07-15T10:00:00Z")).toBe("2026-07-15 12:00 CEST");
  expect(zoneNote(ZONE, WINTER)).toBe("Times in Europe/Berlin (CET).");
  expect(zoneNote("UTC", WINTER)).toBe("Times in UTC.");
});

const NOW = Date.parse("2026-03-28T20:00:00Z");
const instantAt = (typed: string, direction: "past" | "coming" = "past") => {
  const at = typedInstant(typed, { zone: ZONE, now: NOW, direction });
  return at === undefined ? undefined : iso(at);
};

test.each([
  ["14:05", "2026-03-28T13:05:00.000Z"],
  ["22:00", "2026-03-27T21:00:00.000Z"],
  ["14:05:30", "2026-03-28T13:05:30.000Z"],
  ["2026-03-28 14:05", "2026-03-28T13:05:00.000Z"],
  ["2026-03-28", "2026-03-27T23:00:00.000Z"],
  ["2026-03-29T04:00", "2026-03-29T02:00:00.000Z"],
  ["2026-03-29T01:30", "2026-03-29T00:30:00.000Z"],
  ["2026-03-28T14:05:00Z", "2026-03-28T14:05:00.000Z"],
  ["2026-03-28T14:05:00+05:30", "2026-03-28T08:35:00.000Z"],
  ["25:00", undefined],
  ["2026-02-31", undefined],
  ["yesterday", undefined],
])("%s, typed in Berlin, is %s", (typed, at) => {
  expect(instantAt(typed)).toBe(at);
});

test("an hour of something coming is the next one, also over the change to summer time", () => {
  expect(instantAt("21:05", "coming")).toBe("2026-03-28T20:05:00.000Z");
  expect(instantAt("20:30", "coming")).toBe("2026-03-29T18:30:00.000Z");
});

test("ages are as precise as they are of use", () => {
  const seconds = [0, 40, 119, 600, 7_300, 200_000];
  expect(seconds.map((each) => ageOf(each * 1_000))).toEqual(["0 s", "40 s", "119 s", "10 min", "2 h", "2 days"]);
});
