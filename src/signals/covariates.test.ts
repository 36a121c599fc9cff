import { describe, expect, test } from "vitest";
import { HOUR_MS, instant, MINUTE_MS } from "../model/time.ts";
import {
  COVARIATE_COUNT,
  COVARIATE_NAMES,
  EVENT_COVARIATES,
  fillCovariates,
  PROFILE_COVARIATES,
  type SeriesSignals,
  type Ticks,
} from "./covariates.ts";
import { eventCalendar } from "./event-calendar.ts";
import { EVENT_PHASES } from "./event-phases.ts";
import { anEvent, aProfile, hoursLater, MONDAY } from "./signals.arbitrary.ts";

const NONE: SeriesSignals = { calendar: eventCalendar([]), resource: "cpu", scale: 1 };

/** One tick of half a minute around each hour. */
function rowsAt(hours: readonly number[], signals: Partial<SeriesSignals>, ticks: Partial<Ticks> = {}) {
  return hours.map((hour) => {
    const into = new Float32Array(COVARIATE_COUNT + 1).fill(9);
    const from = instant(hoursLater(hour) - MINUTE_MS / 4);
    fillCovariates({ ...NONE, ...signals }, { from, stepMs: MINUTE_MS / 2, count: 1, origin: MONDAY, ...ticks }, into);
    expect(into[COVARIATE_COUNT], "what lies behind the rows is left alone").toBe(9);
    return Object.fromEntries(COVARIATE_NAMES.map((name, index) => [name, into[index]]));
  });
}

test("names are many, distinct, and in the order of the parts", () => {
  expect(new Set(COVARIATE_NAMES).size).toBe(COVARIATE_COUNT);
  expect(COVARIATE_NAMES).toEqual([...EVENT_COVARIATES, ...PROFILE_COVARIATES]);
  expect(COVARIATE_COUNT).toBe(5 * 7 + 3 + 6);
});

test("where nothing is known there is nothing but zeros, whatever was there before", () => {
  const into = new Float32Array(3 * COVARIATE_COUNT).fill(7);
  fillCovariates(NONE, { from: MONDAY, stepMs: HOUR_MS, count: 3, origin: MONDAY }, into);
  expect(into.every((value) => value === 0)).toBe(true);
});

describe("a campaign from 8 to 12 that doubles demand for sure, perhaps", () => {
  const calendar = eventCalendar([anEvent({ declaredUplift: 2, confidence: 0.8 })]);
  const [far, before, begin, last, after] = rowsAt([-41, 7, 8, 11, 13], { calendar });

  test("is out of sight two days before", () => {
    expect(Object.values(far ?? {}).every((value) => value === 0)).toBe(true);
  });

  test("comes nearer, lasts and goes", () => {
    expect(before).toMatchObject({ "campaign-active": 0, "campaign-since-start": 0, "campaign-to-end": 0 });
    expect(before?.["campaign-to-start"]).toBeCloseTo(1 - Math.log(2) / Math.log(49), 6);
    expect(begin).toMatchObject({ "campaign-active": 1, "campaign-since-start": 1, "campaign-to-start": 0 });
    expect(last?.["campaign-to-end"]).toBeCloseTo(1 - Math.log(2) / Math.log(49), 6);
    expect(after).toMatchObject({ "campaign-active": 0, "campaign-to-end": 0, "campaign-to-start": 0 });
    expect(after?.["campaign-since-end"]).toBeCloseTo(1 - Math.log(2) / Math.log(49), 6);
    expect(after?.["campaign-since-start"]).toBeCloseTo(1 - Math.log(6) / Math.log(49), 6);
  });

  test("tells its size while it lasts and its confidence while it is in sight", () => {
    const sizes = [before, begin, last, after].map((row) => row?.["campaign-log-uplift"]);
    expect(sizes).toEqual([0, Math.fround(Math.LN2), Math.fround(Math.LN2), 0]);
    expect(before?.["campaign-confidence"]).toBeCloseTo(0.8, 6);
  });

  test("does not touch the numbers of other kinds", () => {
    const others = Object.entries(begin ?? {}).filter(([name]) => !name.startsWith("campaign-"));
    expect(others.every(([, value]) => value === 0)).toBe(true);
  });

  test("shows what was learned where something was", () => {
    const effect = {
      logUplift: Float64Array.from(EVENT_PHASES, (_, phase) => phase / 10),
      logSd: new Float64Array(EVENT_PHASES.length),
      learnedOf: "name",
      eventCount: 3,
    } as const;
    const [learned, follows] = rowsAt([9, 12.5], { calendar, effectOf: () => effect });
    expect(learned?.["campaign-log-uplift"]).toBeCloseTo(0.2, 6);
    expect(follows?.["campaign-log-uplift"]).toBeCloseTo(0.4, 6);
    const [declared] = rowsAt([9], { calendar, effectOf: () => undefined });
    expect(declared?.["campaign-log-uplift"]).toBeCloseTo(Math.LN2, 6);
  });
});

