import { expect, test } from "vitest";
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import { type ExternalEvent, externalEvent } from "../../model/event.ts";
import { DAY_MS, HOUR_MS, instant, timeGrid } from "../../model/time.ts";
import { eventsAhead } from "./tell-events.ts";

const START_MS = Date.UTC(2026, 2, 2);
const DAYS = 40;

function sale(day: number, name = "sale"): ExternalEvent {
  const start = instant(START_MS + day * DAY_MS + 9 * HOUR_MS);
  const end = instant(start + 6 * HOUR_MS);
  return externalEvent({ id: `${name}${day}`, kind: "campaign", name, start, end, announced: instant(0) });
}

/** Twice the usual while a sale is on. */
function shop(events: readonly ExternalEvent[]): KnownSeries {
  const grid = timeGrid({ startMs: START_MS, stepMs: HOUR_MS, length: DAYS * 24 });
  const values = Float64Array.from({ length: grid.length }, (_, tick) => {
    const at = START_MS + tick * HOUR_MS;
    return events.some(({ start, end }) => at >= start && at < end) ? 200 : 100;
  });
  return { grid, values, events };
}

const until = (days: number) => instant(START_MS + (DAYS + days) * DAY_MS);

test("an event ahead is told with what its like did before", () => {
  const events = [5, 11, 18, 26, 33, DAYS].map((day) => sale(day));
  const told = eventsAhead(shop(events), until(1));
  expect(told).toMatchObject([{ kind: "campaign", name: "sale", start: "2026-04-11T09:00:00.000Z" }]);
  expect(told[0]?.effect).toMatch(/^"sale": \+(8|9)\d % demand for 6 h .*; learned from 5 events of this name\.$/);
  expect(eventsAhead({ ...shop(events), resource: "network" }, until(1))[0]?.effect).toContain("% network for 6 h");
});

test("what was never seen is called a guess; what is over or too far is not told", () => {
  const events = [sale(10), sale(DAYS, "opening"), sale(DAYS + 3)];
  const told = eventsAhead(shop(events), until(1));
  expect(told.map(({ name }) => name)).toEqual(["opening"]);
  expect(eventsAhead(shop([sale(10)]), until(1))).toEqual([]);
  expect(eventsAhead(shop([sale(DAYS, "opening")]), until(1))[0]?.effect).toContain("a guess");
});
