import { expect, test } from "vitest";
import { toLogScale } from "../../forecast/log-scale.ts";
import type { PanelSource } from "../../forecast/lstm/demand-panel.ts";
import type { ExampleStretch } from "../../forecast/lstm/training-examples.ts";
import { COVARIATE_COUNT as TOLD } from "../../forecast/window-covariates.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { COVARIATE_COUNT, COVARIATE_NAMES, windowCovariates } from "../../signals/covariates.ts";
import { eventCalendar } from "../../signals/event-calendar.ts";
import { allWeek, anEvent, aProfile, hoursLater } from "../../signals/signals.arbitrary.ts";
import { inventSignals } from "./invent-signals.ts";

const STEP_MS = 30 * MINUTE_MS;
const DAY = DAY_MS / STEP_MS;
const TICKS = 14 * DAY;

/** 2 by day, 1 by night; a day later than `oddFrom` 100. */
function aSource(oddFrom = TICKS): PanelSource {
  const values = Float64Array.from({ length: TICKS }, (_, tick) => {
    if (tick >= oddFrom && tick < oddFrom + DAY) return 100;
    const hour = ((tick * STEP_MS) / HOUR_MS) % 24;
    return hour >= 8 && hour < 20 ? 2 : 1;
  });
  // 1970-01-05 was a Monday.
  return { startMs: 4 * DAY_MS, stepMs: STEP_MS, values: [values], resources: [0], floors: [0.1] };
}

const STRETCH: ExampleStretch = { series: 0, from: 300, askedFrom: 325, to: 360, lastTick: 12 * DAY };
const OFTEN = { events: 1, profilesOfYoung: 1, profilesOfOld: 1 };

function named(
  invention: ReturnType<ReturnType<typeof inventSignals>>,
  { next, from }: { next: number; from: number },
) {
  const values = new Float32Array(COVARIATE_COUNT);
  invention?.covariatesAt(next)?.({ from, ticks: 1 }, { values, at: 0, scale: 2 });
  return Object.fromEntries(COVARIATE_NAMES.map((name, place) => [name, values[place] ?? Number.NaN]));
}

test("both rooms mean the same numbers, on the same scale", () => {
  expect(COVARIATE_COUNT).toBe(TOLD);
  const profile = aProfile({ demand: { cpu: allWeek({ typical: 3, peak: 50 }) } });
  const write = windowCovariates(
    { calendar: eventCalendar([]), profile, resource: "cpu" },
    { origin: hoursLater(0), stepMs: STEP_MS },
  );
  const values = new Float32Array(COVARIATE_COUNT);
  write?.({ from: 0, ticks: 1 }, { values, at: 0, scale: 7 });
  const of = (name: string) => values[COVARIATE_NAMES.indexOf(name)];
  expect(of("profile-typical")).toBeCloseTo(toLogScale(3, 7), 6);
  expect(of("profile-peak")).toBeCloseTo(toLogScale(50, 7), 6);
});

test("what the covariates say is what the name of the feature set stands for: where this fails, give it a new name", () => {
  const events = [
    anEvent({ declaredUplift: 1.7, confidence: 0.6 }),
    anEvent({ kind: "news", start: hoursLater(7), end: hoursLater(9), declaredUplift: 3 }),
    anEvent({ kind: "holiday", start: hoursLater(-30), end: hoursLater(11) }),
  ];
  const profile = aProfile({ workloadClass: "cache", growthPerMonth: 0.1 });
  const write = windowCovariates(
    { calendar: eventCalendar(events), profile, resource: "cpu" },
    { origin: hoursLater(7.5), stepMs: STEP_MS },
  );
  const windows = [0, 3, 40].map((from) => ({ from, ticks: 6 }));
  const values = new Float32Array(windows.length * COVARIATE_COUNT);
  for (const [row, window] of windows.entries()) write?.(window, { values, at: row * COVARIATE_COUNT, scale: 2 });
  expect(values.reduce((sum, value, place) => sum + value * (1 + (place % 89)), 0)).toBeCloseTo(1407.8349, 2);
});

