// Amounts as whole numbers, so that what money depends on adds up exactly: an amount is counted in quanta, a quantity in
// quanta x milliseconds. However time is cut into pieces, the sum is the same to the last one.
import type { Resource } from "../model/resources.ts";
import { HOUR_MS } from "../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../model/units.ts";

/** The smallest amount that is told from nothing, in base units: a thousandth of a core, 1 MiB, 1 kB/s. */
const QUANTUM: Readonly<Record<Resource, number>> = { cpu: 1e-3, memory: MEBIBYTE, network: 1e3, storage: 1e3 };

/** Quanta in the unit that a price is for: core, GiB, MB/s, MB/s. */
export const QUANTA_PER_UNIT: Readonly<Record<Resource, number>> = {
  cpu: 1000,
  memory: GIBIBYTE / MEBIBYTE,
  network: 1000,
  storage: 1000,
};

/** 134,000 cores, 128 TiB, 134 GB/s: for an hour, or for 18, of that a quantity is still a whole number to the last digit. */
const QUANTA_MAX = 2 ** 27;

/** The nearest whole number of quanta to an amount in base units; NaN is nothing. */
export function quantaOf(resource: Resource, amount: number): number {
  return amount > 0 ? Math.min(Math.round(amount / QUANTUM[resource]), QUANTA_MAX) : 0;
}

/** What one priced unit in force for one hour is, as a quantity. */
export function quantityPerUnitHour(resource: Resource): bigint {
  return BigInt(QUANTA_PER_UNIT[resource]) * BigInt(HOUR_MS);
}
