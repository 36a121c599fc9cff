import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomerId, Id } from "../../model/fleet.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, HOUR_MS, instant, MINUTE_MS } from "../../model/time.ts";
import { bursts } from "./bursts.ts";
import { correlatedNoise } from "./correlated-noise.ts";
import { cronSpikes } from "./cron-spikes.ts";
import { dailyWave, officeHours } from "./daily-season.ts";
import { type DemandEvent, eventUplift } from "./demand-event.ts";
import { autocorrelation, meanOf } from "./demand-statistics.arbitrary.ts";
import type { Ingredient } from "./ingredient.ts";
import { slowDrift } from "./slow-drift.ts";
import { weeklySeason } from "./weekly-season.ts";

const MONDAY = Date.UTC(2026, 2, 2);
const minuteAt = (at: number) => ({ from: at, to: at + MINUTE_MS });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const valuesOf = (ingredient: Ingredient, { stepMs, count }: { stepMs: number; count: number }) =>
  Array.from({ length: count }, (_, tick) => {
    const from = MONDAY + tick * stepMs;
    return ingredient({ from, to: from + stepMs });
  });

test("a day's wave is highest at its peak hour and quietest twelve hours later", () => {
  const wave = dailyWave({ peakHour: 14, quiet: 0.25 });
  const hours = valuesOf(wave, { stepMs: HOUR_MS / 2, count: 48 });
  expect(wave(minuteAt(MONDAY + 14 * HOUR_MS))).toBeCloseTo(1, 3);
  expect(wave(minuteAt(MONDAY + 2 * HOUR_MS))).toBeCloseTo(0.25, 3);
  expect(Math.max(...hours)).toBeLessThanOrEqual(1);
});

test("offices are full at noon, empty at night, and closed at the weekend", () => {
  const office = officeHours({ fromHour: 8, toHour: 17 });
  const week = weeklySeason({ weekend: 0.05 });
  expect([3, 12, 22].map((hour) => office(minuteAt(MONDAY + hour * HOUR_MS)))).toEqual([0, 1, 0]);
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => week(minuteAt(MONDAY + day * DAY_MS)));
  expect(days).toEqual([1, 1, 1, 1, 1, 0.05, 0.05]);
});

test("a cron spike fills its exact minutes and no other", () => {
  const cron = cronSpikes({ everyMinutes: 1_440, atMinute: 137, minutes: 3, height: 0.8 });
  const busy = valuesOf(cron, { stepMs: MINUTE_MS, count: 2_880 }).flatMap((value, minute) =>
    value > 0 ? [[minute, value]] : [],
  );
  expect(busy).toEqual([137, 138, 139, 1_577, 1_578, 1_579].map((minute) => [minute, 0.8]));
});

test("ticks of any length see the same work", () => {
  const property = fc.property(seed, fc.constantFrom(1, 5, 10, 15, 30), (from, minutes) => {
    const cron = cronSpikes({ everyMinutes: 60, atMinute: 17, minutes: 7, height: 0.5 });
    const burst = bursts(seededRandom(from), { perDay: 4, minutes: 11, heightMin: 0.2, heightMax: 0.8 });
    for (const each of [cron, burst]) {
      const whole = each({ from: MONDAY, to: MONDAY + DAY_MS });
      const parts = valuesOf(each, { stepMs: minutes * MINUTE_MS, count: 1_440 / minutes });
      expect(meanOf(parts)).toBeCloseTo(whole, 9);
    }
  });
  fc.assert(property, { seed: 1, numRuns: 30 });
});

test("bursts come about as often as said, and not by the clock", () => {
  const shape = { perDay: 2, minutes: 15, heightMin: 0.3, heightMax: 0.3 };
  const minutes = valuesOf(bursts(seededRandom(3), shape), { stepMs: MINUTE_MS, count: 1_440 * 200 });
  const begins = minutes.flatMap((value, at) => (value > 0 && (minutes[at - 1] ?? 0) === 0 ? [at] : []));
  expect(begins.length / 200).toBeGreaterThan(1.6);
  expect(begins.length / 200).toBeLessThan(2.2);
  const pauses = begins.slice(1).map((at, index) => at - (begins[index] ?? 0));
  expect(Math.max(...pauses) / Math.min(...pauses)).toBeGreaterThan(10);
});

test("noise remembers ten minutes and has forgotten a day, around a median of 1", () => {
  const noise = valuesOf(correlatedNoise(seededRandom(7), { spread: 0.2 }), { stepMs: 5 * MINUTE_MS, count: 288 * 60 });
  const logs = noise.map(Math.log);
  expect(autocorrelation(logs, 1)).toBeGreaterThan(0.8);
  expect(autocorrelation(logs, 2)).toBeGreaterThan(0.6);
  expect(Math.abs(autocorrelation(logs, 288))).toBeLessThan(0.1);
  expect(Math.abs(meanOf(logs))).toBeLessThan(0.03);
  expect(Math.sqrt(meanOf(logs.map((each) => each ** 2)))).toBeCloseTo(0.2, 1);
});

test("drift moves over weeks, not over hours", () => {
  const drift = valuesOf(slowDrift(seededRandom(5), { spread: 0.2 }), { stepMs: HOUR_MS, count: 24 * 120 });
  const steps = drift.slice(1).map((value, index) => Math.abs(value / (drift[index] ?? 1) - 1));
  expect(Math.max(...steps)).toBeLessThan(0.01);
  expect(Math.max(...drift) / Math.min(...drift)).toBeGreaterThan(1.3);
});

test("an event lifts demand by its uplift between its instants, and by a part where a tick is partly in it", () => {
  const event: DemandEvent = {
    id: "sale" as Id<"event">,
    kind: "campaign",
    name: "Sale",
    customer: "someone" as CustomerId,
    from: instant(MONDAY + HOUR_MS),
    to: instant(MONDAY + 2 * HOUR_MS),
    uplift: 1.8,
  };
  expect(valuesOf(eventUplift([event]), { stepMs: HOUR_MS, count: 3 })).toEqual([1, 1.8, 1]);
  expect(eventUplift([event])({ from: MONDAY, to: MONDAY + 2 * HOUR_MS })).toBeCloseTo(1.4);
});

test("what happened does not depend on the order of asking", () => {
  const property = fc.property(
    seed,
    fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 40 }),
    (from, minutes) => {
      const random = seededRandom(from);
      const shape = { perDay: 6, minutes: 10, heightMin: 0.1, heightMax: 1 };
      for (const make of [() => correlatedNoise(random, { spread: 0.3 }), () => bursts(random, shape)]) {
        const once = make();
        const expected = minutes.map((minute) => make()(minuteAt(MONDAY + minute * MINUTE_MS)));
        expect(minutes.map((minute) => once(minuteAt(MONDAY + minute * MINUTE_MS)))).toEqual(expected);
      }
    },
  );
  fc.assert(property, { seed: 1, numRuns: 50 });
});
