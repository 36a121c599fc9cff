import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExternalEvent, externalEvent } from "../../model/event.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, timeGrid } from "../../model/time.ts";
import type { KnownSeries, Window } from "../forecast-model.ts";
import { prophetModel } from "./prophet-model.ts";

const START_MS = Date.UTC(2026, 0, 5);
const DAY: readonly Window[] = [
  { from: 0, ticks: 1 },
  { from: 0, ticks: 2 },
  { from: 0, ticks: 48 },
  { from: 20, ticks: 1 },
];
const MEDIAN = QUANTILE_LEVELS.indexOf(0.5);

interface Made {
  readonly days?: number;
  readonly stepMs?: number;
  readonly events?: readonly ExternalEvent[];
  readonly value?: (tick: number, random: SeededRandom) => number;
}

/** A day's season, noise, and 80 % more while an event is on. */
function series({ days = 14, stepMs = 30 * MINUTE_MS, events = [], value = busy }: Made): KnownSeries {
  const random = seededRandom(1);
  const grid = timeGrid({ startMs: START_MS, stepMs, length: Math.round((days * DAY_MS) / stepMs) });
  const values = Float64Array.from({ length: grid.length }, (_, tick) => {
    const at = START_MS + tick * stepMs;
    const on = events.some(({ name, start, end }) => name === "sale" && at >= start && at < end);
    return value((tick * stepMs) / (30 * MINUTE_MS), random) * (on ? 1.8 : 1);
  });
  return { grid, values, events };
}

const busy = (halfHour: number, random: SeededRandom): number =>
  4 * Math.exp(0.5 * Math.sin((2 * Math.PI * halfHour) / 48) + 0.1 * random.normal());

function sale(day: number, more: Partial<ExternalEvent> = {}): ExternalEvent {
  const start = instant(START_MS + day * DAY_MS + 10 * HOUR_MS);
  const end = instant(start + 3 * HOUR_MS);
  return externalEvent({ id: `${day}`, kind: "campaign", name: "sale", start, end, announced: instant(0), ...more });
}

function forecast(known: KnownSeries, windows = DAY, options = {}): Float64Array[] {
  const rows = prophetModel(options).fit([known]).predict(0, windows);
  return windows.map((_, window) => rows.slice(window * LEVEL_COUNT, (window + 1) * LEVEL_COUNT));
}

const median = (row: Float64Array | undefined): number => row?.[MEDIAN] ?? Number.NaN;

