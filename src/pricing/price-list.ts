// What capacity costs by the hour, as stated by whoever compares. Prices only enter what is shown, never a forecast or
// a plan.
import { type Micros, micros } from "../model/money.ts";
import type { Resource } from "../model/resources.ts";
import { GIBIBYTE } from "../model/units.ts";

export interface PriceList {
  /** ISO 4217: "EUR". */
  readonly currency: string;
  /** Where the prices come from, in one sentence; shown wherever they are. */
  readonly basis: string;
  /** Micro-units of the currency for one priced unit kept for one hour. */
  readonly perHour: Readonly<Record<Resource, Micros>>;
}

/** The amount in base units that a price is for. */
export const PRICED_UNIT: Readonly<Record<Resource, { readonly amount: number; readonly name: string }>> = {
  cpu: { amount: 1, name: "core" },
  memory: { amount: GIBIBYTE, name: "GiB" },
  network: { amount: 1e6, name: "MB/s" },
  storage: { amount: 1e6, name: "MB/s" },
};

/** Round figures in the range of public clouds' list prices. An assumption: no provider charges exactly this. */
export const ASSUMED_PRICES: PriceList = {
  currency: "EUR",
  basis: "An assumption: round figures in the range of public clouds' list prices.",
  perHour: { cpu: micros(30_000), memory: micros(4_000), network: micros(2_000), storage: micros(1_000) },
};

/** How many priced units `amount` base units are: 2 for 2 GiB in bytes. */
export function pricedUnits(resource: Resource, amount: number): number {
  return amount / PRICED_UNIT[resource].amount;
}

/** Micro-units of the currency for one base unit (core, byte, byte/s) kept for one hour; not rounded. */
export function costPerBaseUnitHour({ perHour }: PriceList): Readonly<Record<Resource, number>> {
  return {
    cpu: perHour.cpu / PRICED_UNIT.cpu.amount,
    memory: perHour.memory / PRICED_UNIT.memory.amount,
    network: perHour.network / PRICED_UNIT.network.amount,
    storage: perHour.storage / PRICED_UNIT.storage.amount,
  };
}
