import fc from "fast-check";
import { expect, test } from "vitest";
import { amountsOf, anyVector, wholeVector } from "./resources.arbitrary.ts";
import { add, fits, larger, NOTHING, RESOURCES, resourceVector, scale, smaller, subtract } from "./resources.ts";

const run = { seed: 1 };

test("addition is a commutative monoid", () => {
  fc.assert(
    fc.property(wholeVector, wholeVector, wholeVector, (a, b, c) => {
      expect(add(a, b)).toEqual(add(b, a));
      expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
      expect(add(a, NOTHING)).toEqual(a);
    }),
    run,
  );
});

test("subtract undoes add and never goes below nothing", () => {
  fc.assert(
    fc.property(wholeVector, wholeVector, (a, b) => {
      expect(subtract(add(a, b), b)).toEqual(a);
      expect(subtract(a, add(a, b))).toEqual(NOTHING);
      expect(add(subtract(a, b), smaller(a, b))).toEqual(a);
    }),
    run,
  );
});

test("larger and smaller form a lattice and keep the sum", () => {
  fc.assert(
    fc.property(anyVector, anyVector, (a, b) => {
      expect(larger(a, smaller(a, b))).toEqual(a);
      expect(smaller(a, larger(a, b))).toEqual(a);
      expect(add(larger(a, b), smaller(a, b))).toEqual(add(a, b));
    }),
    run,
  );
});

test("fits is a partial order whose bounds are larger and smaller", () => {
  fc.assert(
    fc.property(anyVector, anyVector, anyVector, (a, b, c) => {
      expect(fits(a, a)).toBe(true);
      if (fits(a, b) && fits(b, a)) expect(a).toEqual(b);
      if (fits(a, b) && fits(b, c)) expect(fits(a, c)).toBe(true);
      expect(fits(a, larger(a, b)) && fits(smaller(a, b), a)).toBe(true);
      expect(fits(a, b)).toBe(amountsOf(larger(a, b)).every((amount, index) => amount === amountsOf(b)[index]));
    }),
    run,
  );
});

test("one resource too many is enough not to fit", () => {
  const room = resourceVector({ cpu: 4, memory: 4, network: 4, storage: 4 });
  for (const resource of RESOURCES) expect(fits({ ...room, [resource]: 5 }, room)).toBe(false);
});

test("scaling by whole factors is repeated addition", () => {
  fc.assert(
    fc.property(wholeVector, wholeVector, fc.nat({ max: 8 }), (a, b, factor) => {
      expect(scale(a, factor)).toEqual(Array.from({ length: factor }, () => a).reduce(add, NOTHING));
      expect(scale(add(a, b), factor)).toEqual(add(scale(a, factor), scale(b, factor)));
    }),
    run,
  );
});

test("amounts that no machine can have are refused", () => {
  for (const amount of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    for (const resource of RESOURCES)
      expect(() => resourceVector({ ...NOTHING, [resource]: amount })).toThrow(/amount/);
  expect(() => scale(NOTHING, -1)).toThrow(/factor/);
  expect(() => scale(NOTHING, Number.NaN)).toThrow(/factor/);
});
