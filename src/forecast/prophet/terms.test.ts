import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { externalEvent } from "../../model/event.ts";
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, timeGrid, WEEK_MS } from "../../model/time.ts";
import { calendarSeasons, PROPHET_CALENDAR } from "./calendar-seasons.ts";
import { EVENT_SETTING, eventTerms } from "./event-terms.ts";
import { knownRows, ticksOf } from "./known-rows.ts";
import { START_MS } from "./prophet.arbitrary.ts";
import { columnsAt, type EventTerm } from "./terms.ts";

const moments = (rows: number, stepMs: number) => ({
  instants: Float64Array.from({ length: rows }, (_, row) => START_MS + row * stepMs),
  tickMs: 0,
});

const campaign = (startMs: number, endMs: number, confidence = 1) =>
  externalEvent({
    id: `${startMs}`,
    kind: "campaign",
    name: "sale",
    start: instant(startMs),
    end: instant(endMs),
    announced: instant(0),
    confidence,
  });

test("a season is sine and cosine of its whole turns since 1970", () => {
  const term = { kind: "season", name: "w", periodMs: WEEK_MS, order: 12, mode: "additive", priorScale: 1 } as const;
  const at = moments(50, 3 * HOUR_MS);
  const columns = columnsAt([term], at);
  at.instants.forEach((time, row) => {
    for (let order = 1; order <= 12; order++) {
      const angle = (2 * Math.PI * order * (time % WEEK_MS)) / WEEK_MS;
      expect(columns[row * 24 + 2 * (order - 1)]).toBeCloseTo(Math.sin(angle), 10);
      expect(columns[row * 24 + 2 * (order - 1) + 1]).toBeCloseTo(Math.cos(angle), 10);
    }
  });
});

describe("events", () => {
  test("at instants they are on from their start up to, and without, their end", () => {
    const [term] = eventTerms([campaign(START_MS + 2 * HOUR_MS, START_MS + 4 * HOUR_MS)], EVENT_SETTING);
    expect([...columnsAt([term as EventTerm], moments(6, HOUR_MS))]).toEqual([0, 0, 1, 1, 0, 0]);
  });

  test("over ticks their shares add up to their length, wherever they start", () => {
    const tickMs = 30 * MINUTE_MS;
    const ticks = ticksOf(timeGrid({ startMs: START_MS, stepMs: tickMs, length: 0 }), { from: 0, count: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 * tickMs }), fc.integer({ min: 1, max: DAY_MS }), (from, length) => {
        const event = campaign(START_MS + from, START_MS + from + length, 0.5);
        const sum = columnsAt(eventTerms([event], EVENT_SETTING), ticks).reduce((all, share) => all + share, 0);
        expect(sum * tickMs).toBeCloseTo(length / 2, 3);
      }),
      { seed: 1 },
    );
  });

  test("those of one kind and name share a term, a new one for each day since their start", () => {
    const events = [
      campaign(START_MS, START_MS + 2.5 * DAY_MS),
      campaign(START_MS + WEEK_MS, START_MS + WEEK_MS + HOUR_MS),
    ];
    const terms = eventTerms(events, EVENT_SETTING);
    expect(terms.map(({ name, spans }) => [name, spans.length])).toEqual([
      ["campaign/sale", 2],
      ["campaign/sale+1", 1],
      ["campaign/sale+2", 1],
    ]);
    expect(terms[2]?.spans).toEqual([{ startMs: START_MS + 2 * DAY_MS, endMs: START_MS + 2.5 * DAY_MS, weight: 1 }]);
  });

  test("a window reaches before and after, and the last phase takes the rest", () => {
    const setting = { ...EVENT_SETTING, phaseMs: HOUR_MS, phasesMax: 2, beforeMs: HOUR_MS, afterMs: 2 * HOUR_MS };
    const spans = eventTerms([campaign(START_MS, START_MS + HOUR_MS)], setting).map((term) => term.spans[0]);
    expect(spans.map((span) => [(span?.startMs ?? 0) - START_MS, (span?.endMs ?? 0) - START_MS])).toEqual([
      [-HOUR_MS, 0],
      [0, 3 * HOUR_MS],
    ]);
  });
});

describe("seasons of the calendar", () => {
  const names = (rows: number, stepMs: number, turnsLeast = 2): string[] =>
    calendarSeasons(moments(rows, stepMs), { ...PROPHET_CALENDAR, turnsLeast }).map(({ name }) => name);

  test.each([
    ["two days of hours", 48, HOUR_MS, ["daily"]],
    ["a day and a half", 36, HOUR_MS, []],
    ["two weeks of 5 min", 4032, 5 * MINUTE_MS, ["weekly", "daily"]],
    ["the same, 5 min short", 4031, 5 * MINUTE_MS, ["weekly", "daily"]],
    ["thirteen days", 13 * 288, 5 * MINUTE_MS, ["daily"]],
    ["days of two years", 731, DAY_MS, ["yearly", "weekly"]],
    ["weeks of two years", 105, WEEK_MS, ["yearly"]],
  ] as const)("%s", (_, rows, stepMs, expected) => {
    expect(names(rows, stepMs)).toEqual(expected);
  });

  test("four weeks less ten minutes are four weeks, where four turns are asked for", () => {
    expect(names(1343, 30 * MINUTE_MS, 4)).toEqual(["weekly", "daily"]);
  });
});

test("rows are means of the known ticks of each step from the end on, and gaps have none", () => {
  const grid = timeGrid({ startMs: START_MS, stepMs: 10 * MINUTE_MS, length: 10 });
  const unknown = Number.NaN;
  const values = Float64Array.of(99, 1, 2, 3, unknown, unknown, unknown, 4, unknown, 8);
  const rows = knownRows({ grid, values }, 30 * MINUTE_MS);
  expect([...rows.values]).toEqual([2, 6]);
  expect([...rows.moments.instants].map((at) => (at - START_MS) / MINUTE_MS)).toEqual([25, 85]);
});
