// Means of parts and of their totals, forecast apart from each other, brought to agree: each moves by as much as it is unsure.
import { assert } from "../../model/result.ts";

export interface MeansToReconcile {
  /** [part] mean and variance of its forecast, one unit for all. */
  readonly parts: Float64Array;
  readonly partVariances: Float64Array;
  /** [total] */
  readonly totals: Float64Array;
  readonly totalVariances: Float64Array;
  /** [total] its parts. A part may belong to several totals: to a customer and to a host. */
  readonly members: readonly ArrayLike<number>[];
}

/** Rounds of the solver: two groupings that cross need a few dozen, one alone needs one. */
const ROUNDS_MAX = 200;
const RESIDUAL_MAX = 1e-12;

/**
 * [part] means that are as near to all forecasts as they can be while every total is the sum of its parts, each distance
 * divided by the variance of its forecast: MinT with a diagonal covariance (Wickramasuriya, Athanasopoulos & Hyndman,
 * "Optimal forecast reconciliation for hierarchical and grouped time series through trace minimization", JASA 114, 2019).
 * The reconciled total is the sum. None falls below zero: what would is held there, as in their non-negative variant
 * (Wickramasuriya, Turlach & Hyndman, Statistics and Computing 30, 2020), but without solving for the others again.
 */
export function reconcileMeans(given: MeansToReconcile): Float64Array {
  const { parts, partVariances, members } = given;
  assert(given.totals.length === members.length, "every total has its parts");
  const pulls = solve(given);
  const moved = parts.slice();
  for (const [total, own] of members.entries())
    for (let place = 0; place < own.length; place++) {
      const part = own[place] as number;
      moved[part] = (moved[part] as number) + (partVariances[part] as number) * (pulls[total] as number);
    }
  return moved.map((mean) => Math.max(mean, 0));
}

/**
 * [total] how hard each total pulls its parts, by conjugate gradients: for total g and h the matrix holds the variances of
 * the parts that both have, and that of g itself on the diagonal.
 */
function solve({ parts, partVariances, totals, totalVariances, members }: MeansToReconcile): Float64Array {
  const gaps = totals.map((total, each) => total - sumOver(members[each] ?? [], parts));
  const diagonal = totalVariances.map((variance, each) => variance + sumOver(members[each] ?? [], partVariances));
  const pulls = new Float64Array(totals.length);
  const residual = gaps.slice();
  let eased = residual.map((gap, each) => over(gap, diagonal[each] as number));
  let direction = eased.slice();
  let size = dot(residual, eased);
  const enough = RESIDUAL_MAX * size;
  for (let round = 0; round < ROUNDS_MAX && size > enough; round++) {
    const image = imageOf(direction);
    const step = size / dot(direction, image);
    for (let each = 0; each < pulls.length; each++) {
      pulls[each] = (pulls[each] as number) + step * (direction[each] as number);
      residual[each] = (residual[each] as number) - step * (image[each] as number);
    }
    eased = residual.map((gap, each) => over(gap, diagonal[each] as number));
    const next = dot(residual, eased);
    direction = eased.map((value, each) => value + (next / size) * (direction[each] as number));
    size = next;
  }
  return pulls;

  function imageOf(of: Float64Array): Float64Array {
    const pulled = new Float64Array(parts.length);
    for (const [total, own] of members.entries())
      for (let place = 0; place < own.length; place++) {
        const part = own[place] as number;
        pulled[part] = (pulled[part] as number) + (of[total] as number) * (partVariances[part] as number);
      }
    return of.map((value, total) => value * (totalVariances[total] as number) + sumOver(members[total] ?? [], pulled));
  }
}

function over(value: number, divisor: number): number {
  return divisor > 0 ? value / divisor : 0;
}

function sumOver(places: ArrayLike<number>, values: Float64Array): number {
  let sum = 0;
  for (let place = 0; place < places.length; place++) sum += values[places[place] as number] as number;
  return sum;
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let each = 0; each < left.length; each++) sum += (left[each] as number) * (right[each] as number);
  return sum;
}
