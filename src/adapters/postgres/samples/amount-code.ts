// Amounts as 16-bit logarithms: 0.03 % apart from a ten-thousandth of a core or one byte upwards. Rounded once, when samples come in,
// so that whoever decides live and whoever reads it later see the same numbers.
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../../model/resources.ts";

/** Less than this is nothing. */
const FLOORS: Readonly<Record<Resource, number>> = { cpu: 1e-4, memory: 1, network: 1, storage: 1 };
const STEPS_PER_E = 1800;
const NOTHING = 0;
const LARGEST = 65_534;
export const MISSING_CODE = 65_535;

const TABLES = RESOURCES.map((resource) => {
  const amounts = new Float32Array(MISSING_CODE + 1);
  for (let code = 1; code <= LARGEST; code++) amounts[code] = FLOORS[resource] * Math.exp((code - 1) / STEPS_PER_E);
  amounts[MISSING_CODE] = Number.NaN;
  return amounts;
});
/** As single precision has them, so that what is given back is not below its own floor. */
const FLOOR_LIST = RESOURCES.map((resource) => Math.fround(FLOORS[resource]));

/** Relative error of what comes back at most 1 / (2 x 1800), for floor to floor x 6.4e15; more is cut there. NaN stays NaN. */
export function codeOf(amount: number, column: number): number {
  if (Number.isNaN(amount)) return MISSING_CODE;
  const floor = FLOOR_LIST[column] as number;
  if (amount < floor) return NOTHING;
  return Math.min(LARGEST, 1 + Math.round(Math.log(amount / floor) * STEPS_PER_E));
}

/** [codes as they are in RESOURCES' column] */
export function amountsOf(codes: Uint16Array, column: number): Float32Array {
  const table = TABLES[column] as Float32Array;
  const amounts = new Float32Array(codes.length);
  for (let row = 0; row < codes.length; row++) amounts[row] = table[codes[row] as number] as number;
  return amounts;
}

/** The larger amount; one that is missing gives way. Codes grow with amounts. */
export function largerCode(left: number, right: number): number {
  if (left === MISSING_CODE) return right;
  return right === MISSING_CODE ? left : Math.max(left, right);
}

/** [row x resource] as the store will give it back. */
export function roundedUsage(usage: Float32Array): Float32Array {
  const rounded = new Float32Array(usage.length);
  for (let cell = 0; cell < usage.length; cell++) {
    const column = cell % RESOURCE_COUNT;
    rounded[cell] = (TABLES[column] as Float32Array)[codeOf(usage[cell] as number, column)] as number;
  }
  return rounded;
}
