import fc from "fast-check";
import { expect, test } from "vitest";
import { valueScale } from "./value-scale.ts";

const amount = fc.double({ min: 0, max: 1e12, noNaN: true });

test.each(["log", "plain"] as const)("%s: there and back is the same, and order is kept", (kind) => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 2 }), (amounts) => {
      const { to, from } = valueScale(kind, Float64Array.from([...amounts, Number.NaN]));
      for (const each of amounts) expect(Math.abs(from(to(each)) - each)).toBeLessThanOrEqual(1e-9 * Math.max(each, 1));
      const [first = 0, second = 0] = amounts;
      expect(to(Math.min(first, second))).toBeLessThanOrEqual(to(Math.max(first, second)));
    }),
    { seed: 1 },
  );
});

test("nothing comes back below 0 or absurdly high", () => {
  for (const kind of ["log", "plain"] as const) {
    const { from } = valueScale(kind, Float64Array.of(1, 2, 3));
    expect([from(-5), from(1e300)]).toEqual([0, 300]);
  }
});
