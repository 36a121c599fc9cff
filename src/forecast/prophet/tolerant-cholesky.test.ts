import fc from "fast-check";
import { expect, test } from "vitest";
import { factorise, solveLower, solveUpper } from "./tolerant-cholesky.ts";

const entry = fc.integer({ min: -9, max: 9 });
const anyRows = fc
  .integer({ min: 1, max: 7 })
  .chain((size) => fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: 1, maxLength: 9 }));

test("M' M x = M' b is solved whatever the rank of M: no least squares solution is nearer to b", () => {
  fc.assert(
    fc.property(anyRows, fc.array(entry, { minLength: 9, maxLength: 9 }), (rows, right) => {
      const size = rows[0]?.length ?? 0;
      const sums = (column: (row: number[]) => number): number => rows.reduce((sum, row) => sum + column(row), 0);
      const matrix = Array.from({ length: size }, (_, i) =>
        Array.from({ length: size }, (_, j) => sums((row) => (row[i] ?? 0) * (row[j] ?? 0))),
      );
      const target = matrix.map((_, i) => rows.reduce((sum, row, at) => sum + (row[i] ?? 0) * (right[at] ?? 0), 0));
      const factor = { entries: Float64Array.from(matrix.flat()), size };
      const solution = Float64Array.from(target);
      factorise(factor);
      solveLower(factor, solution);
      solveUpper(factor, solution);
      for (const [i, row] of matrix.entries()) {
        const found = row.reduce((sum, each, j) => sum + each * (solution[j] ?? 0), 0);
        expect(found).toBeCloseTo(target[i] ?? 0, 5);
      }
    }),
    { seed: 1 },
  );
});

test("a column that repeats another, or is 0, gets no weight", () => {
  const factor = { entries: Float64Array.of(4, 0, 0, 4, 4, 0, 0, 0, 0), size: 3 };
  const solution = Float64Array.of(8, 8, 0);
  factorise(factor);
  solveLower(factor, solution);
  solveUpper(factor, solution);
  expect([...solution]).toEqual([2, 0, 0]);
});
