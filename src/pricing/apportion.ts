// A whole number divided in proportion to weights, so that the parts add up to it exactly: the method of largest remainders.
import { assert } from "../model/result.ts";

/**
 * Whole parts of the whole `total` (0 to 2^53), each within one of its exact share. Of equal remainders the earlier weight gets more.
 * Without any weight above zero everybody gets the same. Source: Hamilton's method, Balinski and Young, Fair Representation (1982).
 */
export function apportion(total: number, weights: ArrayLike<number>): Float64Array {
  assert(Number.isSafeInteger(total) && total >= 0, `a whole number is divided, got ${total}`);
  const parts = new Float64Array(weights.length);
  if (weights.length === 0 || total === 0) return parts;
  const scale = weightScale(weights);
  let rest = total;
  const remainders = new Float64Array(weights.length);
  for (let index = 0; index < parts.length; index++) {
    const exact = total * (scale === 0 ? 1 / parts.length : (weights[index] as number) / scale);
    const part = Math.min(Math.floor(exact), rest);
    parts[index] = part;
    remainders[index] = exact - part;
    rest -= part;
  }
  if (rest > 0) handOut({ rest, parts, remainders, weights: scale === 0 ? undefined : weights });
  return parts;
}

function weightScale(weights: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number;
    assert(weight >= 0 && weight < Number.POSITIVE_INFINITY, `weights are finite and not negative, got ${weight}`);
    sum += weight;
  }
  return sum;
}

interface Unfinished {
  rest: number;
  readonly parts: Float64Array;
  readonly remainders: Float64Array;
  readonly weights: ArrayLike<number> | undefined;
}

/** One each to the largest remainders. Where totals are so large that shares lost their last digits, more than one each is left. */
function handOut({ rest, parts, remainders, weights }: Unfinished): void {
  const order = [...remainders.keys()]
    .filter((index) => weights === undefined || (weights[index] as number) > 0)
    .sort((left, right) => (remainders[right] as number) - (remainders[left] as number) || left - right);
  for (let turn = 0; rest > 0; turn++, rest--) {
    const index = order[turn % order.length] as number;
    parts[index] = (parts[index] as number) + 1;
  }
}