describe("whatever the history", () => {
  const anyMade = fc.record({
    days: fc.constantFrom(1, 2, 5, 9),
    stepMs: fc.constantFrom(5 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS),
    level: fc.constantFrom(0, 1e-9, 1, 1e12),
    spread: fc.constantFrom(0, 0.1, 3),
    missing: fc.constantFrom(0, 0.2, 0.9),
    noise: fc.constantFrom("residuals" as const, "normal" as const),
  });

  test("quantiles ascend, are never negative and never NaN; a wider window never peaks lower", () => {
    fc.assert(
      fc.property(anyMade, ({ level, spread, missing, noise, ...made }) => {
        const value = (_: number, random: SeededRandom): number =>
          random.next() < missing ? Number.NaN : level * Math.exp(spread * random.normal());
        const rows = forecast(series({ ...made, value }), DAY, { noise });
        const spoken = rows.filter((row) => !Number.isNaN(row[0]));
        if (made.days >= 5 && missing < 0.5) expect(spoken).toHaveLength(DAY.length);
        for (const row of spoken) {
          expect(row[0]).toBeGreaterThanOrEqual(0);
          row.forEach((quantile, index) => {
            expect(quantile).toBeGreaterThanOrEqual(row[index - 1] ?? 0);
            expect(quantile).toBeLessThan(Number.POSITIVE_INFINITY);
          });
        }
        const [tick, two, day] = spoken;
        tick?.forEach((quantile, index) => {
          expect(two?.[index]).toBeGreaterThanOrEqual(quantile);
          expect(day?.[index]).toBeGreaterThanOrEqual(two?.[index] ?? 0);
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("a constant is forecast as that constant, and silence as silence", () => {
    for (const row of forecast(series({ value: () => 7 })))
      for (const quantile of row) expect(quantile).toBeCloseTo(7, 9);
    for (const row of forecast(series({ value: () => 0 }))) expect([...row]).toEqual(new Array(LEVEL_COUNT).fill(0));
    const unknown = forecast(series({ value: () => Number.NaN }));
    expect(unknown.every((row) => row.every(Number.isNaN))).toBe(true);
    expect(
      prophetModel()
        .fit([series({ days: 0.25 })])
        .explain?.(0),
    ).toContain("too little");
  });

  test("equal inputs give equal forecasts, alone or among others", () => {
    const known = series({});
    const other = series({ value: (_, random) => random.next() });
    const alone = prophetModel().fit([known]).predict(0, DAY);
    const among = prophetModel().fit([other, known]);
    among.predict(0, DAY);
    expect(among.predict(1, DAY)).toEqual(alone);
  });
});

test("quantiles of peaks are exceeded as often as they say, where those of Prophet's independent normal noise are not", () => {
  const windows: Window[] = Array.from({ length: 12 }, (_, hour) => ({ from: 4 * hour, ticks: 4 }));
  const exceeded = { residuals: 0, normal: 0 };
  const ORIGINS = 80;
  for (let origin = 0; origin < ORIGINS; origin++) {
    const random = seededRandom(origin);
    let run = 0;
    // Errors that come in runs and are skewed: many small ones, few large ones.
    const value = (halfHour: number): number => {
      run = 0.7 * run - 0.2 * Math.log(1 - random.next());
      return Math.exp(run + 0.3 * Math.sin((2 * Math.PI * halfHour) / 48));
    };
    const whole = series({ days: 22, value });
    const grid = timeGrid({ ...whole.grid, length: 21 * 48 });
    const known = { ...whole, grid, values: whole.values.slice(0, grid.length) };
    for (const noise of ["residuals", "normal"] as const) {
      forecast(known, windows, { noise }).forEach((row, hour) => {
        const peak = Math.max(...whole.values.slice(grid.length + 4 * hour, grid.length + 4 * hour + 4));
        if (peak > median(row)) exceeded[noise] += 1 / (ORIGINS * windows.length);
      });
    }
  }
  expect(Math.abs(exceeded.residuals - 0.5)).toBeLessThan(0.05);
  expect(exceeded.normal).toBeLessThan(0.4);
});

describe("events", () => {
  const past = [1, 4, 6, 9, 11].map((day) => sale(day));
  const ahead = sale(14);
  const atSale: readonly Window[] = [{ from: 22, ticks: 1 }];

  test("what they did before they are expected to do again, and are said to do", () => {
    const known = series({ events: [...past, ahead] });
    const [on] = forecast(known, atSale);
    const [off] = forecast({ ...known, events: past }, atSale);
    expect(median(on) / median(off)).toBeGreaterThan(1.6);
    expect(median(on) / median(off)).toBeLessThan(2);
    expect(prophetModel().fit([known]).explain?.(0)).toMatch(/campaign\/sale \+[789]\d %/);
  });

  test("what is not announced yet is not used", () => {
    const known = series({ events: [...past, ahead] });
    const secret = { ...ahead, announced: instant(START_MS + 15 * DAY_MS) };
    const [unknown] = forecast({ ...known, events: [...past, secret] }, atSale);
    expect(unknown).toEqual(forecast({ ...known, events: past }, atSale)[0]);
  });

  test("one that never occurred counts as declared, as surely as it comes, and not at all without a word", () => {
    const known = series({});
    const plain = median(forecast(known, atSale)[0]);
    const withEvent = (event: ExternalEvent): number =>
      median(forecast({ ...known, events: [event] }, atSale)[0]) / plain;
    expect(withEvent(sale(14))).toBe(1);
    expect(withEvent(sale(14, { declaredUplift: 3 }))).toBeCloseTo(3, 4);
    expect(withEvent(sale(14, { declaredUplift: 3, confidence: 0.5 }))).toBeCloseTo(2, 4);
  });
});

test("ticks of 5 min are fitted on means of 30 min and forecast by themselves", () => {
  const fine = forecast(series({ stepMs: 5 * MINUTE_MS }), [{ from: 72, ticks: 1 }]);
  // Six hours after midnight the season is at its top: 4 x e^0.5.
  expect(median(fine[0])).toBeCloseTo(4 * Math.exp(0.5), 0);
});

test("what the tick in progress already shows pulls its forecast there, all of it once it is over", () => {
  const known = series({});
  const at = (share: number): Float64Array =>
    forecast({ ...known, inProgress: { mean: 20, share } })[0] ?? new Float64Array(0);
  expect(median(at(0.5))).toBeCloseTo((median(at(0)) + 20) / 2, 6);
  for (const quantile of at(1)) expect(quantile).toBeCloseTo(20, 6);
});

test("the components of a window add up to about its median, and name what is on", () => {
  const events = [1, 4, 6, 9, 11, 14].map((day) => sale(day));
  const known = series({ events });
  const windows: Window[] = [
    { from: 22, ticks: 1 },
    { from: 0, ticks: 1 },
    { from: 16, ticks: 12 },
  ];
  const told = prophetModel().fit([known]).parts?.(0, windows);
  const components = (told?.parts ?? []).filter((part) => part.kind === "component");
  expect(components.map(({ name, role }) => [name, role])).toEqual([
    ["trend", "level"],
    ["daily", "season"],
    ["campaign/sale", "event"],
  ]);
  const [on, off, around] = components[2]?.amounts ?? [];
  expect(on).toBeGreaterThan(2);
  expect(off).toBe(0);
  expect(around, "the busiest tick of a window is told of").toBeCloseTo(on ?? 0, 0);
  const medians = forecast(known, windows).map(median);
  for (const window of [0, 1])
    expect(
      components.reduce((sum, { amounts }) => sum + (amounts[window] ?? 0), 0) / (medians[window] ?? 0),
    ).toBeCloseTo(1, 1);
  expect(told?.sentence).toMatch(/^Prophet on 14 days: .*campaign\/sale \+\d+ %/);
});

test("an event that was declared but never seen is a component of its own; of nothing there are no parts", () => {
  const declared = sale(14, { name: "launch", declaredUplift: 2 });
  const parts = prophetModel()
    .fit([series({ events: [declared] })])
    .parts?.(0, [{ from: 21, ticks: 1 }]);
  const components = (parts?.parts ?? []).filter((part) => part.kind === "component");
  const amounts = components.map((part) => part.amounts[0] ?? 0);
  expect(components.at(-1)).toMatchObject({ name: "declared events", role: "event" });
  expect(amounts.at(-1)).toBeCloseTo(
    amounts.slice(0, -1).reduce((sum, amount) => sum + amount, 0),
    9,
  );
  expect(
    prophetModel()
      .fit([series({ days: 0.25 })])
      .parts?.(0, DAY),
  ).toBeUndefined();
});

test("events of two series are told apart, even where their ids are the same", () => {
  const one = series({ events: [sale(3), sale(9), sale(14)].map((event) => ({ ...event, id: "same" })) });
  const other = series({ events: [sale(5), sale(12), sale(16)].map((event) => ({ ...event, id: "same" })) });
  const together = prophetModel().fit([one, other]);
  expect(together.predict(1, DAY)).toEqual(prophetModel().fit([other]).predict(0, DAY));
});
