import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExternalEvent } from "../model/event.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { HOUR_MS, instant } from "../model/time.ts";
import { type EventlessForecast, factorAt, withEvents } from "./apply-effect.ts";
import type { EventEffect } from "./event-effects.ts";
import { EVENT_PHASES, PHASE_COUNT } from "./event-phases.ts";
import type { TickWindow } from "./profile-demand.ts";
import { anEvent, hoursLater, logNormalRow, MONDAY } from "./signals.arbitrary.ts";

function anEffect({ factor, sd = 0 }: { factor: number; sd?: number }): EventEffect {
  return {
    logUplift: Float64Array.from(EVENT_PHASES, ({ part }) => (part === "during" ? Math.log(factor) : 0)),
    logSd: Float64Array.from(EVENT_PHASES, ({ part }) => (part === "during" ? sd : 0)),
    learnedOf: "kind",
    eventCount: 1,
  };
}

const ROW = logNormalRow({ median: 2, sd: 0.3 });

/** Hourly ticks from Monday 00:00; the same row for each window. */
function aForecast(windows: readonly TickWindow[], facts: Partial<EventlessForecast> = {}): EventlessForecast {
  const rows = new Float64Array(windows.length * LEVEL_COUNT);
  windows.forEach((_, index) => {
    rows.set(ROW, index * LEVEL_COUNT);
  });
  return { origin: MONDAY, stepMs: HOUR_MS, windows, rows, rowsKnow: "nothing", ...facts };
}

const hourOf = (from: number, ticks = 1): TickWindow => ({ from, ticks });
const medians = (rows: Float64Array) =>
  Array.from({ length: rows.length / LEVEL_COUNT }, (_, window) => rows[window * LEVEL_COUNT + levelIndex(0.5)] ?? 0);
const double = { event: anEvent(), effect: anEffect({ factor: 2 }) };

test("a sure effect multiplies the windows that it touches, and no others", () => {
  const moved = withEvents(aForecast([hourOf(7), hourOf(8), hourOf(11), hourOf(12), hourOf(0, 24)]), [double]);
  expect(medians(moved)).toEqual([2, 4, 4, 2, 4].map((value) => expect.closeTo(value, 9)));
  expect(moved[levelIndex(0.95) + LEVEL_COUNT]).toBeCloseTo(2 * (ROW[levelIndex(0.95)] ?? 0), 9);
});

test("a dip lowers only windows that lie wholly within it", () => {
  const dip = { event: anEvent(), effect: anEffect({ factor: 0.4 }) };
  expect(medians(withEvents(aForecast([hourOf(8, 4), hourOf(8, 5)]), [dip]))).toEqual([expect.closeTo(0.8, 9), 2]);
});

test("an event that was not announced at the origin changes nothing at all", () => {
  const origins = fc.integer({ min: -48, max: 48 });
  const anyEvent = fc.record({
    announced: fc.integer({ min: 1, max: 1000 }),
    start: fc.integer({ min: -3, max: 23 }),
  });
  fc.assert(
    fc.property(origins, anyEvent, (origin, { announced, start }) => {
      const at = hoursLater(origin);
      const secret: ExternalEvent = anEvent({
        announced: instant(at + announced * 60_000),
        start: hoursLater(start, at),
        end: hoursLater(start + 4, at),
      });
      const forecast = aForecast([hourOf(0), hourOf(0, 24)], { origin: at });
      const effect = anEffect({ factor: 5, sd: 1 });
      expect(withEvents(forecast, [{ event: secret, effect }])).toBe(forecast.rows);
      expect(withEvents(forecast, [{ event: { ...secret, announced: at }, effect }])).not.toEqual(forecast.rows);
    }),
    { seed: 1 },
  );
});

test("doubt widens: squared spreads add up on both sides of the median", () => {
  const moved = withEvents(aForecast([hourOf(9)]), [{ event: anEvent(), effect: anEffect({ factor: 2, sd: 0.4 }) }]);
  const exact = logNormalRow({ median: 4, sd: 0.5 });
  moved.forEach((value, level) => {
    expect(value).toBeCloseTo(exact[level] ?? 0, 9);
  });
});

