import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS } from "../../model/time.ts";
import { linearScale, linearTicks, logScale, logTicks, pushApart, reversed, roundUp, timeTicks } from "./scale.ts";

test("a scale puts its ends at the ends", () => {
  const linear = linearScale({ from: 0, to: 8, length: 200 });
  expect([0, 4, 8, 10].map(linear)).toEqual([0, 100, 200, 250]);
  expect([0, 8].map(reversed(linear, 200))).toEqual([200, 0]);
  const log = logScale({ from: 0.01, to: 100, length: 100 });
  expect([0.01, 1, 100].map((value) => Math.round(log(value)))).toEqual([0, 50, 100]);
  expect(log(0)).toBe(Number.NEGATIVE_INFINITY);
});

test("linear ticks are few, round, start at 0 and cover the largest value", () => {
  expect(linearTicks({ largest: 4.6, countMax: 6 })).toEqual([0, 1, 2, 3, 4, 5]);
  expect(linearTicks({ largest: 0.27, countMax: 5 })).toEqual([0, 0.1, 0.2, 0.3]);
  expect(linearTicks({ largest: 0, countMax: 5 })).toEqual([0, 1]);
  const law = fc.property(
    fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
    fc.integer({ min: 2, max: 8 }),
    (top, most) => {
      const ticks = linearTicks({ largest: top, countMax: most });
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
      expect(ticks.at(-1) ?? 0).toBeGreaterThanOrEqual(top * (1 - 1e-6));
    },
  );
  fc.assert(law, { seed: 1 });
});

test("log ticks are round and keep their distance", () => {
  expect(logTicks({ from: 1, to: 4, apart: 0.125 })).toEqual([1, 1.25, 1.5, 2, 2.5, 3, 4]);
  const law = fc.property(
    fc.double({ min: 0.5, max: 1, noNaN: true }),
    fc.double({ min: 1.6, max: 500, noNaN: true }),
    (from, to) => {
      const ticks = logTicks({ from, to, apart: 0.125 });
      const place = logScale({ from, to, length: 1 });
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      for (const [index, tick] of ticks.entries()) {
        expect(place(tick)).toBeGreaterThanOrEqual(-1e-6);
        expect(place(tick)).toBeLessThanOrEqual(1 + 1e-6);
        if (index > 0) expect(place(tick) - place(ticks[index - 1] ?? 0)).toBeGreaterThanOrEqual(0.125 - 1e-9);
      }
    },
  );
  fc.assert(law, { seed: 1 });
});

test("an axis ends at a round value", () => {
  expect([1.7, 3.66, 4, 9.2, 13.5].map(roundUp)).toEqual([2, 4, 4, 10, 15]);
});

test("times are labelled on round UTC hours", () => {
  const fromMs = Date.UTC(2026, 2, 27, 0, 20);
  const ticks = timeTicks({ fromMs, toMs: fromMs + 48 * HOUR_MS, countMax: 5 });
  expect(ticks.map((at) => new Date(at).toISOString().slice(8, 16))).toEqual([
    "27T12:00",
    "28T00:00",
    "28T12:00",
    "29T00:00",
  ]);
});

test("labels keep their order, never overlap, and stay in the room when they fit", () => {
  expect(pushApart([50, 52, 200], { gap: 18, from: 0, to: 210 })).toEqual([50, 68, 200]);
  expect(pushApart([200, 205], { gap: 18, from: 0, to: 210 })).toEqual([192, 210]);
  const law = fc.property(fc.array(fc.double({ min: -50, max: 400, noNaN: true }), { maxLength: 15 }), (wishes) => {
    const room = { gap: 18, from: 6, to: 338 };
    const places = pushApart(wishes, room);
    const sorted = [...places].sort((left, right) => left - right);
    const gaps = sorted.slice(1).map((place, index) => place - (sorted[index] ?? 0));
    expect(Math.min(room.to, ...sorted)).toBeGreaterThanOrEqual(room.from - 1e-9);
    expect(Math.max(room.from, ...sorted)).toBeLessThanOrEqual(room.to + 1e-9);
    expect(Math.min(room.gap, ...gaps)).toBeGreaterThanOrEqual(room.gap - 1e-9);
    const byWish = places.map((place, index) => ({ place, wish: wishes[index] ?? 0 }));
    byWish.sort((left, right) => left.wish - right.wish || left.place - right.place);
    expect(byWish.map(({ place }) => place)).toEqual(sorted);
  });
  fc.assert(law, { seed: 1 });
});
