// Rings of the last errors of many forecasts, two bytes each: on the log scale, to 1/8000, held within ±4.

export interface ErrorRing {
  readonly length: number;
  /** [row x length] */
  readonly codes: Int16Array;
  /** [row] errors ever written. */
  readonly counts: Int32Array;
}

const PER_UNIT = 8_000;
const CODE_MAX = 32_000;

export function createErrorRing(size: { rows: number; length: number }): ErrorRing {
  return { length: size.length, codes: new Int16Array(size.rows * size.length), counts: new Int32Array(size.rows) };
}

/** Rounded up, as too little is worse than too much. */
export function addError({ length, codes, counts }: ErrorRing, row: number, error: number): void {
  const count = counts[row] as number;
  const code = Math.ceil(error * PER_UNIT);
  codes[row * length + (count % length)] = code > CODE_MAX ? CODE_MAX : code < -CODE_MAX ? -CODE_MAX : code;
  counts[row] = count + 1;
}

/** Copies all errors known of a row, in no order, to `target` from `at` on; returns the position after them. */
export function copyErrors(
  { length, codes, counts }: ErrorRing,
  row: number,
  target: { values: Float32Array; at: number },
): number {
  const known = Math.min(counts[row] as number, length);
  const first = row * length;
  for (let each = 0; each < known; each++) target.values[target.at + each] = (codes[first + each] as number) / PER_UNIT;
  return target.at + known;
}
