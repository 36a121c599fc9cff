import fc from "fast-check";
import { expect, test } from "vitest";
import { durationMs, HOUR_MS, instant, MINUTE_MS, SECOND_MS } from "../model/time.ts";
import { type PoolQuestion, sizePool } from "./pool-size.ts";
import { even } from "./shadow-vms.arbitrary.ts";

const STEP_MS = 5 * MINUTE_MS;

/** Shadow VMs that hold 10 each, so that one is full at 8. */
function question(buffers: readonly number[], part: Partial<PoolQuestion> = {}): PoolQuestion {
  return {
    now: instant(0),
    hours: buffers.map((buffer, hour) => ({ startsAt: instant(hour * HOUR_MS), buffer: even(buffer) })),
    holds: even(10),
    up: 1,
    coming: 0,
    fitting: 16,
    bootMs: durationMs(30 * SECOND_MS),
    stepMs: STEP_MS,
    ...part,
  };
}

test("the first is booted although nothing is needed yet", () => {
  expect(sizePool(question([0], { up: 0 }))).toMatchObject({ boot: 1, retire: 0 });
});

test("booted a boot, in whole ticks, and a tick before the hour that needs it, not sooner", () => {
  const before = (ms: number) => sizePool(question([1, 9], { now: instant(HOUR_MS - ms) }));
  expect(before(2 * STEP_MS + 1)).toEqual({
    boot: 0,
    retire: 0,
    short: 0,
    next: { kind: "boot", at: HOUR_MS - 2 * STEP_MS },
  });
  expect(before(2 * STEP_MS).boot).toBe(1);
});

test("slow boots and many of them begin sooner, two at once, as many as fit; what does not fit is said", () => {
  const slow = question([1, 60], { bootMs: durationMs(10 * MINUTE_MS), now: instant(HOUR_MS / 2) });
  expect(sizePool(slow)).toMatchObject({ boot: 2, short: 0 });
  expect(sizePool({ ...slow, coming: 1 }).boot).toBe(1);
  expect(sizePool({ ...slow, fitting: 1 })).toMatchObject({ boot: 1, short: 6 });
});

test("retired one at a time, only when the others are half empty for the next 3 hours, and never beside a boot", () => {
  expect(sizePool(question([5, 5, 5, 5], { up: 3 })).retire).toBe(1);
  expect(sizePool(question([5, 5, 5, 5], { up: 1 })).retire).toBe(0);
  expect(sizePool(question([5, 5, 14, 5], { up: 3 })).retire).toBe(0);
  expect(sizePool(question([5, 5, 5, 14], { up: 3 })).retire).toBe(1);
  expect(sizePool(question([5, 5, 5, 5], { up: 2, coming: 1 })).retire).toBe(0);
  expect(sizePool(question([14, 5, 5, 5], { up: 3 })).next).toEqual({ kind: "retire", at: HOUR_MS });
});

/** Runs a day, tick by tick; a boot is up at the next tick. */
function runDay(buffers: readonly number[], from: number) {
  let up = from;
  return Array.from({ length: 20 * 12 }, (_, tick) => {
    const now = tick * STEP_MS;
    const hours = question(buffers).hours.filter(({ startsAt }) => startsAt > now - HOUR_MS);
    const size = sizePool(question([], { now: instant(now), hours, up }));
    const held = up;
    up += size.boot - size.retire;
    return { now, held, needed: buffers[Math.floor(now / HOUR_MS)] ?? 0, ...size };
  });
}

test("on a day that comes as forecast, the buffer fits whenever it is wanted, and nothing retired is soon wanted again", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 150, noNaN: true }), { minLength: 24, maxLength: 24 }), (buffers) => {
      const ticks = runDay(buffers, 16);
      for (const [index, tick] of ticks.entries()) {
        expect(tick.held * 10).toBeGreaterThanOrEqual(tick.needed);
        if (tick.retire > 0) expect(ticks.slice(index, index + 24).reduce((sum, { boot }) => sum + boot, 0)).toBe(0);
        expect(tick.boot === 0 || tick.retire === 0).toBe(true);
      }
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("a steady need never makes the pool flap: boots only or retirements only, then rest", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 200, noNaN: true }), fc.nat({ max: 16 }), (buffer, from) => {
      const ticks = runDay(Array(24).fill(buffer), from);
      const [booted, retired] = [ticks.some(({ boot }) => boot > 0), ticks.some(({ retire }) => retire > 0)];
      expect(booted && retired).toBe(false);
      expect(ticks.at(-1)).toMatchObject({ boot: 0, retire: 0 });
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("a resource that no shadow VM can hold does not fill the host with them", () => {
  const noNetwork = { ...even(10), network: even(0).network };
  expect(sizePool(question([8, 8], { holds: noNetwork })).boot).toBe(0);
});
