import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { seasonTicks } from "../season-ticks.ts";
import { groupOf, lessonWindows } from "./lesson-windows.ts";

const FINE = 5 * MINUTE_MS;

test("a day of 5-min ticks: each tick of the half hour, its peak, a tick and a peak in every hour", () => {
  const windows = lessonWindows(FINE, 288);
  expect(windows.slice(0, 7)).toEqual([
    ...[0, 1, 2, 3, 4, 5].map((from) => ({ from, ticks: 1 })),
    { from: 0, ticks: 6 },
  ]);
  expect(windows).toHaveLength(7 + 24 + 24);
  for (const { from, ticks } of windows) expect(from + ticks).toBeLessThanOrEqual(288);
  for (const { from, ticks } of windows) if (ticks === 12) expect(from % 12).toBe(0);
});

test("hours and days have steps only", () => {
  for (const stepMs of [HOUR_MS, DAY_MS])
    expect(lessonWindows(stepMs, 24).every(({ ticks }) => ticks === 1)).toBe(true);
});

test("every window that can be asked has a group that lessons are taken in", () => {
  for (const [stepMs, horizon] of [
    [FINE, 288],
    [HOUR_MS, 24],
    [DAY_MS, 30],
  ] as const) {
    const season = seasonTicks(stepMs);
    const taught = new Set(lessonWindows(stepMs, horizon).map((window) => groupOf(window, season)));
    for (let from = 0; from < horizon; from++) expect(taught).toContain(groupOf({ from, ticks: 1 }, season));
  }
});
