// Cholesky's factor of a matrix that may be singular: a column that hangs on those before it gets no weight.
// What is solved for is then one of many equal solutions, never NaN.

/** A pivot below this share of its diagonal entry is rounding noise. */
const NOISE = 1e-12;

/** A square matrix by rows, of which the lower triangle is read. */
export interface SquareMatrix {
  readonly entries: Float64Array;
  readonly size: number;
}

/**
 * Turns A into L with L L' = A in place (Golub & Van Loan, Matrix Computations, 4th ed., section 4.2), for A positive
 * semidefinite. The pivot of a dependent column becomes infinite: everything divided by it is 0.
 */
export function factorise({ entries, size }: SquareMatrix): void {
  for (let row = 0; row < size; row++) {
    const start = row * size;
    for (let column = 0; column <= row; column++) {
      const other = column * size;
      const entry = entries[start + column] as number;
      let rest = entry;
      for (let k = 0; k < column; k++) rest -= (entries[start + k] as number) * (entries[other + k] as number);
      if (column < row) entries[start + column] = rest / (entries[other + column] as number);
      else entries[start + row] = rest > NOISE * entry ? Math.sqrt(rest) : Number.POSITIVE_INFINITY;
    }
  }
}

/** Solves L x = b in place. */
export function solveLower({ entries, size }: SquareMatrix, right: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let rest = right[row] as number;
    for (let k = 0; k < row; k++) rest -= (entries[row * size + k] as number) * (right[k] as number);
    right[row] = rest / (entries[row * size + row] as number);
  }
}

/** Solves L' x = b in place. */
export function solveUpper({ entries, size }: SquareMatrix, right: Float64Array): void {
  for (let row = size - 1; row >= 0; row--) {
    let rest = right[row] as number;
    for (let k = row + 1; k < size; k++) rest -= (entries[k * size + row] as number) * (right[k] as number);
    right[row] = rest / (entries[row * size + row] as number);
  }
}
