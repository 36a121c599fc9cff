import fc from "fast-check";
import { expect, test } from "vitest";
import { maxMinShare } from "./max-min-share.ts";

/** No amounts so small that they have no digits left. */
const amount = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
const want = fc.oneof(fc.constant(0), amount);
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

test("small wishes are filled, the rest is split evenly", () => {
  expect(maxMinShare(10, [1, 8, 2, 8])).toEqual([1, 3.5, 2, 3.5]);
});

test("nobody gets more than wanted, and nothing is left while somebody wants", () => {
  const property = fc.property(amount, fc.array(want, { maxLength: 20 }), (available, wants) => {
    const shares = maxMinShare(available, wants);
    expect(shares.every((share, index) => share >= 0 && share <= (wants[index] ?? 0))).toBe(true);
    const expected = Math.min(available, sumOf(wants));
    expect(Math.abs(sumOf(shares) - expected)).toBeLessThanOrEqual(1e-9 * expected);
  });
  fc.assert(property, { seed: 1 });
});

test("whoever got less than wanted got no less than anybody else", () => {
  const property = fc.property(amount, fc.array(want, { minLength: 1, maxLength: 20 }), (available, wants) => {
    const shares = maxMinShare(available, wants);
    const largest = Math.max(...shares);
    for (const [index, share] of shares.entries())
      if (share < (wants[index] ?? 0)) expect(share).toBeGreaterThanOrEqual(largest * (1 - 1e-9));
  });
  fc.assert(property, { seed: 1 });
});
