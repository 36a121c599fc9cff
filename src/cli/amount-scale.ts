// One unit for all amounts of a picture, such that the largest of them reads well.
import type { Resource } from "../model/resources.ts";
import { GIBIBYTE, KIBIBYTE, MEBIBYTE } from "../model/units.ts";

export interface AmountScale {
  /** Empty where a series does not say what it measures. */
  readonly unit: string;
  /** With as many decimals as the largest amount needs to show three digits. */
  format(amount: number): string;
}

interface Unit {
  readonly name: string;
  readonly size: number;
  /** The smallest amount that it serves for. */
  readonly from: number;
}

const RATES = [unit("GB/s", 1e9), unit("MB/s", 1e6), unit("kB/s", 1e3), unit("B/s", 1, 0)];
/** The largest first; the last serves for all that is smaller. */
const UNITS: Readonly<Record<Resource | "unknown", readonly Unit[]>> = {
  cpu: [unit("cores", 1, 0.1), unit("mcores", 1e-3, 0)],
  memory: [unit("GiB", GIBIBYTE), unit("MiB", MEBIBYTE), unit("KiB", KIBIBYTE), unit("bytes", 1, 0)],
  network: RATES,
  storage: RATES,
  unknown: [unit("billions", 1e9), unit("millions", 1e6), unit("thousands", 1e3, 1e4), unit("", 1, 0)],
};

/** Never a nonzero amount as nothing: "<0.1" instead of "0.0". */
export function notNothing({ format }: AmountScale, amount: number): string {
  const text = format(amount);
  return amount > 0 && Number(text) === 0 ? `<${text.replace(/0$/, "1")}` : text;
}

const DECIMALS_MAX = 9;

/** `largest` >= 0, base units. */
export function amountScale(resource: Resource | null, largest: number): AmountScale {
  const { name, size } = UNITS[resource ?? "unknown"].find(({ from }) => largest >= from) ?? unit("", 1);
  const top = largest / size;
  const decimals = top > 0 ? Math.min(Math.max(0, 2 - Math.floor(Math.log10(top))), DECIMALS_MAX) : 0;
  return { unit: name, format: (amount) => (amount / size).toFixed(decimals) };
}

function unit(name: string, size: number, from = size): Unit {
  return { name, size, from };
}
