import { describe, expect, test } from "vitest";
import { durationMs, HOUR_MS, instant, MINUTE_MS } from "../model/time.ts";
import {
  COVARIATE_COUNT,
  COVARIATE_NAMES,
  EVENT_COVARIATES,
  PROFILE_COVARIATES,
  type SeriesSignals,
  windowCovariates,
} from "./covariates.ts";
import { eventCalendar } from "./event-calendar.ts";
import { EVENT_PHASES } from "./event-phases.ts";
import { allWeek, anEvent, aProfile, hoursLater } from "./signals.arbitrary.ts";

const NONE: SeriesSignals = { calendar: eventCalendar([]), resource: "cpu" };
const STEP_MS = MINUTE_MS / 2;
const TICKS_AN_HOUR = HOUR_MS / STEP_MS;

interface Given {
  readonly scale?: number;
  /** Hour of the origin. */
  readonly origin?: number;
  /** Of the windows. */
  readonly ticks?: number;
}

/** A window that starts with the tick around each hour. */
function rowsAt(
  hours: readonly number[],
  signals: Partial<SeriesSignals>,
  { scale = 1, origin = 0, ticks = 1 }: Given = {},
) {
  const when = { origin: instant(hoursLater(origin) - STEP_MS / 2), stepMs: STEP_MS };
  const write = windowCovariates({ ...NONE, ...signals }, when);
  return hours.map((hour) => {
    const values = new Float32Array(COVARIATE_COUNT + 2).fill(9);
    if (write) write({ from: (hour - origin) * TICKS_AN_HOUR, ticks }, { values, at: 1, scale });
    else values.fill(0, 1, COVARIATE_COUNT + 1);
    expect([values[0], values[COVARIATE_COUNT + 1]], "what lies around the row is left alone").toEqual([9, 9]);
    return Object.fromEntries(COVARIATE_NAMES.map((name, index) => [name, values[index + 1]]));
  });
}

const sum = (row: Record<string, number | undefined> | undefined) =>
  Object.values(row ?? {}).reduce((total: number, value) => total + Math.abs(value ?? 0), 0);

test("names are many, distinct, and in the order of the parts", () => {
  expect(new Set(COVARIATE_NAMES).size).toBe(COVARIATE_COUNT);
  expect(COVARIATE_NAMES).toEqual([...EVENT_COVARIATES, ...PROFILE_COVARIATES]);
  expect(COVARIATE_COUNT).toBe(5 * 7 + 3 + 6);
});

test("where nothing is in sight there is nothing to write, far from an event and before it is announced", () => {
  const calendar = eventCalendar([anEvent()]);
  const writeAt = (hour: number, signals: Partial<SeriesSignals>) =>
    windowCovariates({ ...NONE, ...signals }, { origin: hoursLater(hour), stepMs: STEP_MS });
  expect(writeAt(0, {})).toBeUndefined();
  expect(writeAt(8 - 72, { calendar })).toBeUndefined();
  expect(writeAt(8 - 71, { calendar })).toBeDefined();
  expect(writeAt(12 + 47, { calendar })).toBeDefined();
  expect(writeAt(12 + 48, { calendar })).toBeUndefined();
  expect(writeAt(0, { profile: aProfile({ demand: {} }) })).toBeDefined();
});

describe("a campaign from 8 to 12 that doubles demand for sure, perhaps", () => {
  const calendar = eventCalendar([anEvent({ declaredUplift: 2, confidence: 0.8 })]);
  const [before, begin, last, after] = rowsAt([7, 8, 11, 13], { calendar });

  test("is out of sight two days before", () => {
    const [far, near] = rowsAt([-40, -39], { calendar }, { origin: -42 });
    expect(sum(far)).toBe(0);
    expect(sum(near)).toBeGreaterThan(0);
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
  for (const hour of [7, 9, 13]) {
    expect(sum(rowsAt([hour], { calendar }, { origin: 5 })[0])).toBe(0);
    expect(sum(rowsAt([hour], { calendar }, { origin: 7 })[0])).toBeGreaterThan(0);
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

test("a profile tells its class, and the declared hour on the scale of the series", () => {
  const profile = aProfile({ workloadClass: "database" });
  const [cpu] = rowsAt([1], { profile }, { scale: 2 });
  expect(cpu).toMatchObject({ "profile-declared": 1, "class-database": 1, "class-web": 0 });
  expect(cpu?.["profile-typical"]).toBeCloseTo(1, 6);
  expect(cpu?.["profile-peak"]).toBeCloseTo(Math.log(41) / Math.log(21), 6);
  const [memory] = rowsAt([1], { profile, resource: "memory" }, { scale: 2 });
  expect(memory).toMatchObject({ "profile-declared": 0, "profile-typical": 0, "class-database": 1 });
});

describe("the size of an event is the change from the last tick before the origin", () => {
  const calendar = eventCalendar([anEvent({ declaredUplift: 2 })]);
  const sizeAt = (hour: number, given: Given & { effectOf?: SeriesSignals["effectOf"] }) =>
    rowsAt([hour], { calendar, effectOf: given.effectOf }, given)[0]?.["campaign-log-uplift"];

  test("nothing while it goes on, less once it is over", () => {
    expect(sizeAt(8, { origin: 8 })).toBeCloseTo(Math.LN2, 6);
    expect(sizeAt(11, { origin: 10 })).toBe(0);
    expect(sizeAt(12, { origin: 10 })).toBeCloseTo(-Math.LN2, 6);
    expect(sizeAt(13, { origin: 12.5 })).toBe(0);
  });

  test("of news that fades, what has faded since then", () => {
    const news = eventCalendar([anEvent({ kind: "news", declaredUplift: 2, halfLifeMs: durationMs(HOUR_MS) })]);
    const [row] = rowsAt([10], { calendar: news }, { origin: 9 });
    const faded = Math.LN2 * (2 ** -2 - 2 ** -(1 - 1 / TICKS_AN_HOUR));
    expect(row?.["news-log-uplift"]).toBeCloseTo(faded, 6);
  });
});

describe("a window is told about the tick that events lift most", () => {
  const doubled = eventCalendar([anEvent({ declaredUplift: 2 })]);

  test("that of the event, however little of it the window holds", () => {
    const [first, last] = rowsAt([7, 11.99], { calendar: doubled }, { ticks: TICKS_AN_HOUR + 1 });
    for (const row of [first, last]) expect(row).toMatchObject({ "campaign-active": 1 });
    expect(first?.["campaign-since-start"]).toBe(1);
  });

  test("outside of an event that lowers demand, as long as any tick is", () => {
    const halved = eventCalendar([anEvent({ declaredUplift: 0.5 })]);
    expect(rowsAt([7], { calendar: halved }, { ticks: 2 * TICKS_AN_HOUR })[0]).toMatchObject({ "campaign-active": 0 });
    const [within] = rowsAt([8], { calendar: halved }, { ticks: 2 * TICKS_AN_HOUR });
    expect(within?.["campaign-log-uplift"]).toBeCloseTo(-Math.LN2, 6);
  });

  test("the middle one where they are all alike", () => {
    const week = allWeek({ typical: 1, peak: 2 });
    const profile = aProfile({ demand: { cpu: { ...week, typical: week.typical.map((_, hour) => hour / 200) } } });
    const [row] = rowsAt([4.2], { profile }, { ticks: 2 * TICKS_AN_HOUR });
    expect(row?.["profile-typical"]).toBeCloseTo(Math.log1p((20 * 5) / 200) / Math.log(21), 6);
  });
});
