import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS, instant, timeGrid } from "../../model/time.ts";
import { eachOnItsOwn, type ForecastModel, type KnownSeries, silence, type Window } from "../forecast-model.ts";
import { ensemble } from "./ensemble.ts";

const MEDIAN = levelIndex(0.5);
const NEXT: readonly Window[] = [{ from: 0, ticks: 1 }];
const lessons = { strideTicks: 3, count: 40 };

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
  expect(fitted.explain?.(0)).toMatch(/^right 100 %: by what each got right in \d+ comparisons lately\.$/);
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

test("what comes after an origin changes no forecast made there, and extending is fitting", () => {
  const whole = someSeries(300);
  const cut = (length: number): KnownSeries => ({
    ...whole,
    grid: timeGrid({ startMs: 0, stepMs: HOUR_MS, length }),
    values: whole.values.slice(0, length),
  });
  const model = of(wrong, right);
  const fitted = model.fit([cut(250)]);
  const anew = model.fit([cut(280)]).predict(0, NEXT);
  expect([...(fitted.extend?.([cut(280)]).predict(0, NEXT) ?? [])]).toEqual([...anew]);
  const other = { ...cut(250), values: whole.values.slice(0, 250) };
  other.values[249] = 1e6;
  expect([...model.fit([cut(250)]).predict(0, NEXT)]).toEqual([...fitted.predict(0, NEXT)]);
  expect([...model.fit([other]).predict(0, NEXT)]).not.toEqual([...fitted.predict(0, NEXT)]);
});

test("lessons from before a member's training ended count for nobody", () => {
  const trained = { model: wrong, prior: 9, trainedUntil: instant(10_000 * HOUR_MS) };
  const members = [trained, { model: right, prior: 1 }];
  const fitted = ensemble({ name: "ensemble", members, horizonTicks: 24, lessons }).fit([someSeries(200)]);
  expect(fitted.predict(0, NEXT)[MEDIAN]).toBeCloseTo(0.9 * 45 + 0.1 * 15, 6);
  expect(fitted.explain?.(0)).toMatch(/^Nothing was compared yet/);
});
