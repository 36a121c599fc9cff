import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { HOURS_A_WEEK } from "../model/profile.ts";
import { instant, TICK_MS_DEFAULT } from "../model/time.ts";
import {
  declaredLevels,
  declaredQuantile,
  hourOfWeek,
  plannedFactor,
  priorWeight,
  profilePrior,
} from "./profile-demand.ts";
import { allWeek, aProfile, hoursLater, MONDAY } from "./signals.arbitrary.ts";

describe("the hour of the week", () => {
  test.each([
    ["2026-03-02T00:00:00Z", 0, 0],
    ["2026-03-02T00:59:59Z", 0, 0],
    ["2026-03-08T23:59:59Z", 0, 167],
    ["2026-03-08T23:30:00Z", 60, 0],
    ["2026-03-02T00:30:00Z", -60, 167],
    ["2026-03-02T00:00:00Z", 330, 5],
    ["1969-12-31T23:00:00Z", 0, 2 * 24 + 23],
  ])("%s at %i minutes is hour %i", (time, offset, hour) => {
    expect(hourOfWeek(instant(Date.parse(time)), offset)).toBe(hour);
  });
});

test("local hours find their declared demand, and only for what was declared", () => {
  const typical = Float64Array.from({ length: HOURS_A_WEEK }, (_, hour) => hour);
  const profile = aProfile({ utcOffsetMinutes: 120, demand: { cpu: { typical, peak: typical.map((at) => 2 * at) } } });
  expect(declaredLevels(profile, { resource: "cpu", at: hoursLater(8.5) })).toEqual({ typical: 10, peak: 20 });
  expect(declaredLevels(profile, { resource: "memory", at: hoursLater(8.5) })).toBeUndefined();
});

test("growth is compounded from the declaration on, and does not go on for ever", () => {
  const profile = aProfile({ growthPerMonth: 0.1 });
  const monthHours = (365.25 / 12) * 24;
  expect(plannedFactor(profile, MONDAY)).toBe(1);
  expect(plannedFactor(profile, hoursLater(2 * monthHours))).toBeCloseTo(1.21, 9);
  expect(plannedFactor(profile, hoursLater(-monthHours))).toBeCloseTo(1 / 1.1, 9);
  expect(plannedFactor(profile, hoursLater(99 * monthHours))).toBeCloseTo(1.1 ** 24, 9);
});

test("planned changes hold from their instant on", () => {
  const plannedChanges = [
    { at: hoursLater(1), factor: 3 },
    { at: hoursLater(2), factor: 0.5 },
  ];
  const factors = [0.9, 1, 2].map((hours) => plannedFactor(aProfile({ plannedChanges }), hoursLater(hours)));
  expect(factors).toEqual([1, 3, 1.5]);
});

describe("quantiles of a declaration", () => {
  const levels = fc.tuple(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.double({ min: 1, max: 1e3, noNaN: true }));

  test("run through what was declared and ascend, also where typical is nothing", () => {
    fc.assert(
      fc.property(levels, fc.boolean(), ([size, ratio], isIdle) => {
        const declared = { typical: isIdle ? 0 : size, peak: size * ratio };
        const row = QUANTILE_LEVELS.map((level) => declaredQuantile(declared, level));
        expect(row[levelIndex(0.5)]).toBeCloseTo(declared.typical, 6 - Math.log10(1 + size));
        expect((row[levelIndex(0.95)] ?? 0) / (declared.peak || 1)).toBeCloseTo(declared.peak > 0 ? 1 : 0, 6);
        for (let index = 1; index < row.length; index++)
          expect(row[index]).toBeGreaterThanOrEqual(row[index - 1] as number);
      }),
      { seed: 1 },
    );
  });

  test("doubt spreads them around the same middle", () => {
    const declared = { typical: 2, peak: 4 };
    expect(declaredQuantile(declared, 0.5, 0.5)).toBeCloseTo(2, 9);
    expect(declaredQuantile(declared, 0.95, 0.5)).toBeGreaterThan(4.5);
    expect(declaredQuantile(declared, 0.05, 0.5)).toBeLessThan(1);
  });
});

describe("the prior of a cold start", () => {
  const ask = (profile = aProfile(), origin = MONDAY) => ({
    profile,
    resource: "cpu" as const,
    origin,
    stepMs: TICK_MS_DEFAULT,
  });
  const levelOf = (rows: Float64Array, window: number, level: 0.5 | 0.95) =>
    rows[window * LEVEL_COUNT + levelIndex(level)] ?? Number.NaN;

  test("is the declaration, doubted, and larger for longer windows", () => {
    const rows = profilePrior(ask(), [
      { from: 0, ticks: 1 },
      { from: 0, ticks: 6 },
      { from: 0, ticks: 288 },
    ]);
    expect(levelOf(rows, 0, 0.5)).toBeCloseTo(2, 9);
    expect(levelOf(rows, 0, 0.95)).toBeGreaterThan(4);
    expect(levelOf(rows, 0, 0.95)).toBeLessThan(5);
    expect(levelOf(rows, 1, 0.5)).toBeGreaterThan(2.2);
    expect(levelOf(rows, 2, 0.5)).toBeGreaterThan(levelOf(rows, 1, 0.5));
  });

  test("the busiest hour of a window rules, at its first and its last tick too", () => {
    const { typical, peak } = allWeek({ typical: 1, peak: 2 });
    typical[8] = 10;
    peak[8] = 20;
    const tick = { stepMs: TICK_MS_DEFAULT };
    const medians = (from: number, ticks: number) =>
      levelOf(
        profilePrior({ ...ask(aProfile({ demand: { cpu: { typical, peak } } })), ...tick }, [{ from, ticks }]),
        0,
        0.5,
      );
    expect(medians(90, 6)).toBeLessThan(2);
    expect(medians(90, 7)).toBeGreaterThan(10);
    expect(medians(107, 6)).toBeGreaterThan(10);
    expect(medians(108, 6)).toBeLessThan(2);
    expect(medians(0, 288)).toBeGreaterThan(10);
  });

  test("says nothing where nothing was declared", () => {
    const rows = profilePrior({ ...ask(), resource: "network" }, [{ from: 0, ticks: 6 }]);
    expect([...rows].every(Number.isNaN)).toBe(true);
  });

  test("weighs less with every hour of samples", () => {
    expect(priorWeight(0)).toBe(1);
    expect(priorWeight(7)).toBeCloseTo(0.7, 1);
    expect(priorWeight(14 * 24)).toBeLessThan(0.05);
  });
});
