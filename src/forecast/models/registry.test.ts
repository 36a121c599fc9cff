import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import type { Window } from "../forecast-model.ts";
import { campaign, knownSeries, MONDAY_MS, noise } from "./demand-series.arbitrary.ts";
import { MODELS } from "./registry.ts";

const window = fc.record({ from: fc.integer({ min: 0, max: 60 }), ticks: fc.integer({ min: 1, max: 40 }) });
/** Calm, bursting, silent and unknown stretches, in any order. */
const demand = fc
  .array(
    fc.record({
      ticks: fc.integer({ min: 1, max: 60 }),
      level: fc.constantFrom(0, 0.5, 3, 200, Number.NaN),
      rough: fc.constantFrom(0, 1),
    }),
    { maxLength: 20 },
  )
  .map((stretches) => {
    const random = noise(1);
    return stretches.flatMap(({ ticks, level, rough }) =>
      Array.from({ length: ticks }, (_, tick) => Math.max(0, level * (1 + (rough * random(tick)) / 3))),
    );
  });

/** The others are slow, or silent without a trained network, and have tests of their own. */
const FAST = Object.entries(MODELS).filter(([name]) => !["ensemble", "lstm", "prophet"].includes(name));

describe.each(FAST)("%s", (name, { make }) => {
  test("whatever the history: quantiles ascend, are never negative, and are the same every time", () => {
    fc.assert(
      fc.property(demand, fc.array(window, { minLength: 1, maxLength: 4 }), (values, windows) => {
        const known = knownSeries({ stepMs: HOUR_MS, length: values.length, value: (tick) => values[tick] ?? 0 });
        const fitted = make("grid").fit([known]);
        const rows = fitted.predict(0, windows);
        expect(rows).toHaveLength(windows.length * LEVEL_COUNT);
        for (let row = 0; row < windows.length; row++)
          expectRow(rows.subarray(row * LEVEL_COUNT, (row + 1) * LEVEL_COUNT));
        expect(make("grid").fit([known]).predict(0, windows)).toEqual(rows);
        expect(fitted.predict(0, windows)).toEqual(rows);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test("a series that never changes goes on", () => {
    const known = knownSeries({ stepMs: 5 * MINUTE_MS, length: 6 * 288, value: () => 7 });
    const rows = make("grid")
      .fit([known])
      .predict(0, [windowOf(0, 1), windowOf(0, 6), windowOf(276, 12)]);
    // The end of a bucket is up to 2 % above what lies in it.
    for (const value of rows) expect(Math.abs(value - 7)).toBeLessThan(name === "decaying-histogram" ? 0.15 : 1e-6);
  });

  test("a longer window from the same tick has no lower peak, by and large", () => {
    const rough = noise(3);
    const known = knownSeries({
      stepMs: HOUR_MS,
      length: 30 * 24,
      value: (tick) => 10 + 4 * Math.sin((2 * Math.PI * tick) / 24) + rough(tick),
    });
    const rows = make("grid")
      .fit([known])
      .predict(0, [windowOf(0, 1), windowOf(0, 6)]);
    expect(rows[LEVEL_COUNT + 3]).toBeGreaterThan((rows[3] as number) - 1);
  });

  test("without a sample there is nothing to say, and of a series that is not there neither", () => {
    const known = [knownSeries({ stepMs: HOUR_MS, length: 0, value: () => 0 })];
    const fitted = make("grid").fit(known);
    expect([...fitted.predict(0, [windowOf(0, 1)])].every(Number.isNaN)).toBe(true);
    expect([...fitted.predict(5, [windowOf(0, 1)])].every(Number.isNaN)).toBe(true);
  });

  test("extended by two days it says what a new fit says, but for what was learned before", () => {
    const rough = noise(4);
    const value = (tick: number) => 50 + 20 * Math.sin((2 * Math.PI * tick) / 24) + 3 * rough(tick);
    const [before, after] = [28, 30].map((days) => knownSeries({ stepMs: HOUR_MS, length: 24 * days, value }));
    const windows = [windowOf(0, 1), windowOf(18, 6)];
    const anew = make("grid")
      .fit([after as never])
      .predict(0, windows);
    const fitted = make("grid").fit([before as never]);
    fitted.predict(0, windows);
    const extended = (fitted.extend?.([after as never]) ?? make("grid").fit([after as never])).predict(0, windows);
    for (const [index, quantile] of extended.entries())
      expect(Math.abs(quantile - (anew[index] as number))).toBeLessThan(3);
  });
});

test("who explains does so in a sentence", () => {
  const known = knownSeries({ stepMs: HOUR_MS, length: 21 * 24, value: (tick) => 5 + (tick % 24) });
  for (const [, { make }] of FAST) {
    const sentence = make("grid").fit([known]).explain?.(0);
    if (sentence !== undefined) expect(sentence).toMatch(/^[A-Z].*\.$/);
  }
});

test("components add up to what is expected, whatever the scale; who has nothing to say has none", () => {
  const value = (tick: number) => 20 + 8 * Math.sin((2 * Math.PI * tick) / 24) + (tick % 168 < 24 ? 5 : 0);
  const known = knownSeries({ stepMs: HOUR_MS, length: 28 * 24, value });
  const windows = [windowOf(0, 1), windowOf(3, 12)];
  for (const [name, { make }] of FAST) {
    const fitted = make("grid").fit([known]);
    const parts = fitted.parts?.(0, windows)?.parts ?? [];
    const rows = fitted.predict(0, windows);
    for (const [index] of windows.entries()) {
      const sum = parts.reduce(
        (total, part) => total + (part.kind === "component" ? (part.amounts[index] ?? 0) : 0),
        0,
      );
      if (parts.length === 0) continue;
      // A maximum of late is no middle of what comes: the quantiles around it hold it.
      expect([name, sum >= 0.9 * (rows[index * LEVEL_COUNT] ?? 0)]).toEqual([name, true]);
      expect([name, sum <= 1.1 * (rows[(index + 1) * LEVEL_COUNT - 1] ?? 0)]).toEqual([name, true]);
    }
    const unknown = make("grid").fit([knownSeries({ stepMs: HOUR_MS, length: 0, value })]);
    expect(unknown.parts?.(0, windows)).toBeUndefined();
    expect(unknown.parts?.(5, windows)).toBeUndefined();
  }
  const named = (model: string) => {
    const parts = MODELS[model]?.make("grid").fit([known]).parts?.(0, windows)?.parts ?? [];
    return parts.flatMap((part) => (part.kind === "component" ? [part.name] : []));
  };
  expect(named("holt-winters")).toEqual(["level", "season of 24 ticks"]);
  expect(named("stl-log")).toEqual(["level", "season of 24 ticks", "season of 168 ticks"]);
  expect(named("fourier-events")[0]).toBe("trend, season and events");
  expect(named("last-value")).toEqual(["expected"]);
});

test("models that say they use events do, and the others do not", () => {
  const rough = noise(5);
  const sales = [4, 9, 17, 26].map((day) => MONDAY_MS + day * DAY_MS);
  const events = sales.map((startMs) => campaign({ startMs, endMs: startMs + DAY_MS }));
  const isSale = (tick: number) =>
    sales.some((start) => Math.floor((MONDAY_MS + tick * HOUR_MS - start) / DAY_MS) === 0);
  const known = knownSeries({
    stepMs: HOUR_MS,
    length: 26 * 24,
    value: (tick) => (10 + rough(tick)) * (isSale(tick) ? 3 : 1),
    events,
  });
  for (const [name, { make, usesEvents }] of FAST) {
    const median = (told: typeof known) =>
      make("day")
        .fit([told])
        .predict(0, [windowOf(12, 1)])[3] as number;
    const ratio = median(known) / median({ ...known, events: [] });
    if (usesEvents) expect([name, ratio > 2]).toEqual([name, true]);
    else expect([name, ratio]).toEqual([name, 1]);
  }
});

function windowOf(from: number, ticks: number): Window {
  return { from, ticks };
}

function expectRow(row: Float64Array): void {
  if (row.every(Number.isNaN)) return;
  expect(row[0]).toBeGreaterThanOrEqual(0);
  for (let level = 1; level < LEVEL_COUNT; level++)
    expect(row[level] as number).toBeGreaterThanOrEqual(row[level - 1] as number);
  expect(row[LEVEL_COUNT - 1]).toBeLessThan(1e12);
}
