// Small dense systems of equations, as the normal equations of a regression give them.
import { assert } from "../model/result.ts";

/**
 * Solves A x = b by Cholesky's method (Golub & Van Loan, Matrix Computations, 4th ed., section 4.2) in place: `matrix`
 * holds A by rows, of which only the lower triangle is read, and is overwritten by its factor; `right` holds b and
 * becomes x, which is also returned. A has to be symmetric and positive definite.
 */
export function solvePositiveDefinite(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  factorise(matrix, size);
  for (let row = 0; row < size; row++) {
    let rest = right[row] as number;
    for (let k = 0; k < row; k++) rest -= (matrix[row * size + k] as number) * (right[k] as number);
    right[row] = rest / (matrix[row * size + row] as number);
  }
  for (let row = size - 1; row >= 0; row--) {
    let rest = right[row] as number;
    for (let k = row + 1; k < size; k++) rest -= (matrix[k * size + row] as number) * (right[k] as number);
    right[row] = rest / (matrix[row * size + row] as number);
  }
  return right;
}

/** Turns A into the lower triangle L with L L' = A. */
function factorise(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++)
      matrix[row * size + column] = restOf({ matrix, size, row, column }) / (matrix[column * size + column] as number);
    const square = restOf({ matrix, size, row, column: row });
    assert(square > 0, `the matrix is positive definite, got ${square} in row ${row}`);
    matrix[row * size + row] = Math.sqrt(square);
  }
}

/** What the columns of L before `column` leave of one entry of A. */
function restOf(entry: { matrix: Float64Array; size: number; row: number; column: number }): number {
  const { matrix, size, row, column } = entry;
  let rest = matrix[row * size + column] as number;
  for (let k = 0; k < column; k++) rest -= (matrix[row * size + k] as number) * (matrix[column * size + k] as number);
  return rest;
}
