import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS, instant, timeGrid } from "../../model/time.ts";
import { eachOnItsOwn, type ForecastModel, type KnownSeries, silence, type Window } from "../forecast-model.ts";
import { ensemble } from "./ensemble.ts";

const MEDIAN = levelIndex(0.5);
const NEXT: readonly Window[] = [{ from: 0, ticks: 1 }];
const lessons = { strideTicks: 3, count: 40, halfLife: 20 };

/** Uniform between 10 and 20. */
function someSeries(length: number): KnownSeries {
  const random = seededRandom(5);
  const values = Float64Array.from({ length }, () => 10 + 10 * random.next());
  return { grid: timeGrid({ startMs: 0, stepMs: HOUR_MS, length }), values, events: [] };
}

/** Says the true quantiles of the series, moved and stretched. */
function expert(name: string, { shift, spread }: { shift: number; spread: number }): ForecastModel {
  return eachOnItsOwn(name, () => (windows) => {
    const rows = new Float64Array(windows.length * LEVEL_COUNT);
    for (let row = 0; row < windows.length; row++)
      for (const [level, q] of QUANTILE_LEVELS.entries())
        rows[row * LEVEL_COUNT + level] = 15 + shift + 10 * spread * (q - 0.5);
    return rows;
  });
}

const right = expert("right", { shift: 0, spread: 1 });
const wrong = expert("wrong", { shift: 30, spread: 1 });
const silent = eachOnItsOwn("silent", () => (windows) => silence(windows.length));

const of = (...models: readonly ForecastModel[]) =>
  ensemble({
    name: "ensemble",
    members: models.map((model) => ({ model, prior: 1 })),
    horizonTicks: 24,
    lessons,
  });

test("who was right at past origins decides, whoever else is there", () => {
  const fitted = of(wrong, right, silent).fit([someSeries(200)]);
  const row = fitted.predict(0, NEXT);
  expect(row[MEDIAN]).toBeGreaterThan(14);
  expect(row[MEDIAN]).toBeLessThan(16);
  expect(fitted.explain?.(0)).toMatch(/^right 100 %: by what each got right in 40 lessons lately\.$/);
});

test("silent members leave the say to the others; where all are silent so is the ensemble", () => {
  expect(
    of(silent, right)
      .fit([someSeries(120)])
      .predict(0, NEXT)[MEDIAN],
  ).toBeCloseTo(15, 0);
  expect([
    ...of(silent)
      .fit([someSeries(120)])
      .predict(0, NEXT),
  ]).toEqual([...silence(1)]);
});

test("a mixture that is too sure of itself is widened by what came", () => {
  const narrow = expert("narrow", { shift: 0, spread: 0.1 });
  const before = narrow.fit([someSeries(400)]).predict(0, NEXT);
  const after = of(narrow)
    .fit([someSeries(400)])
    .predict(0, NEXT);
  const top = levelIndex(0.9);
  const bottom = levelIndex(0.1);
  expect((after[top] ?? 0) - (before[top] ?? 0)).toBeGreaterThan(0.1);
  expect((before[bottom] ?? 0) - (after[bottom] ?? 0)).toBeGreaterThan(0.1);
});

const whole = someSeries(400);
const cut = (length: number): KnownSeries => ({
  ...whole,
  grid: timeGrid({ startMs: 0, stepMs: HOUR_MS, length }),
  values: whole.values.slice(0, length),
});

test("what comes after an origin changes no forecast made there", () => {
  const model = of(wrong, right);
  const other = cut(250);
  other.values[249] = 1e6;
  const said = [...model.fit([cut(250)]).predict(0, NEXT)];
  expect([...model.fit([{ ...whole, grid: cut(250).grid }]).predict(0, NEXT)]).toEqual(said);
  expect([...model.fit([other]).predict(0, NEXT)]).not.toEqual(said);
});

test("extending tick by tick or in one stride is the same to the bit, changes nothing before it, and is close to fitting", () => {
  const model = of(wrong, right);
  const start = model.fit([cut(250)]);
  const before = [...start.predict(0, NEXT)];
  let often = start;
  for (let length = 251; length <= 330; length++) often = often.extend?.([cut(length)]) ?? often;
  const once = start.extend?.([cut(330)]) ?? start;
  expect([...often.predict(0, NEXT)]).toEqual([...once.predict(0, NEXT)]);
  expect([...start.predict(0, NEXT)]).toEqual(before);
  const anew = model.fit([cut(330)]).predict(0, NEXT);
  for (const [level, value] of once.predict(0, NEXT).entries()) expect(value).toBeCloseTo(anew[level] ?? 0, 0);
});

test("who comes late starts from what was learned with the others", () => {
  const young: KnownSeries = {
    ...cut(330),
    values: cut(330).values.map((value, tick) => (tick < 328 ? Number.NaN : value)),
  };
  const row = of(wrong, right)
    .fit([cut(330), young])
    .predict(1, NEXT);
  expect(row[MEDIAN]).toBeCloseTo(15, 0);
});

test("lessons from before a member's training ended count for nobody", () => {
  const trained = { model: wrong, prior: 9, trainedUntil: instant(10_000 * HOUR_MS) };
  const members = [trained, { model: right, prior: 1 }];
  const fitted = ensemble({ name: "ensemble", members, horizonTicks: 24, lessons }).fit([someSeries(200)]);
  expect(fitted.predict(0, NEXT)[MEDIAN]).toBeCloseTo(0.9 * 45 + 0.1 * 15, 6);
  expect(fitted.explain?.(0)).toMatch(/^Nothing was compared yet/);
});

test("its parts are its members by what they count, and what calibration adds", () => {
  const windows = [
    { from: 0, ticks: 1 },
    { from: 4, ticks: 1 },
  ];
  const fitted = of(wrong, right).fit([cut(330)]);
  const rows = fitted.predict(0, windows);
  const { sentence, parts } = fitted.parts?.(0, windows) ?? { sentence: "", parts: [] };
  expect(sentence).toBe(fitted.explain?.(0));
  const shares = parts.flatMap((part) => (part.kind === "member" ? [[part.name, ...part.shares]] : []));
  expect(shares.map(([name]) => name)).toEqual(["wrong", "right"]);
  for (const window of [1, 2]) expect(shares[0]?.[window]).toBeLessThan(0.01);
  const calibration = parts.flatMap((part) => (part.kind === "calibration" ? part.amounts : []));
  const rightly = right.fit([cut(330)]).predict(0, windows);
  const rebuilt = calibration.flatMap((amounts, window) =>
    amounts.map((amount, level) => amount + (rightly[window * LEVEL_COUNT + level] ?? Number.NaN)),
  );
  for (const [place, value] of rebuilt.entries()) expect(value).toBeCloseTo(rows[place] ?? Number.NaN, 6);
});
