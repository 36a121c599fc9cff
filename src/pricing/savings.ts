// What reserving less is worth in a month. Lines add up to the totals to the last micro-unit.
import { addMoney, type Micros, NO_MONEY, priceOf, subtractMoney } from "../model/money.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { type PriceList, pricedUnits } from "./price-list.ts";

export const HOURS_PER_MONTH = 730;

/** Mean amounts over the time compared, in base units. A resource that is not known is absent. */
type MeanAmounts = { readonly [R in Resource]?: number };

interface MonthlyCost {
  readonly fixedCost: Micros;
  readonly reservedCost: Micros;
  /** fixedCost - reservedCost; negative when reserving costs more. */
  readonly savedCost: Micros;
}

interface ResourceSavings extends MonthlyCost {
  readonly resource: Resource;
  /** Mean amounts in base units; `saved` = fixed - reserved. */
  readonly fixed: number;
  readonly reserved: number;
  readonly saved: number;
}

export interface Savings extends MonthlyCost {
  readonly prices: PriceList;
  /** One for each resource of which both amounts are known, in the order of RESOURCES. */
  readonly lines: readonly ResourceSavings[];
}

/** Fixed sizes against what was reserved, both as mean amounts in base units, for a month at the stated prices. */
export function monthlySavings(compared: {
  readonly fixed: MeanAmounts;
  readonly reserved: MeanAmounts;
  readonly prices: PriceList;
}): Savings {
  const lines = RESOURCES.flatMap((resource) => {
    const [fixed, reserved] = [compared.fixed[resource], compared.reserved[resource]];
    return fixed === undefined || reserved === undefined
      ? []
      : [line({ resource, fixed, reserved, rate: compared.prices.perHour[resource] })];
  });
  const fixedCost = sum(lines.map((each) => each.fixedCost));
  const reservedCost = sum(lines.map((each) => each.reservedCost));
  return { prices: compared.prices, lines, fixedCost, reservedCost, savedCost: subtractMoney(fixedCost, reservedCost) };
}

function line(given: { resource: Resource; fixed: number; reserved: number; rate: Micros }): ResourceSavings {
  const { resource, fixed, reserved, rate } = given;
  const monthly = (amount: number) => priceOf(rate, pricedUnits(resource, amount) * HOURS_PER_MONTH);
  const [fixedCost, reservedCost] = [monthly(fixed), monthly(reserved)];
  const savedCost = subtractMoney(fixedCost, reservedCost);
  return { resource, fixed, reserved, saved: fixed - reserved, fixedCost, reservedCost, savedCost };
}

function sum(amounts: readonly Micros[]): Micros {
  return amounts.reduce(addMoney, NO_MONEY);
}
