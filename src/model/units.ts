// Amounts carry their unit in the type, so that cores are never added to bytes. Always base units: no MHz, KB or MB/s here.
import { assert } from "./result.ts";

declare const unit: unique symbol;
export type Amount<Unit extends string> = number & { readonly [unit]: Unit };

/** One core = one core of the host, busy all the time. Fractions are normal. */
export type Cores = Amount<"cores">;
export type Bytes = Amount<"bytes">;
/** Network: received + sent. Storage: read + written. */
export type BytesPerSecond = Amount<"bytes/s">;

/** Throws on NaN, infinities and negative amounts: parse and repair before, at the rim. */
function amount<Unit extends string>(value: number): Amount<Unit> {
  assert(Number.isFinite(value) && value >= 0, `an amount is finite and not negative, got ${value}`);
  return value as Amount<Unit>;
}

export const cores = (value: number): Cores => amount(value);
export const bytes = (value: number): Bytes => amount(value);
export const bytesPerSecond = (value: number): BytesPerSecond => amount(value);

export const KIBIBYTE = 1024;
export const MEBIBYTE = 1024 ** 2;
export const GIBIBYTE = 1024 ** 3;
