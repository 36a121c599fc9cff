import { expect, test } from "vitest";
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import { declaredDemand, HOURS_A_WEEK, type WorkloadProfile } from "../../model/profile.ts";
import { HOUR_MS, instant, timeGrid } from "../../model/time.ts";
import { blendProfile, profileShareOf } from "./blend-profile.ts";
import { groundOf } from "./ground.ts";

const START_MS = Date.UTC(2026, 2, 2);
const MEDIAN = levelIndex(0.5);
const NEXT = [{ from: 0, ticks: 1 }];
const PROFILE: WorkloadProfile = {
  scaling: "vertical",
  utcOffsetMinutes: 0,
  demand: {
    cpu: declaredDemand({
      typical: new Float64Array(HOURS_A_WEEK).fill(4),
      peak: new Float64Array(HOURS_A_WEEK).fill(8),
    }),
  },
  growthPerMonth: 0,
  declaredAt: instant(START_MS),
  plannedChanges: [],
};

function known(values: readonly number[], changes: Partial<KnownSeries> = {}): KnownSeries {
  const grid = timeGrid({ startMs: START_MS, stepMs: HOUR_MS, length: values.length });
  return { grid, values: Float64Array.from(values), events: [], resource: "cpu", profile: PROFILE, ...changes };
}

const blended = (one: KnownSeries, said: number) => {
  const rows = new Float64Array(LEVEL_COUNT).fill(said);
  blendProfile(rows, one, NEXT);
  return rows;
};

test("the profile goes from alone to nothing as samples come", () => {
  const hours = (count: number) => known(new Array(count).fill(1));
  const shares = [1, 7, 16, 24, 168].map((count) => profileShareOf(hours(count)));
  expect(shares).toEqual([16 / 17, 16 / 23, 0.5, 0.4, 0]);
  const medians = [1, 7, 24, 168].map((count) => blended(hours(count), 1)[MEDIAN] ?? 0);
  expect(medians[0]).toBeGreaterThan(3);
  for (const [index, median] of medians.entries()) expect(median).toBeLessThanOrEqual(medians[index - 1] ?? 4);
  expect(medians.at(-1)).toBe(1);
});

test("about what the samples leave open the profile speaks alone", () => {
  const rows = blended(known(new Array(200).fill(1)), Number.NaN);
  expect(rows[MEDIAN]).toBeCloseTo(4, 6);
});

test("without a profile, or with one of another resource, nothing changes", () => {
  const one = known([1, 1]);
  const { profile, ...without } = one;
  for (const each of [without, { ...one, resource: "memory" as const }]) {
    expect(blended(each, 1)).toEqual(new Float64Array(LEVEL_COUNT).fill(1));
    expect(profileShareOf(each)).toBe(0);
  }
});

test("what it rests on is told in a sentence", () => {
  expect(groundOf(known(new Array(7).fill(1)), false)).toMatchObject({
    hours: 7,
    missing: 0,
    sentence: "7 h of history; profile 70 %, samples 30 %.",
  });
  const gaps = [...new Array(400).fill(1), Number.NaN, 1, Number.NaN, Number.NaN];
  expect(groundOf(known(gaps), false)).toMatchObject({
    ticks: 404,
    missing: 3,
    hoursSinceSample: 2,
    profileShare: 0,
    sentence: "16 days of history, 3 samples missing, none for 2 h.",
  });
  expect(groundOf(known([1]), true).sentence).toBe("1 h of history; profile 100 %, samples 0 %.");
});