test("what is told of an event and what happens to demand agree, but for the announcer's error", () => {
  const invent = inventSignals(aSource(), { ...OFTEN, profilesOfOld: 0 });
  const random = seededRandom(3);
  const errors: number[] = [];
  let happened = 0;
  for (let each = 0; each < 400; each++) {
    const invention = invent(STRETCH, random);
    const { lift } = invention ?? {};
    if (lift === undefined) continue;
    happened++;
    for (const from of [0, 5, 20, 47]) {
      const row = named(invention, { next: STRETCH.to, from });
      const told = Object.keys(row).reduce(
        (sum, name) => sum + (name.endsWith("log-uplift") ? (row[name] ?? 0) : 0),
        0,
      );
      const done = Math.log(lift.factorAt(STRETCH.to + from) / lift.factorAt(STRETCH.to - 1));
      if (told !== 0) {
        expect(done).not.toBe(0);
        errors.push(done - told);
      }
    }
  }
  expect(happened).toBeGreaterThan(320);
  expect(errors.length).toBeGreaterThan(100);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const sd = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(sd).toBeGreaterThan(0.1);
  expect(sd).toBeLessThan(0.3);
});

test("most events begin or end where they are asked about", () => {
  const invent = inventSignals(aSource(), { ...OFTEN, profilesOfOld: 0 });
  const random = seededRandom(3);
  let seen = 0;
  for (let each = 0; each < 200; each++) {
    const invention = invent(STRETCH, random);
    const rows = Array.from({ length: DAY }, (_, from) => named(invention, { next: STRETCH.askedFrom, from }));
    const isActive = rows.map((row) => Object.keys(row).some((name) => name.endsWith("-active") && row[name] === 1));
    if (new Set(isActive).size === 2) seen++;
  }
  expect(seen).toBeGreaterThan(150);
});

test("a profile tells the usual of the hour, somewhat wrong, and knows nothing of the day asked about or of what is not to be learned", () => {
  const told = (source: PanelSource) => {
    const invent = inventSignals(source, { ...OFTEN, events: 0 });
    const random = seededRandom(3);
    return Array.from({ length: 60 }, () => named(invent(STRETCH, random), { next: STRETCH.askedFrom, from: 20 }));
  };
  const rows = told(aSource());
  // The tick lies at 4:15 in the night: demand is 1, the scale 2.
  const declared = rows.filter((row) => row["profile-declared"] === 1);
  expect(declared.length).toBeGreaterThan(40);
  const typical = declared.map((row) => row["profile-typical"] ?? Number.NaN);
  const usual = toLogScale(1, 2);
  expect(typical.reduce((sum, value) => sum + value, 0) / typical.length).toBeCloseTo(usual, 1);
  expect(Math.max(...typical)).toBeGreaterThan(usual + 0.05);
  expect(Math.min(...typical)).toBeLessThan(usual - 0.05);
  for (const odd of [STRETCH.askedFrom, STRETCH.to, STRETCH.lastTick]) expect(told(aSource(odd))).toEqual(rows);
});

test("the profile of a young series is told more often; groups and other strangers are told nothing", () => {
  const invent = inventSignals(aSource(), { events: 0, profilesOfYoung: 0.6, profilesOfOld: 0.2 });
  const random = seededRandom(3);
  const shareOf = (stretch: ExampleStretch) =>
    Array.from({ length: 300 }, () => invent(stretch, random)?.covariatesAt(340)).filter(Boolean).length / 300;
  expect(shareOf({ ...STRETCH, bornAt: 310 })).toBeCloseTo(0.6, 1);
  expect(shareOf(STRETCH)).toBeCloseTo(0.2, 1);
  expect(inventSignals(aSource(), OFTEN)({ ...STRETCH, series: 1 }, random)).toBeUndefined();
});
