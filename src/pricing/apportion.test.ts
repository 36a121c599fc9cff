import fc from "fast-check";
import { expect, test } from "vitest";
import { apportion } from "./apportion.ts";

const weights = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })), {
  minLength: 1,
  maxLength: 60,
});

test("parts are whole, add up to the whole exactly, and are within one of the exact share", () => {
  const law = fc.property(fc.integer({ min: 0, max: 2 ** 45 }), weights, (total, given) => {
    const parts = apportion(total, given);
    const sum = given.reduce((all, each) => all + each, 0);
    expect(parts.reduce((all, each) => all + each, 0)).toBe(total);
    for (const [index, part] of parts.entries()) {
      expect(Number.isInteger(part) && part >= 0).toBe(true);
      if (sum > 1e-300) expect(Math.abs(part - (total * (given[index] ?? 0)) / sum)).toBeLessThan(1.1);
      if (sum > 0 && given[index] === 0) expect(part).toBe(0);
    }
  });
  fc.assert(law, { seed: 1 });
});

test("a hundred by thirds, halves by order, and nobody's weight", () => {
  expect([...apportion(100, [1, 1, 1])]).toEqual([34, 33, 33]);
  expect([...apportion(3, [1, 1])]).toEqual([2, 1]);
  expect([...apportion(7, [0, 0])]).toEqual([4, 3]);
  expect([...apportion(7, [])]).toEqual([]);
  expect(() => apportion(1.5, [1])).toThrow(/whole number/);
  expect(() => apportion(1, [Number.NaN])).toThrow(/finite/);
});
