import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DAY_MS,
  durationMs,
  HOUR_MS,
  instant,
  iso,
  MINUTE_MS,
  startOfTick,
  tickAt,
  ticksPer,
  timeGrid,
} from "./time.ts";

const anyGrid = fc
  .record({
    startMs: fc.integer({ min: -(2 ** 42), max: 2 ** 42 }),
    stepMs: fc.integer({ min: 1, max: DAY_MS }),
    length: fc.nat({ max: 10_000 }),
  })
  .map(timeGrid);

test("the tick at the start of a tick is that tick, for ticks before and after the grid too", () => {
  fc.assert(
    fc.property(anyGrid, fc.integer({ min: -10_000, max: 20_000 }), (grid, tick) => {
      expect(tickAt(grid, startOfTick(grid, tick))).toBe(tick);
      expect(tickAt(grid, instant(startOfTick(grid, tick + 1) - 1))).toBe(tick);
    }),
    { seed: 1 },
  );
});

test("an instant lies within its tick", () => {
  fc.assert(
    fc.property(anyGrid, fc.integer({ min: -(2 ** 43), max: 2 ** 43 }), (grid, milliseconds) => {
      const at = instant(milliseconds);
      const tick = tickAt(grid, at);
      expect(startOfTick(grid, tick)).toBeLessThanOrEqual(at);
      expect(startOfTick(grid, tick + 1)).toBeGreaterThan(at);
    }),
    { seed: 1 },
  );
});

test("a duration is at least one tick long", () => {
  expect(ticksPer(DAY_MS, 5 * MINUTE_MS)).toBe(288);
  expect(ticksPer(HOUR_MS, 25 * MINUTE_MS)).toBe(2);
  expect(ticksPer(MINUTE_MS, DAY_MS)).toBe(1);
});

test("what is no time is refused", () => {
  expect(() => instant(Number.NaN)).toThrow(/instant/);
  expect(() => instant(8.64e15 + 1)).toThrow(/instant/);
  expect(() => durationMs(-1)).toThrow(/duration/);
  expect(() => timeGrid({ startMs: 0, stepMs: 0, length: 1 })).toThrow(/tick/);
  expect(() => timeGrid({ startMs: 0, stepMs: 1, length: 1.5 })).toThrow(/grid/);
});

test("written as ISO 8601 in UTC", () => {
  expect(iso(instant(Date.UTC(2013, 7, 1, 12)))).toBe("2013-08-01T12:00:00.000Z");
});
