import fc from "fast-check";
import { expect, test } from "vitest";
import { addRepairs, compareNames, NO_REPAIRS, type TraceRepairs } from "./trace.ts";

const name = fc.oneof(
  fc.nat({ max: 200 }).map(String),
  fc.nat({ max: 20 }).map((value) => `0${value}`),
  fc.nat({ max: 20 }).map((value) => `${value}a`),
  fc.string({ maxLength: 4 }),
  fc.constantFrom("1234567890123456", "9999999999999999", "vm-2", "vm-10"),
);

test("numbers by value, then everything else by code point", () => {
  const names = ["b", "10", "a", "2", "1a", "02", "vm-2", "9"];
  expect(names.toSorted(compareNames)).toEqual(["02", "2", "9", "10", "1a", "a", "b", "vm-2"]);
});

test("a total order: any three names stand in one line", () => {
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) + 0);
      expect(compareNames(a, b) === 0).toBe(a === b);
      if (compareNames(a, b) < 0 && compareNames(b, c) < 0) expect(compareNames(a, c)).toBeLessThan(0);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test("repairs add up, field by field, and none is the neutral one", () => {
  const repairs = fc.record(
    Object.fromEntries(Object.keys(NO_REPAIRS).map((key) => [key, fc.nat()])),
  ) as unknown as fc.Arbitrary<TraceRepairs>;
  fc.assert(
    fc.property(repairs, repairs, (a, b) => {
      const sum = addRepairs(a, b);
      for (const key of Object.keys(NO_REPAIRS) as (keyof TraceRepairs)[]) expect(sum[key]).toBe(a[key] + b[key]);
      expect(addRepairs(a, NO_REPAIRS)).toEqual(a);
    }),
    { seed: 1 },
  );
});
