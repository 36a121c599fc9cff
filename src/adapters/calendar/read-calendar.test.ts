import { expect, test } from "vitest";
import { type Instant, instant, iso } from "../../model/time.ts";
import { OCCURRENCES_MAX, readCalendar } from "./read-calendar.ts";

const NOW = instant(Date.UTC(2026, 2, 2));

function calendar(...lines: string[]): Uint8Array {
  return new TextEncoder().encode(["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n"));
}

function entry(...lines: string[]): string {
  return ["BEGIN:VEVENT", ...lines, "END:VEVENT"].join("\r\n");
}

function read(bytes: Uint8Array) {
  const reading = readCalendar(bytes, { now: NOW, eventKind: "campaign" });
  if (!reading.ok) throw new Error(reading.error.message);
  const { said, problems } = reading.value;
  const spans = said.map(({ facts }) => (facts ? `${shown(facts.start)} ${shown(facts.end)}` : "called off"));
  return { said, problems, spans };
}

function shown(at: Instant): string {
  return iso(at).slice(0, 16);
}

test("an entry becomes an event, with what it says of kind and uplift", () => {
  const { said } = read(
    calendar(
      entry(
        "UID:1@shop",
        "SUMMARY:Spring <b>sale</b>\\, all shops",
        "DTSTART:20260403T080000Z",
        "DTEND:20260405T220000Z",
        "CREATED:20260201T100000Z",
        "CATEGORIES:SHOP,RELEASE",
        "X-HEADROOM-UPLIFT:1.6",
      ),
    ),
  );
  expect(said).toMatchObject([
    {
      said: "Spring sale , all shops",
      facts: {
        kind: "release",
        name: "Spring sale , all shops",
        start: Date.UTC(2026, 3, 3, 8),
        end: Date.UTC(2026, 3, 5, 22),
        announced: Date.UTC(2026, 1, 1, 10),
        declaredUplift: 1.6,
      },
    },
  ]);
});

test("local times keep their hour when summer time begins", () => {
  const rule = ["UID:1", "SUMMARY:x", "RRULE:FREQ=WEEKLY;COUNT=3", "DURATION:PT2H"];
  const { spans } = read(calendar(entry(...rule, "DTSTART;TZID=Europe/Berlin:20260322T200000")));
  expect(spans).toEqual([
    "2026-03-22T19:00 2026-03-22T21:00",
    "2026-03-29T18:00 2026-03-29T20:00",
    "2026-04-05T18:00 2026-04-05T20:00",
  ]);
});

test("a zone that a calendar brings along is used where nobody else knows it", () => {
  const zone = [
    "BEGIN:VTIMEZONE",
    "TZID:Office",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0530",
    "TZOFFSETTO:+0530",
    "END:STANDARD",
    "END:VTIMEZONE",
  ].join("\r\n");
  const { spans } = read(calendar(zone, entry("UID:1", "DTSTART;TZID=Office:20260403T080000", "DURATION:PT1H")));
  expect(spans).toEqual(["2026-04-03T02:30 2026-04-03T03:30"]);
});

test("a time without a zone is in the calendar's own; a date is the whole day there", () => {
  const { spans } = read(
    calendar(
      "X-WR-TIMEZONE:America/New_York",
      entry("UID:1", "DTSTART:20260403T080000", "DURATION:PT1H"),
      entry("UID:2", "DTSTART;VALUE=DATE:20260404"),
      entry("UID:3", "DTSTART;VALUE=DATE:20260307", "DTEND;VALUE=DATE:20260309"),
    ),
  );
  expect(spans).toEqual([
    "2026-03-07T05:00 2026-03-09T04:00",
    "2026-04-03T12:00 2026-04-03T13:00",
    "2026-04-04T04:00 2026-04-05T04:00",
  ]);
});

test("times that are left out, added, moved and called off", () => {
  const { said, spans } = read(
    calendar(
      entry(
        "UID:1",
        "SUMMARY:match",
        "DTSTART:20260403T180000Z",
        "DURATION:PT2H",
        "RRULE:FREQ=DAILY;UNTIL=20260407T180000Z",
        "EXDATE:20260404T180000Z",
        "RDATE:20260420T180000Z",
      ),
      entry(
        "UID:1",
        "RECURRENCE-ID:20260405T180000Z",
        "SUMMARY:late match",
        "DTSTART:20260405T200000Z",
        "DURATION:PT3H",
      ),
      entry("UID:1", "RECURRENCE-ID:20260406T180000Z", "STATUS:CANCELLED", "DTSTART:20260406T180000Z", "DURATION:PT2H"),
    ),
  );
  expect(spans.toSorted()).toEqual([
    "2026-04-03T18:00 2026-04-03T20:00",
    "2026-04-05T20:00 2026-04-05T23:00",
    "2026-04-07T18:00 2026-04-07T20:00",
    "2026-04-20T18:00 2026-04-20T20:00",
    "called off",
  ]);
  expect(new Set(said.map(({ item }) => item)).size).toBe(5);
});

