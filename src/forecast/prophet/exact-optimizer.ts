// The exact highest posterior of a Prophet whose terms all add up: no search along gradients, but small linear systems
// over sums of products that series on one grid share.
import type { Design, DesignSums } from "./design-sums.ts";
import { SIGMA_PRIOR } from "./log-posterior.ts";
import { sparseMinimum } from "./sparse-solution.ts";
import { type StanPoint, TREND_INDICATORS } from "./stan-data.ts";
import { factorise, type SquareMatrix, solveLower, solveUpper } from "./tolerant-cholesky.ts";

/** Below this noise the posterior has no highest point: it grows for ever as sigma falls. Values are at most 1. */
const SIGMA_LEAST = 1e-6;
/** The first guess of the share of the mean square that is noise. */
const NOISE_SHARE = 0.05;
const ROUNDS_MAX = 200;
const CLOSE_ENOUGH = 1e-10;

export function isExactlySolvable({ trend_indicator, s_m }: Design): boolean {
  return trend_indicator !== TREND_INDICATORS.logistic && s_m.every((share) => share === 0);
}

/**
 * The point of the highest posterior for values `y` [T]. Given sigma it is a quadratic with a Laplace prior on the kinks
 * and solved exactly; given the rest, sigma has a closed form; each in turn raises the posterior until nothing moves.
 */
export function exactPoint(sums: DesignSums, y: Float64Array): StanPoint {
  const { T, K, S, trend_indicator } = sums.design;
  const values = sumValues(sums, y);
  const delta = new Float64Array(sums.kinkSums.size);
  let smooth = new Float64Array(sums.smoothSums.size);
  let variance = notBelowLeast((NOISE_SHARE * values.squares) / T);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    smooth = solveGiven(variance, { sums, values, delta });
    const better = bestVariance(squaredErrors({ sums, values, smooth, delta }), T);
    const moved = Math.abs(better - variance);
    variance = better;
    if (moved <= CLOSE_ENOUGH * variance) break;
  }
  const beta = smooth.slice(smooth.length - K);
  const sigma = Math.sqrt(variance);
  if (trend_indicator === TREND_INDICATORS.flat)
    return { k: 0, m: smooth[0] as number, delta: new Float64Array(S), beta, sigma };
  return { k: smooth[0] as number, m: smooth[1] as number, delta, beta, sigma };
}

/** Sums of products of the values with each column, and with themselves. */
interface ValueSums {
  readonly smooth: Float64Array;
  readonly kinks: Float64Array;
  readonly squares: number;
}

function sumValues({ smooth, kinks }: DesignSums, y: Float64Array): ValueSums {
  return {
    smooth: timesValues(smooth, y),
    kinks: timesValues(kinks, y),
    squares: y.reduce((sum, v) => sum + v * v, 0),
  };
}

function timesValues(columns: Float64Array, y: Float64Array): Float64Array {
  const width = columns.length / y.length;
  const sums = new Float64Array(width);
  for (let row = 0; row < y.length; row++) {
    const value = y[row] as number;
    for (let column = 0; column < width; column++)
      sums[column] = (sums[column] as number) + value * (columns[row * width + column] as number);
  }
  return sums;
}

/**
 * The best coefficients at one variance: `delta` is moved there from where it is, the smooth ones are returned. The
 * smooth ones are eliminated first (Schur complement), so that the search for the kinks is among S variables alone.
 */
function solveGiven(
  variance: number,
  given: { sums: DesignSums; values: ValueSums; delta: Float64Array },
): Float64Array<ArrayBuffer> {
  const { sums, values, delta } = given;
  const { size } = sums.smoothSums;
  const factor = { entries: sums.smoothSums.entries.slice(), size };
  for (let column = 0; column < size; column++)
    factor.entries[column * (size + 1)] =
      (factor.entries[column * (size + 1)] as number) + variance * (sums.precisions[column] as number);
  factorise(factor);
  const whitened = sums.crossSums.slice();
  for (let kink = 0; kink < delta.length; kink++) solveLower(factor, whitened.subarray(kink * size, (kink + 1) * size));
  const smooth = values.smooth.slice();
  solveLower(factor, smooth);
  const hessian = { entries: sums.kinkSums.entries.slice(), size: delta.length };
  const linear = values.kinks.slice();
  for (let row = 0; row < delta.length; row++) {
    const own = whitened.subarray(row * size, (row + 1) * size);
    linear[row] = (linear[row] as number) - dot(own, smooth);
    for (let column = 0; column <= row; column++) {
      const other = whitened.subarray(column * size, (column + 1) * size);
      const rest = (hessian.entries[row * delta.length + column] as number) - dot(own, other);
      hessian.entries[row * delta.length + column] = rest;
      hessian.entries[column * delta.length + row] = rest;
    }
  }
  sparseMinimum({ hessian, linear, penalty: variance / sums.design.tau }, delta);
  for (let kink = 0; kink < delta.length; kink++) {
    const change = delta[kink] as number;
    if (change === 0) continue;
    for (let column = 0; column < size; column++)
      smooth[column] = (smooth[column] as number) - change * (whitened[kink * size + column] as number);
  }
  solveUpper(factor, smooth);
  return smooth;
}

/** |y - columns x coefficients|^2 out of the sums alone. */
function squaredErrors(given: {
  sums: DesignSums;
  values: ValueSums;
  smooth: Float64Array;
  delta: Float64Array;
}): number {
  const { sums, values, smooth, delta } = given;
  const smoothPart = quadraticForm(sums.smoothSums, smooth) - 2 * dot(values.smooth, smooth);
  const kinkPart = quadraticForm(sums.kinkSums, delta) - 2 * dot(values.kinks, delta);
  let crossPart = 0;
  for (let kink = 0; kink < delta.length; kink++)
    crossPart += 2 * (delta[kink] as number) * dot(sums.crossSums.subarray(kink * smooth.length), smooth);
  return values.squares + smoothPart + kinkPart + crossPart;
}

/** Where n / sigma - errors / sigma^3 + sigma / prior^2, the slope of the log posterior, is 0. */
function bestVariance(errors: number, rows: number): number {
  const squares = Math.max(errors, 0);
  return notBelowLeast((2 * squares) / (rows + Math.sqrt(rows * rows + (4 * squares) / SIGMA_PRIOR ** 2)));
}

const notBelowLeast = (variance: number): number => Math.max(variance, SIGMA_LEAST ** 2);

function quadraticForm({ entries, size }: SquareMatrix, x: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += (x[row] as number) * dot(entries.subarray(row * size), x);
  return sum;
}

/** Over as many as `right` has. */
function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < right.length; index++) sum += (left[index] as number) * (right[index] as number);
  return sum;
}
