import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, timeGrid } from "../../model/time.ts";
import { campaign, MONDAY_MS } from "./demand-series.arbitrary.ts";
import { eventColumns } from "./event-columns.ts";

const grid = timeGrid({ startMs: MONDAY_MS, stepMs: HOUR_MS, length: 48 });
const startMs = MONDAY_MS + 2.5 * HOUR_MS;

test("a tick has the share that the event covers, on the grid and beyond it", () => {
  const [column] = eventColumns(
    [
      campaign({ startMs, endMs: startMs + HOUR_MS }),
      campaign({ startMs: startMs + 4 * DAY_MS, endMs: startMs + 4 * DAY_MS + HOUR_MS }),
    ],
    grid,
  );
  expect([1, 2, 3, 4, 98, 99].map((tick) => column?.at(tick))).toEqual([0, 0.5, 0.5, 0, 0.5, 0.5]);
});

test("each day of an event is a column of its own, from the seventh on one for all", () => {
  const columns = eventColumns(
    [campaign({ startMs: MONDAY_MS, endMs: MONDAY_MS + 10 * DAY_MS, uplift: Math.E })],
    grid,
  );
  expect(columns.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4, 5, 6].map((day) => `campaign sale day ${day}`));
  expect(columns.map(({ declared }) => declared)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect([5, 6, 7, 9, 10].map((day) => columns[6]?.at(day * 24))).toEqual([0, 1, 1, 1, 0]);
});

test("events that overlap do not count twice", () => {
  const [column] = eventColumns(
    [campaign({ startMs, endMs: startMs + 2 * HOUR_MS }), campaign({ startMs, endMs: startMs + 3 * HOUR_MS })],
    grid,
  );
  expect(column?.at(3)).toBe(1);
});