test("an event that is announced later is not seen, not even in ticks that lie after its announcement", () => {
  const calendar = eventCalendar([anEvent({ announced: hoursLater(6), declaredUplift: 3 })]);
  const sum = (row: Record<string, number | undefined> | undefined) =>
    Object.values(row ?? {}).reduce((total: number, value) => total + Math.abs(value ?? 0), 0);
  for (const hour of [5, 7, 9, 13]) {
    expect(sum(rowsAt([hour], { calendar }, { origin: hoursLater(5.9) })[0])).toBe(0);
    expect(sum(rowsAt([hour], { calendar }, { origin: hoursLater(6) })[0])).toBeGreaterThan(0);
  }
});

test("of several events of a kind the nearest counts, and their sizes add up", () => {
  const calendar = eventCalendar([
    anEvent({ id: "a", declaredUplift: 2 }),
    anEvent({ id: "b", start: hoursLater(9), end: hoursLater(20), declaredUplift: 3 }),
  ]);
  const [row] = rowsAt([10], { calendar });
  expect(row?.["campaign-log-uplift"]).toBeCloseTo(Math.log(6), 6);
  expect(row?.["campaign-since-start"]).toBeCloseTo(1 - Math.log(2) / Math.log(49), 6);
  expect(row?.["campaign-to-end"]).toBeCloseTo(1 - Math.log(3) / Math.log(49), 6);
});

test("a profile tells its class, and the declared hour beside the scale of the series", () => {
  const profile = aProfile({ workloadClass: "database" });
  const [cpu] = rowsAt([1], { profile, scale: 2 });
  expect(cpu).toMatchObject({ "profile-declared": 1, "class-database": 1, "class-web": 0 });
  expect(cpu?.["profile-typical"]).toBeCloseTo(Math.log(2), 6);
  expect(cpu?.["profile-peak"]).toBeCloseTo(Math.log(3), 6);
  const [memory] = rowsAt([1], { profile, scale: 2, resource: "memory" });
  expect(memory).toMatchObject({ "profile-declared": 0, "profile-typical": 0, "class-database": 1 });
});

test("rows follow one another", () => {
  const signals = { ...NONE, calendar: eventCalendar([anEvent()]), profile: aProfile() };
  const into = new Float32Array(24 * COVARIATE_COUNT);
  fillCovariates(signals, { from: MONDAY, stepMs: HOUR_MS, count: 24, origin: MONDAY }, into);
  const active = Array.from({ length: 24 }, (_, tick) => into[tick * COVARIATE_COUNT]);
  expect(active).toEqual(Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 12 ? 1 : 0)));
  const declared = COVARIATE_NAMES.indexOf("profile-declared");
  expect(Array.from({ length: 24 }, (_, tick) => into[tick * COVARIATE_COUNT + declared])).toEqual(
    new Array(24).fill(1),
  );
});