test("visitors of events at the same time add up, and a dip takes its share of all", () => {
  const more = { event: anEvent({ id: "b" }), effect: anEffect({ factor: 1.5 }) };
  const dip = { event: anEvent({ id: "c" }), effect: anEffect({ factor: 0.5 }) };
  expect(medians(withEvents(aForecast([hourOf(9)]), [double, more]))).toEqual([expect.closeTo(5, 9)]);
  expect(medians(withEvents(aForecast([hourOf(9)]), [dip, double, more]))).toEqual([expect.closeTo(2.5, 9)]);
});

test("an event that may not happen lifts the high levels more than the middle", () => {
  const unsure = { event: anEvent({ confidence: 0.3 }), effect: anEffect({ factor: 10 }) };
  const moved = withEvents(aForecast([hourOf(9)]), [unsure]);
  expect(moved[levelIndex(0.5)]).toBeLessThan(2.6);
  expect(moved[levelIndex(0.9)]).toBeGreaterThan(15);
});

describe("where the rows go on from the last tick", () => {
  const during = { origin: hoursLater(10), rowsKnow: "last-tick" } as const;

  test("what an event does already is not counted twice, and its end is a drop", () => {
    const moved = withEvents(aForecast([hourOf(0), hourOf(1, 2), hourOf(2)], during), [double]);
    expect(medians(moved)).toEqual([2, 2, 1].map((value) => expect.closeTo(value, 9)));
  });

  test("nothing is widened as long as nothing changes", () => {
    const doubted = { event: anEvent(), effect: anEffect({ factor: 2, sd: 0.5 }) };
    const [same, later] = [hourOf(0), hourOf(3)].map((window) => withEvents(aForecast([window], during), [doubted]));
    same?.forEach((value, level) => {
      expect(value).toBeCloseTo(ROW[level] ?? 0, 12);
    });
    expect((later?.[levelIndex(0.95)] ?? 0) / (later?.[levelIndex(0.5)] ?? 1)).toBeGreaterThan(2);
  });

  test("news fades from where it is", () => {
    const news = {
      event: anEvent({ kind: "news", start: hoursLater(9), end: hoursLater(33) }),
      effect: anEffect({ factor: 4 }),
    };
    const [median] = medians(withEvents(aForecast([hourOf(5)], during), [news]));
    expect(median).toBeCloseTo(2 * 4 ** (2 ** (-6.5 / 6) - 2 ** (-0.5 / 6)), 9);
  });
});

test("rows ascend, stay >= 0 and keep their silence, whatever the effect", () => {
  const effects = fc.record({
    logUplift: fc.float64Array({ minLength: PHASE_COUNT, maxLength: PHASE_COUNT, min: -4, max: 4, noNaN: true }),
    logSd: fc.float64Array({ minLength: PHASE_COUNT, maxLength: PHASE_COUNT, min: 0, max: 2, noNaN: true }),
  });
  const anyRow = fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e9, noNaN: true })), {
      minLength: LEVEL_COUNT,
      maxLength: LEVEL_COUNT,
    })
    .map((values) => Float64Array.from(values).sort());
  fc.assert(
    fc.property(effects, anyRow, fc.constantFrom(1, 0.4), (effect, row, confidence) => {
      const rows = new Float64Array(2 * LEVEL_COUNT).fill(Number.NaN);
      rows.set(row);
      const event = {
        event: anEvent({ confidence }),
        effect: { ...effect, learnedOf: "kind", eventCount: 1 } as const,
      };
      const moved = withEvents(aForecast([hourOf(9), hourOf(9)], { rows }), [event]);
      QUANTILE_LEVELS.forEach((_, level) => {
        expect(moved[level]).toBeGreaterThanOrEqual(level === 0 ? 0 : (moved[level - 1] as number));
        expect(moved[LEVEL_COUNT + level]).toBeNaN();
      });
    }),
    { seed: 1 },
  );
});

test("the factor at an instant is that of all events together: visitors add up, a dip leaves a share", () => {
  const event = anEvent();
  const twice = { event, effect: anEffect({ factor: 2 }) };
  const half = { event: { ...event, id: "dip" }, effect: anEffect({ factor: 0.5 }) };
  expect(factorAt([], hoursLater(9))).toBe(1);
  expect(factorAt([twice], hoursLater(7.5))).toBe(1);
  expect(factorAt([twice], hoursLater(9))).toBeCloseTo(2, 12);
  expect(factorAt([twice, { ...twice, event: { ...event, id: "other" } }], hoursLater(9))).toBeCloseTo(3, 12);
  expect(factorAt([twice, half], hoursLater(9))).toBeCloseTo(1, 12);
});