test("of two versions the one with the higher sequence stands, whatever their order", () => {
  const [old, young] = [
    entry("UID:1", "SEQUENCE:1", "DTSTART:20260403T080000Z", "DURATION:PT1H"),
    entry("UID:1", "SEQUENCE:2", "DTSTART:20260403T090000Z", "DURATION:PT1H"),
  ];
  for (const versions of [
    [old, young],
    [young, old],
  ])
    expect(read(calendar(...versions)).spans).toEqual(["2026-04-03T09:00 2026-04-03T10:00"]);
});

test("a calendar that cancels, and an entry that is cancelled, call off", () => {
  const one = entry("UID:1", "DTSTART:20260403T080000Z", "DURATION:PT1H");
  expect(read(calendar("METHOD:CANCEL", one)).spans).toEqual(["called off"]);
  const other = entry("UID:1", "STATUS:CANCELLED", "DTSTART:20260403T080000Z", "DURATION:PT1H");
  expect(read(calendar(other)).spans).toEqual(["called off"]);
});

test.each([
  ["FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["2026-03-27", "2026-04-24"]],
  ["FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=1", ["2026-11-26"]],
  ["FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["2026-03-31", "2026-05-31"]],
  ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=3", ["2026-03-04", "2026-03-16", "2026-03-18"]],
  ["FREQ=DAILY;UNTIL=20260305", ["2026-03-04", "2026-03-05"]],
])("%s", (rule, days) => {
  const { spans } = read(calendar(entry("UID:1", "DTSTART:20260303T080000Z", "DURATION:PT1H", `RRULE:${rule}`)));
  expect(
    spans
      .map((span) => span.slice(0, 10))
      .filter((day) => day !== "2026-03-03")
      .slice(0, days.length),
  ).toEqual(days);
});

test.each([
  "FREQ=SECONDLY",
  "FREQ=MINUTELY;INTERVAL=5",
  "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4",
  "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
  "FREQ=DAILY;INTERVAL=99999999999",
])("%s ends, and the entry itself is kept", (rule) => {
  const { spans, problems } = read(
    calendar(entry("UID:1", "SUMMARY:bomb", "DTSTART:20260303T080000Z", "DURATION:PT1H", `RRULE:${rule}`)),
  );
  expect(spans[0]).toBe("2026-03-03T08:00 2026-03-03T09:00");
  expect(problems).toEqual([expect.stringMatching(/^"bomb" is not repeated further: .*\.$/)]);
});

test("30 February never comes, and 29 February every four years", () => {
  const yearly = (start: string, rule: string) =>
    read(calendar(entry("UID:1", `DTSTART:${start}`, "DURATION:PT1H", `RRULE:${rule}`))).spans;
  expect(yearly("20240229T080000Z", "FREQ=YEARLY")).toEqual([]);
  expect(yearly("20260303T080000Z", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")).toEqual([
    "2026-03-03T08:00 2026-03-03T09:00",
  ]);
});

test("more events than are kept: those nearest to now stay", () => {
  const { said, problems } = read(
    calendar(entry("UID:1", "DTSTART:20260101T000000Z", "DURATION:PT1H", "RRULE:FREQ=HOURLY;COUNT=9000")),
  );
  expect(said.length).toBe(OCCURRENCES_MAX);
  expect(problems.length).toBe(1);
  const starts = said.map(({ facts }) => facts?.start ?? 0);
  expect(Math.min(...starts)).toBeGreaterThan(NOW - 50 * 86_400_000);
});

test.each(["", "<html>", "BEGIN:VCARD\r\nEND:VCARD", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "\u0000\u0001"])(
  "%j is no calendar",
  (text) => {
    const reading = readCalendar(new TextEncoder().encode(text), { now: NOW, eventKind: "campaign" });
    expect(reading).toMatchObject({ ok: false, error: { kind: "bad-input" } });
  },
);

test("entries that say nonsense are left out and told, the others stay", () => {
  const { spans, problems } = read(
    calendar(
      entry("UID:1", "SUMMARY:good", "DTSTART:20260403T080000Z", "DURATION:PT1H"),
      entry("UID:2", "SUMMARY:no time"),
      entry("UID:3", "SUMMARY:backwards", "DTSTART:20260403T080000Z", "DTEND:20260402T080000Z"),
      entry("UID:4", "SUMMARY:endless", "DTSTART:20260403T080000Z", "DTEND:20290402T080000Z"),
    ),
  );
  expect(spans).toEqual(["2026-04-03T08:00 2026-04-03T09:00"]);
  expect(problems.length).toBe(3);
});
