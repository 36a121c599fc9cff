// Money in integer micro-units (millionths) of one currency. Adding is exact; rounding happens in one place.
import { assert } from "./result.ts";

declare const money: unique symbol;
export type Micros = number & { readonly [money]: "micros" };

export function micros(value: number): Micros {
  assert(Number.isSafeInteger(value), `money is an integer number of micro-units, got ${value}`);
  return (value === 0 ? 0 : value) as Micros;
}

export const NO_MONEY: Micros = micros(0);

export function addMoney(left: Micros, right: Micros): Micros {
  return micros(left + right);
}

export function subtractMoney(left: Micros, right: Micros): Micros {
  return micros(left - right);
}

/** `rate` micro-units for each unit of `quantity`. */
export function priceOf(rate: Micros, quantity: number): Micros {
  return roundToMicros(rate * quantity);
}

/** The one place where money is rounded: half to even, so that many small amounts do not drift. */
export function roundToMicros(value: number): Micros {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return micros(rest < 0.5 ? floor : floor + 1);
  return micros(floor % 2 === 0 ? floor : floor + 1);
}

/**
 * The same rounding for what is known exactly, as a ratio of whole numbers: half to even. `divisor` > 0. What is added up before
 * it is rounded once comes out alike however it was cut into pieces.
 */
export function roundRatio(dividend: bigint, divisor: bigint): Micros {
  assert(divisor > 0n, "money is divided by more than nothing");
  const rest = ((dividend % divisor) + divisor) % divisor;
  const floor = (dividend - rest) / divisor;
  const isUp = rest * 2n > divisor || (rest * 2n === divisor && floor % 2n !== 0n);
  return micros(Number(isUp ? floor + 1n : floor));
}

/** "81.40" for 81_400_000 micro-units. Rounds for show only; never parse it back. */
export function formatMoney(amount: Micros, decimals = 2): string {
  return (amount / 1e6).toFixed(decimals);
}
