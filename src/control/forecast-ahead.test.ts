import { expect, test, vi } from "vitest";
import type { VmId } from "../model/fleet.ts";
import { LEVEL_COUNT, levelIndex } from "../model/forecast.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { HOUR_MS } from "../model/time.ts";
import { forecastAhead } from "./forecast-ahead.ts";
import { campaign, runWorld, START, STEP_MS } from "./signals/announced-world.arbitrary.ts";

vi.setConfig({ testTimeout: 30_000 });

const MEDIAN = levelIndex(0.5);
const HOUR = HOUR_MS / STEP_MS;
/** On the fourth day from 6 to 10. */
const SALE = campaign({ days: 3.25, hours: 4 }, { declaredUplift: 2 });
const [OUR_CPU, THEIR_CPU] = [0, RESOURCE_COUNT];

const medians = (rows: Float64Array) =>
  Array.from({ length: rows.length / LEVEL_COUNT }, (_, window) => rows[window * LEVEL_COUNT + MEDIAN] as number);

test("the hours of an event are lifted for whom it touches, the others and those of others stay as they were", async () => {
  const [told, calm] = await Promise.all(
    [[SALE], []].map((events) => runWorld({ days: 3, happens: [], declared: () => ({ events }) })),
  );
  if (told === undefined || calm === undefined) throw new Error("both worlds were run");
  const lift = (series: number) => {
    const before = medians(forecastAhead(calm.cell, series).rows);
    return medians(forecastAhead(told.cell, series).rows).map((value, window) => value / (before[window] as number));
  };
  const [half, ...hours] = lift(OUR_CPU);
  expect(half).toBe(1);
  expect(hours.slice(0, 3)).toEqual([1, 1, 1]);
  for (const hour of hours.slice(6, 10)) {
    // What is declared is not believed whole.
    expect(hour).toBeGreaterThan(1.6);
    expect(hour).toBeLessThan(2);
  }
  expect(new Set(lift(THEIR_CPU))).toEqual(new Set([1]));
});

test("windows and units: half an hour first, then 24 hours from the end of the last tick", async () => {
  const { cell } = await runWorld({ days: 2, happens: [] });
  const { origin, windows, rows } = forecastAhead(cell, OUR_CPU);
  expect(origin).toBe(cell.state.at);
  expect(windows).toEqual([{ from: 0, ticks: HOUR / 2 }, ...hours]);
  // Demand waves between 0.5 and 2.5 cores, lowest at 18:00 UTC.
  const [, ...peaks] = medians(rows);
  expect(peaks.indexOf(Math.max(...peaks))).toBeGreaterThanOrEqual(4);
  expect(peaks.indexOf(Math.max(...peaks))).toBeLessThanOrEqual(7);
  expect(Math.max(...peaks)).toBeGreaterThan(2);
  expect(Math.min(...peaks)).toBeLessThan(1);
});

const hours = Array.from({ length: 24 }, (_, index) => ({ from: index * HOUR, ticks: HOUR }));

test("before the first sample the hours are what the profile says", async () => {
  const typical = Float64Array.from({ length: 168 }, (_, hour) => (hour % 24 < 12 ? 4 : 1));
  const cpu = { typical, peak: new Float64Array(168).fill(8) };
  const profiles = new Map([["ours-web-0" as VmId, { ...DECLARED, demand: { cpu } }]]);
  const { cell } = await runWorld({
    days: STEP_MS / (24 * HOUR_MS),
    happens: [],
    declared: () => ({ profiles }),
    isSilent: () => true,
  });
  const [, ...peaks] = medians(forecastAhead(cell, OUR_CPU).rows);
  expect(peaks[2]).toBeGreaterThan(2 * (peaks[18] as number));
  expect(medians(forecastAhead(cell, THEIR_CPU).rows).every(Number.isNaN)).toBe(true);
});

const DECLARED: WorkloadProfile = {
  declaredAt: START,
  scaling: "vertical",
  utcOffsetMinutes: 0,
  demand: {},
  growthPerMonth: 0,
  plannedChanges: [],
};
