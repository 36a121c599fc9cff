import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS, instant } from "../model/time.ts";
import { readMeter, startMeter } from "./meter.ts";

const START = instant(Date.UTC(2026, 2, 2));
const piece = fc.record({
  lastsMs: fc.nat({ max: 10 * HOUR_MS }),
  amount: fc.double({ min: 0, max: 1e9, noNaN: true }),
});

test("amount times hours of each stretch, without a gap and without an overlap", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const meter = startMeter(2, START);
      let at = 0;
      let expected = 0;
      for (const { lastsMs, amount } of pieces) {
        at += lastsMs;
        expected += (amount * lastsMs) / HOUR_MS;
        readMeter(meter, Float64Array.of(amount, 1), instant(START + at));
      }
      expect(meter.readUntil - START).toBe(at);
      expect(Math.abs((meter.unitHours[0] ?? 0) - expected)).toBeLessThanOrEqual(1e-12 * expected);
      // An amount of 1 all the time counts the hours themselves.
      expect(meter.unitHours[1]).toBeCloseTo(at / HOUR_MS, 9);
    }),
    { seed: 1 },
  );
});

test("reading more often changes nothing", () => {
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 10 }), fc.nat({ max: 20 }), (pieces, cuts) => {
      const [once, often] = [startMeter(1, START), startMeter(1, START)];
      let from = 0;
      for (const { lastsMs, amount } of pieces) {
        for (let cut = 1; cut <= cuts; cut++)
          readMeter(often, Float64Array.of(amount), instant(START + from + Math.floor((lastsMs * cut) / (cuts + 1))));
        from += lastsMs;
        readMeter(once, Float64Array.of(amount), instant(START + from));
        readMeter(often, Float64Array.of(amount), instant(START + from));
      }
      const [a, b] = [once.unitHours[0] ?? 0, often.unitHours[0] ?? 0];
      expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * a);
    }),
    { seed: 1 },
  );
});

test("a second reading at the same instant adds nothing, and a meter never runs backwards", () => {
  const meter = startMeter(1, START);
  readMeter(meter, Float64Array.of(2), instant(START + HOUR_MS));
  readMeter(meter, Float64Array.of(1e9), instant(START + HOUR_MS));
  expect([...meter.unitHours]).toEqual([2]);
  expect(() => readMeter(meter, Float64Array.of(1), START)).toThrow(/backwards/);
  expect(() => readMeter(meter, Float64Array.of(1, 2), instant(START + HOUR_MS))).toThrow(/amounts/);
});
