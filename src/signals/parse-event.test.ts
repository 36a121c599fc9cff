import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUR_MS, instant, iso } from "../model/time.ts";
import { eventFromRecord, KNOWN_ALL_ALONG, parseEvent, parseEvents } from "./parse-event.ts";
import { anEvent, hoursLater } from "./signals.arbitrary.ts";

const NOW = instant(Date.parse("2026-06-01T12:00:00Z"));
const FILE = { where: "event", announcedUnlessSaid: KNOWN_ALL_ALONG };
const POSTED = { where: "event", announcedUnlessSaid: NOW };

const GOOD = { name: "Spring sale", start: "2026-06-03T08:00:00Z", end: "2026-06-03T10:00:00+02:00" };

function parsed(value: unknown, origin = FILE) {
  const event = parseEvent(value, origin);
  if (!event.ok) throw new Error(event.error.message);
  return event.value;
}

function messageOf(value: unknown) {
  const event = parseEvent(value, FILE);
  return event.ok ? "it worked" : event.error.message;
}

test("little is needed", () => {
  expect(parsed({ ...GOOD, end: "2026-06-03T11:00:00+02:00" })).toEqual({
    id: "campaign:spring-sale:2026-06-03T08:00:00.000Z",
    kind: "campaign",
    name: "Spring sale",
    start: Date.parse("2026-06-03T08:00:00Z"),
    end: Date.parse("2026-06-03T09:00:00Z"),
    announced: 0,
  });
});

test("everything can be said, and comes back as it was", () => {
  const event = anEvent({
    kind: "news",
    announced: hoursLater(9),
    declaredUplift: 2.5,
    confidence: 0.5,
    customers: ["mossbank" as never],
    halfLifeMs: (2 * HOUR_MS) as never,
  });
  expect(parsed(JSON.parse(JSON.stringify(event)))).toEqual(event);
  expect(parsed({ ...event, start: iso(event.start), end: iso(event.end) })).toEqual(event);
});

describe("when it was known", () => {
  const news = { ...GOOD, end: undefined, kind: "news" };

  test("what is posted is known from now on, what is in a calendar was always known", () => {
    expect(parsed({ ...GOOD, end: "2026-06-04" }, POSTED).announced).toBe(NOW);
    expect(parsed({ ...GOOD, end: "2026-06-04", announced: "2026-05-01" }, POSTED).announced).toBe(
      Date.parse("2026-05-01T00:00:00Z"),
    );
  });

  test("news breaks when it starts, or when it is posted later", () => {
    expect(parsed(news).announced).toBe(Date.parse(GOOD.start));
    expect(parsed({ ...news, start: "2026-06-01T09:00:00Z" }, POSTED).announced).toBe(NOW);
  });

  test("news without an end lasts for four half-lives", () => {
    const { start, end } = parsed({ ...news, halfLifeMs: HOUR_MS });
    expect(end - start).toBe(4 * HOUR_MS);
    expect(parsed(news).end - start).toBe(24 * HOUR_MS);
  });
});

test.each([
  [undefined, "event: expected an object with id, kind, name, start, end"],
  [
    [],
    "event: expected an object with id, kind, name, start, end, announced, declaredUplift, confidence, customers, halfLifeMs, got a list of 0.",
  ],
  [{ ...GOOD, uplift: 2 }, 'event: there is no field "uplift"; use id, kind, name'],
  [{ ...GOOD, name: undefined }, "event.name: expected name: it must be given, got nothing."],
  [{ ...GOOD, name: " " }, 'event.name: expected 1 to 120 characters of text, got " ".'],
  [{ ...GOOD, name: "x".repeat(121) }, "event.name: expected 1 to 120 characters of text"],
  [{ ...GOOD, kind: "sale" }, 'event.kind: expected one of campaign, release, holiday, season, news, got "sale".'],
  [
    { ...GOOD, start: "2026-06-03T08:00:00" },
    'event.start: expected a time such as "2026-11-27T08:00:00Z" (with Z or an offset)',
  ],
  [{ ...GOOD, start: "2026-02-30" }, 'got "2026-02-30".'],
  [{ ...GOOD, start: "2026-02-01T25:00:00Z" }, 'got "2026-02-01T25:00:00Z".'],
  [{ ...GOOD, start: 1_780_000_000 }, "milliseconds since 1970 (1980 to 2200), got 1780000000."],
  [{ ...GOOD, start: Number.NaN }, "event.start: expected a time"],
  [{ ...GOOD, end: undefined }, "event.end: expected end: it must be given, got nothing."],
  [{ ...GOOD, end: GOOD.start }, "event.end: expected a time after the start (2026-06-03T08:00:00.000Z), got"],
  [{ ...GOOD, end: "2028-06-03" }, "event.end: expected a time at most 366 days after the start"],
  [
    { ...GOOD, end: "2026-06-04", declaredUplift: 0 },
    "event.declaredUplift: expected a factor from 0.01 to 100, got 0.",
  ],
  [{ ...GOOD, end: "2026-06-04", declaredUplift: "2" }, 'got "2".'],
  [{ ...GOOD, end: "2026-06-04", confidence: 1.1 }, "event.confidence: expected a share from 0 to 1, got 1.1."],
  [{ ...GOOD, end: "2026-06-04", customers: [] }, "event.customers: expected a list of 1 to 10000 customer ids"],
  [{ ...GOOD, end: "2026-06-04", customers: ["a b"] }, "leave it out if the event touches everybody, got a list of 1."],
  [{ ...GOOD, end: "2026-06-04", id: "<b>" }, 'event.id: expected letters, digits, dots, colons or dashes, got "<b>".'],
  [{ ...GOOD, end: "2026-06-04", halfLifeMs: 1e6 }, "event.halfLifeMs: expected nothing: only news fades"],
])("what is wrong is said with its field (%#)", (value, message) => {
  expect(messageOf(value)).toContain(message);
});

