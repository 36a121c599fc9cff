import fc from "fast-check";
import { expect, test } from "vitest";
import { fromLogScale, toLogScale } from "./log-scale.ts";

const scale = fc.double({ min: 1e-3, max: 1e15, noNaN: true });

test("nothing is 0, the scale is 1, and the inverse leads back", () => {
  fc.assert(
    fc.property(scale, fc.double({ min: 0, max: 1000, noNaN: true }), (unit, times) => {
      const amount = times * unit;
      expect(toLogScale(0, unit)).toBe(0);
      expect(toLogScale(unit, unit)).toBe(1);
      expect(Math.abs(fromLogScale(toLogScale(amount, unit), unit) - amount)).toBeLessThanOrEqual(1e-9 * amount);
    }),
    { seed: 1 },
  );
});

test("keeps order", () => {
  fc.assert(
    fc.property(scale, scale, scale, (unit, a, b) => {
      if (a <= b) expect(toLogScale(a, unit)).toBeLessThanOrEqual(toLogScale(b, unit));
      if (a <= b) expect(fromLogScale(a, unit)).toBeLessThanOrEqual(fromLogScale(b, unit));
    }),
    { seed: 1 },
  );
});

test("below nothing is nothing, and the absurdly high is clipped to a finite amount", () => {
  expect(fromLogScale(-0.5, 7)).toBe(0);
  expect(fromLogScale(1e6, 7)).toBe(fromLogScale(4, 7));
  expect(fromLogScale(4, 7)).toBeCloseTo(7 * ((21 ** 4 - 1) / 20), 6);
});
