import fc from "fast-check";
import { expect, test } from "vitest";
import { addTo, emptySum, exactValue } from "./exact-sum.ts";

test("sums are exact in any order, far beyond what a number holds", () => {
  const values = fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), { maxLength: 300 });
  const law = fc.property(values, (given) => {
    const [there, back] = [emptySum(), emptySum()];
    for (const value of given) addTo(there, value);
    for (const value of given.toReversed()) addTo(back, value);
    const exact = given.reduce((sum, value) => sum + BigInt(value), 0n);
    expect([exactValue(there), exactValue(back)]).toEqual([exact, exact]);
  });
  fc.assert(law, { seed: 1 });
  expect(() => addTo(emptySum(), 0.5)).toThrow(/whole numbers/);
});
