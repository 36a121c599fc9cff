import fc from "fast-check";
import { expect, test } from "vitest";
import { sparseMinimum } from "./sparse-solution.ts";

test("one variable is drawn to 0 by the penalty, and stays there when the slope is smaller", () => {
  const minimum = (linear: number): number => {
    const x = new Float64Array(1);
    sparseMinimum(
      { hessian: { entries: Float64Array.of(4), size: 1 }, linear: Float64Array.of(linear), penalty: 3 },
      x,
    );
    return x[0] ?? Number.NaN;
  };
  expect([minimum(11), minimum(-11), minimum(2)]).toEqual([2, -2, 0]);
});

const entry = fc.double({ min: -1, max: 1, noNaN: true });
const anyQuadratic = fc.integer({ min: 1, max: 8 }).chain((size) =>
  fc.record({
    factor: fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
    linear: fc.array(entry, { minLength: size, maxLength: size }),
    start: fc.array(entry, { minLength: size, maxLength: size }),
    penalty: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  }),
);

test("at the minimum no slope exceeds the penalty, and that of a variable at work equals it", () => {
  fc.assert(
    fc.property(anyQuadratic, ({ factor, linear, start, penalty }) => {
      const size = linear.length;
      const matrix = factor.map((left, i) =>
        factor.map((right, j) => left.reduce((sum, each, k) => sum + each * (right[k] ?? 0), i === j ? 0.05 : 0)),
      );
      const x = Float64Array.from(start);
      const hessian = { entries: Float64Array.from(matrix.flat()), size };
      sparseMinimum({ hessian, linear: Float64Array.from(linear), penalty }, x);
      for (const [i, row] of matrix.entries()) {
        const slope = (linear[i] ?? 0) - row.reduce((sum, each, j) => sum + each * (x[j] ?? 0), 0);
        if (x[i] === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(penalty + 1e-8);
        else expect(slope).toBeCloseTo(penalty * Math.sign(x[i] ?? 0), 7);
      }
    }),
    { seed: 1 },
  );
});
