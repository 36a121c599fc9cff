import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import { campaign, knownSeries, MONDAY_MS, noise, rowOf } from "./demand-series.arbitrary.ts";
import { stl } from "./stl.ts";

const rough = noise(1);
const daily = (tick: number) => 30 + 10 * Math.sin((2 * Math.PI * tick) / 24);
const weekly = (tick: number) => (Math.floor(tick / 24) % 7 >= 5 ? -8 : 0);

test("day and week together: the weekend ahead is known", () => {
  const known = knownSeries({
    stepMs: HOUR_MS,
    length: 6 * 168 + 4 * 24,
    value: (tick) => daily(tick) + weekly(tick) + rough(tick),
  });
  const noons = stl({ scale: "linear", season: "grid" })
    .fit([known])
    .predict(0, [
      { from: 12, ticks: 1 },
      { from: 36, ticks: 1 },
    ]);
  expect(Math.abs((rowOf(noons, 0)[0.5] as number) - daily(12))).toBeLessThan(1.5);
  expect(Math.abs((rowOf(noons, 1)[0.5] as number) - daily(12) + 8)).toBeLessThan(1.5);
  // Noise of standard deviation 1 between the 0.1 and the 0.9 quantile: 2.6, and some for the level.
  const width = (rowOf(noons, 0)[0.9] as number) - (rowOf(noons, 0)[0.1] as number);
  expect(width).toBeGreaterThan(2.3);
  expect(width).toBeLessThan(4);
});

test("events are taken out of the season, and put back where one is announced", () => {
  const days = [3, 8, 13, 17, 22, 26];
  const events = days.map((day) =>
    campaign({ startMs: MONDAY_MS + day * DAY_MS + 9 * HOUR_MS, endMs: MONDAY_MS + day * DAY_MS + 15 * HOUR_MS }),
  );
  const isOn = (tick: number) => days.includes(Math.floor(tick / 24)) && tick % 24 >= 9 && tick % 24 < 15;
  const known = knownSeries({
    stepMs: HOUR_MS,
    length: 26 * 24,
    value: (tick) => daily(tick) + (isOn(tick) ? 20 : 0) + rough(tick),
    events,
  });
  const rows = stl({ scale: "linear", season: "grid" })
    .fit([known])
    .predict(0, [
      { from: 12, ticks: 1 },
      { from: 18, ticks: 1 },
    ]);
  expect(Math.abs((rowOf(rows, 0)[0.5] as number) - daily(12) - 20)).toBeLessThan(3.5);
  expect(Math.abs((rowOf(rows, 1)[0.5] as number) - daily(18))).toBeLessThan(2.5);
});
