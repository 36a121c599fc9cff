import fc from "fast-check";
import { expect, test } from "vitest";
import { solvePositiveDefinite } from "./linear-system.ts";

test("known solutions: one equation, a diagonal, and a full system of three", () => {
  expect([...solvePositiveDefinite(Float64Array.of(4), Float64Array.of(10))]).toEqual([2.5]);
  expect([...solvePositiveDefinite(Float64Array.of(4, 0, 0, 9), Float64Array.of(8, 27))]).toEqual([2, 3]);
  const matrix = Float64Array.of(4, 12, -16, 12, 37, -43, -16, -43, 98);
  const solution = solvePositiveDefinite(matrix, Float64Array.of(4 + 24 - 48, 12 + 74 - 129, -16 - 86 + 294));
  for (const [index, value] of [1, 2, 3].entries()) expect(solution[index]).toBeCloseTo(value, 9);
});

test("only the lower triangle is read", () => {
  const solution = solvePositiveDefinite(Float64Array.of(2, Number.NaN, 1, 2), Float64Array.of(4, 5));
  expect(solution[0]).toBeCloseTo(1, 12);
  expect(solution[1]).toBeCloseTo(2, 12);
});

test("x is found again from A x for any A = M M' + I", () => {
  const entry = fc.integer({ min: -9, max: 9 });
  const system = fc.integer({ min: 1, max: 8 }).chain((size) =>
    fc.record({
      factor: fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
      solution: fc.array(entry, { minLength: size, maxLength: size }),
    }),
  );
  fc.assert(
    fc.property(system, ({ factor, solution }) => {
      const rows = factor.map((left, i) => factor.map((right, j) => product(left, right) + (i === j ? 1 : 0)));
      const right = Float64Array.from(rows, (row) => product(row, solution));
      const solved = solvePositiveDefinite(Float64Array.from(rows.flat()), right);
      expect(solved).toBe(right);
      for (const [index, value] of solution.entries()) expect(solved[index]).toBeCloseTo(value, 6);
    }),
    { seed: 1 },
  );
});

test("a matrix that is not positive definite is a bug of the caller", () => {
  expect(() => solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow("positive definite");
  expect(() => solvePositiveDefinite(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow("positive definite");
});

function product(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
