import fc from "fast-check";
import { expect, test } from "vitest";
import { addMoney, formatMoney, micros, NO_MONEY, priceOf, roundRatio, roundToMicros, subtractMoney } from "./money.ts";

const run = { seed: 1 };
const anyMicros = fc.integer({ min: -(2 ** 45), max: 2 ** 45 }).map(micros);

test("adding is exact, in any order, and subtracting undoes it", () => {
  fc.assert(
    fc.property(fc.array(anyMicros, { maxLength: 50 }), anyMicros, (amounts, extra) => {
      const exact = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
      const total = amounts.reduce(addMoney, NO_MONEY);
      expect(BigInt(total)).toBe(exact);
      expect(amounts.toReversed().reduce(addMoney, NO_MONEY)).toBe(total);
      expect(subtractMoney(addMoney(total, extra), extra)).toBe(total);
    }),
    run,
  );
});

test("halves are rounded to even, everything else to the nearest", () => {
  const rounded = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49, 0.51, -0.51, 7].map(roundToMicros);
  expect(rounded).toEqual([0, 2, 2, 0, -2, -2, 0, 1, -1, 7]);
});

test("rounding moves an amount by half a unit at most, keeps order, and halves do not drift", () => {
  const amount = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      expect(Math.abs(roundToMicros(a) - a)).toBeLessThanOrEqual(0.5);
      if (a <= b) expect(roundToMicros(a)).toBeLessThanOrEqual(roundToMicros(b));
    }),
    run,
  );
  const halves = Array.from({ length: 1000 }, (_, index) => index + 0.5);
  const drift = halves.reduce((sum, half) => sum + roundToMicros(half) - half, 0);
  expect(drift).toBe(0);
});

test("a price is the rate times the quantity, rounded once", () => {
  expect(priceOf(micros(30_000), 2.5)).toBe(75_000);
  expect(priceOf(micros(1), 0.5)).toBe(0);
  expect(priceOf(micros(3), 0.5)).toBe(2);
});

test("minus zero never gets in, and what is no integer is refused", () => {
  expect(Object.is(micros(-0), 0)).toBe(true);
  for (const value of [0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
    expect(() => micros(value)).toThrow(/money/);
});

test("shown with two decimals", () => {
  expect([81_400_000, 0, -5_000, 1_234_567_890].map((value) => formatMoney(micros(value)))).toEqual([
    "81.40",
    "0.00",
    "-0.01",
    "1234.57",
  ]);
});

test("a ratio of whole numbers is rounded as its quotient is, and by half a unit at most", () => {
  const whole = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
  fc.assert(
    fc.property(whole, fc.bigInt({ min: 2n ** 20n, max: 2n ** 60n }), (dividend, divisor) => {
      const off = BigInt(roundRatio(dividend, divisor)) * divisor - dividend;
      expect(2n * (off < 0n ? -off : off) <= divisor).toBe(true);
    }),
    run,
  );
  const halves = [1n, 3n, 5n, -1n, -3n, -5n].map((dividend) => roundRatio(dividend, 2n));
  expect(halves).toEqual([0, 2, 2, 0, -2, -2]);
  expect(() => roundRatio(1n, 0n)).toThrow(/more than nothing/);
});
