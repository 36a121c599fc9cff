// A quadratic with a Laplace prior has an exact minimum in which most variables are 0: found by an active set.
import { factorise, type SquareMatrix, solveLower, solveUpper } from "./tolerant-cholesky.ts";

/** 1/2 x' H x - c' x + penalty * sum |x| */
export interface PenalisedQuadratic {
  readonly hessian: SquareMatrix;
  readonly linear: Float64Array;
  readonly penalty: number;
}

/** How far beyond the penalty a slope has to be before its variable wakes: rounding must not wake it again and again. */
const SLACK = 1e-9;
const ROUNDING = 1e-13;
const STEPS_MAX = 1_000;

/**
 * Feature-sign search (Lee, Battle, Raina & Ng, "Efficient sparse coding algorithms", NIPS 2006), from `x` on, which is
 * overwritten with the minimum: solve for the active variables as if their signs were settled, go there or up to the
 * first that changes sign, which is then at rest; wake the one whose slope exceeds the penalty most. Every step lowers
 * the value, so no set of signs comes twice.
 */
export function sparseMinimum(quadratic: PenalisedQuadratic, x: Float64Array): void {
  const { linear } = quadratic;
  const signs = Float64Array.from(x, Math.sign);
  for (let step = 0; step < STEPS_MAX; step++) {
    const settled = moveToSigned(quadratic, { x, signs });
    if (!settled) continue;
    const waking = steepest(quadratic, { x, signs });
    if (waking === undefined) return;
    signs[waking] = Math.sign((linear[waking] as number) - product(quadratic.hessian, { row: waking, x }));
  }
}

/** A sign of 0 is a variable at rest. */
interface SignedPoint {
  readonly x: Float64Array;
  readonly signs: Float64Array;
}

/** False when a variable met 0 on its way and came to rest there. */
function moveToSigned({ hessian, linear, penalty }: PenalisedQuadratic, { x, signs }: SignedPoint): boolean {
  const active: number[] = [];
  for (let index = 0; index < x.length; index++) if (signs[index] !== 0) active.push(index);
  const size = active.length;
  const matrix = { entries: new Float64Array(size * size), size };
  const target = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const index = active[row] as number;
    target[row] = (linear[index] as number) - penalty * (signs[index] as number);
    for (let column = 0; column <= row; column++)
      matrix.entries[row * size + column] = hessian.entries[
        index * hessian.size + (active[column] as number)
      ] as number;
  }
  factorise(matrix);
  solveLower(matrix, target);
  solveUpper(matrix, target);
  let [share, resting] = [1, -1];
  for (let row = 0; row < size; row++) {
    const index = active[row] as number;
    if ((target[row] as number) * (signs[index] as number) >= 0) continue;
    const met = (x[index] as number) / ((x[index] as number) - (target[row] as number));
    if (met < share) [share, resting] = [met, index];
  }
  for (let row = 0; row < size; row++) {
    const index = active[row] as number;
    x[index] = (x[index] as number) + share * ((target[row] as number) - (x[index] as number));
  }
  if (resting < 0) return true;
  x[resting] = 0;
  signs[resting] = 0;
  return false;
}

/** The variable at rest whose slope exceeds the penalty most. */
function steepest({ hessian, linear, penalty }: PenalisedQuadratic, { x, signs }: SignedPoint): number | undefined {
  const largest = linear.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  let [worst, waking] = [penalty * (1 + SLACK) + largest * ROUNDING, undefined as number | undefined];
  for (let index = 0; index < x.length; index++) {
    if (signs[index] !== 0) continue;
    const slope = Math.abs((linear[index] as number) - product(hessian, { row: index, x }));
    if (slope > worst) [worst, waking] = [slope, index];
  }
  return waking;
}

function product({ entries, size }: SquareMatrix, { row, x }: { row: number; x: Float64Array }): number {
  let sum = 0;
  for (let column = 0; column < size; column++) sum += (entries[row * size + column] as number) * (x[column] as number);
  return sum;
}