describe("rows of a table", () => {
  const row = { name: "Fair", start: "2026-06-03T08:00:00Z", end: "2026-06-04" };
  const upliftOf = (uplift: string) => {
    const event = eventFromRecord({ ...row, uplift }, FILE);
    return event.ok ? event.value.declaredUplift : event.error.message;
  };

  test("empty cells count as left out", () => {
    const event = eventFromRecord({ ...row, kind: "", announced: "", uplift: "" }, FILE);
    expect(event).toEqual({ ok: true, value: parsed(row) });
  });

  test("an uplift is a factor or a change in per cent", () => {
    expect([upliftOf("1.4"), upliftOf("+40 %"), upliftOf("-60%"), upliftOf(" 3 ")]).toEqual([1.4, 1.4, 0.4, 3]);
  });

  test.each([
    ["40 %", 'event.uplift: expected a factor such as 1.4 or "+40 %", got "40 %".'],
    ["lots", 'got "lots".'],
    ["-100 %", "event.declaredUplift: expected a factor from 0.01 to 100, got 0."],
  ])("but not %s", (uplift, message) => {
    expect(upliftOf(uplift)).toContain(message);
  });

  test("a fault is told with the row", () => {
    const event = eventFromRecord({ ...row, kind: "party" }, { ...FILE, where: "events.csv, line 3" });
    expect(event).toMatchObject({ ok: false, error: { kind: "bad-input" } });
    expect(!event.ok && event.error.message).toContain("events.csv, line 3.kind: expected one of");
  });
});

describe("lists", () => {
  test("of events with ids of their own", () => {
    const list = [
      { ...GOOD, end: "2026-06-04" },
      { ...GOOD, end: "2026-06-04", name: "Fair" },
    ];
    expect(parseEvents(list, FILE)).toMatchObject({ ok: true, value: [{ name: "Spring sale" }, { name: "Fair" }] });
  });

  test.each([
    [{}, "event: expected a list of at most 100000 events, got an object."],
    [
      [
        { ...GOOD, end: "2026-06-04" },
        { ...GOOD, end: "2026-06-05" },
      ],
      'event[1].id: "campaign:spring-sale:2026-06-03T08:00:00..." is used twice; give each its own.',
    ],
    [[{ ...GOOD, end: "2026-06-04" }, null], "event[1]: expected an object"],
  ])("or what is wrong with which (%#)", (list, message) => {
    const events = parseEvents(list, FILE);
    expect(!events.ok && events.error.message).toContain(message);
  });
});

test("garbage is refused in a short sentence, and never throws", () => {
  const cell = fc.oneof(fc.anything(), fc.constantFrom(GOOD.start, "news", 0.5, 1.8e12));
  const almost = fc.record(
    Object.fromEntries(
      [
        "id",
        "kind",
        "name",
        "start",
        "end",
        "announced",
        "declaredUplift",
        "confidence",
        "customers",
        "halfLifeMs",
      ].map((field) => [field, cell]),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.anything(), almost), (value) => {
      const event = parseEvent(value, FILE);
      if (event.ok) expect(event.value.end).toBeGreaterThan(event.value.start);
      else expect(event.error.message.length).toBeLessThan(300);
    }),
    { seed: 1, numRuns: 2000 },
  );
  const text = fc.oneof(fc.string(), fc.constantFrom("", "1.5", "2026-06-03", "+10 %", "holiday"));
  fc.assert(
    fc.property(
      fc.record({ name: text, start: text, end: text, kind: text, announced: text, uplift: text }),
      (record) => {
        expect(typeof eventFromRecord(record, FILE).ok).toBe("boolean");
      },
    ),
    { seed: 1, numRuns: 1000 },
  );
});
