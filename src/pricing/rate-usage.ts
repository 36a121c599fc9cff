// RATING: usage records x price book -> lines. What a line charges for is added up in whole numbers and rounded once, so that neither
// the order of records nor how usage was cut into pieces changes a bill, and anybody can work each line out again.
import { type Micros, roundRatio } from "../model/money.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { failure, type Result, success } from "../model/result.ts";
import { SERVICE_PLANS, type ServicePlan } from "../model/service-plan.ts";
import { iso } from "../model/time.ts";
import { amountIndex, isShaped, type UsageMeter, type UsageRecord } from "../model/usage-record.ts";
import { addTo, type ExactSum, emptySum, exactValue } from "./exact-sum.ts";
import { type PriceBook, type PriceVersion, premiumAt, type Rates, versionAt } from "./price-book.ts";
import { quantityPerUnitHour } from "./usage-quantity.ts";

/** What is charged for. `premium`: the share of buffers held. `burst`: used beyond the base where nothing was predicted. */
const CHARGES = ["base", "leased", "used", "premium", "burst", "handOver"] as const;
type Charge = (typeof CHARGES)[number];

export interface UsageLine {
  readonly kind: "usage";
  /** Of the price book. */
  readonly version: string;
  readonly plan: ServicePlan;
  readonly charge: Charge;
  readonly resource: Resource;
  /** Of premium, whose price depends on it. */
  readonly serviceLevel?: number;
  /** Micro-units for one priced unit for one hour. */
  readonly rate: Micros;
  /** Whole, in quanta x ms. */
  readonly quantity: bigint;
  readonly amount: Micros;
}

/** "not-found" where no price was in force for something that was used. Lines come in one order, whatever the records came in. */
export function rateUsage(records: Iterable<UsageRecord>, book: PriceBook): Result<readonly UsageLine[]> {
  const lines = new Map<string, OpenLine>();
  const tariffs = new Map<PriceVersion, Map<string, Tariff>>();
  let version: PriceVersion | undefined;
  let hour = Number.NaN;
  for (const record of records) {
    if (record.from !== hour) {
      version = versionAt(book, record.from);
      hour = record.from;
    }
    if (version === undefined) return noPrice(record);
    const known = tariffs.get(version) ?? new Map<string, Tariff>();
    tariffs.set(version, known);
    const terms = `${record.plan} ${record.shaped} ${record.serviceLevel}`;
    let tariff = known.get(terms);
    if (tariff === undefined) {
      tariff = tariffOf(record, version, lines);
      known.set(terms, tariff);
    }
    for (const { at, sum } of tariff) addTo(sum, record.amounts[at] ?? 0);
  }
  return success(
    [...lines.values()]
      .map(closedLine)
      .filter(({ quantity }) => quantity !== 0n)
      .sort(inOrder),
  );
}

/** Half a micro-unit off the exact product at most. */
export function lineAmount({ resource, rate, quantity }: Pick<UsageLine, "resource" | "rate" | "quantity">): Micros {
  return roundRatio(quantity * BigInt(rate), quantityPerUnitHour(resource));
}

type OpenLine = Omit<UsageLine, "quantity" | "amount"> & { readonly sum: ExactSum };

/** Which amounts of a record go into which line, for all records under the same terms. */
type Tariff = readonly { readonly at: number; readonly sum: ExactSum }[];

function tariffOf(record: UsageRecord, version: PriceVersion, lines: Map<string, OpenLine>): Tariff {
  const { plan } = record;
  return RESOURCES.flatMap((resource) =>
    chargesFor(record, resource, version).map(({ charge, meter, rates, serviceLevel }) => {
      const name = [version.id, plan, charge, resource, serviceLevel ?? ""].join(" ");
      const level = serviceLevel === undefined ? {} : { serviceLevel };
      const head = { kind: "usage", version: version.id, plan, charge, resource, ...level } as const;
      const line = lines.get(name) ?? { ...head, rate: rates[resource], sum: emptySum() };
      lines.set(name, line);
      return { at: amountIndex(meter, resource), sum: line.sum };
    }),
  );
}

interface Charged {
  readonly charge: Charge;
  readonly meter: UsageMeter;
  readonly rates: Rates;
  readonly serviceLevel?: number;
}

/** A plan that predicts charges for what it holds ready; without one what was used is charged, and nothing that was not. */
function chargesFor(record: UsageRecord, resource: Resource, { plans, burst, handOver }: PriceVersion): Charged[] {
  const { plan, serviceLevel } = record;
  const prices = plans[plan];
  const always: Charged[] = [
    { charge: "base", meter: "base", rates: prices.base },
    { charge: "handOver", meter: "handOver", rates: handOver },
  ];
  if (!isPredicted(record, resource)) return [...always, { charge: "burst", meter: "over", rates: burst }];
  return [
    ...always,
    { charge: "leased", meter: "leased", rates: prices.leased },
    { charge: "used", meter: "over", rates: prices.used },
    { charge: "premium", meter: "buffer", rates: premiumAt(prices, serviceLevel), serviceLevel },
  ];
}

export function isPredicted(record: Pick<UsageRecord, "plan" | "shaped">, resource: Resource): boolean {
  return record.plan !== "standard" && isShaped(record, resource);
}

function closedLine({ sum, ...head }: OpenLine): UsageLine {
  const quantity = exactValue(sum);
  return { ...head, quantity, amount: lineAmount({ ...head, quantity }) };
}

function inOrder(left: UsageLine, right: UsageLine): number {
  return (
    compare(left.version, right.version) ||
    SERVICE_PLANS.indexOf(left.plan) - SERVICE_PLANS.indexOf(right.plan) ||
    CHARGES.indexOf(left.charge) - CHARGES.indexOf(right.charge) ||
    RESOURCES.indexOf(left.resource) - RESOURCES.indexOf(right.resource) ||
    (left.serviceLevel ?? 0) - (right.serviceLevel ?? 0)
  );
}

/** By code units, on every machine alike. */
function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}

function noPrice({ from, subject }: UsageRecord): Result<never> {
  const what = `${subject.kind} ${subject.id} from ${iso(from)}`;
  return failure(
    "not-found",
    `No price was in force for usage of ${what}: add a version to the price book that covers it.`,
  );
}
