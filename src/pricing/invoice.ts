// An invoice: what one customer owes for one month, as lines that add up to its total and can each be worked out again from the usage
// records. A draft changes with every hour; a final one has a number and never changes.
import type { CustomerId } from "../model/fleet.ts";
import { addMoney, type Micros, NO_MONEY, subtractMoney } from "../model/money.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { type Result, success } from "../model/result.ts";
import { SERVICE_PLANS, type ServicePlan } from "../model/service-plan.ts";
import type { UsageRecord } from "../model/usage-record.ts";
import { usageKey, withoutRepeats } from "../model/usage-record.ts";
import { type BillingMonth, monthAt } from "./billing-month.ts";
import { type PriceBook, versionAt } from "./price-book.ts";
import { discountOf } from "./profile-tier.ts";
import { rateUsage, type UsageLine } from "./rate-usage.ts";
import { coverageOf, creditFor, type ServiceShare, serviceReport } from "./service-report.ts";

/** What a well declared profile takes off. */
export interface DiscountLine {
  readonly kind: "discount";
  readonly share: number;
  /** What was charged for leases and premium. */
  readonly of: Micros;
  /** Not above zero. */
  readonly amount: Micros;
}

/** What was promised and missed. */
export interface CreditLine {
  readonly kind: "credit";
  readonly plan: ServicePlan;
  readonly resource: Resource;
  /** Share of burst time in which capacity was there, and that it should have been. */
  readonly coverage: number;
  readonly objective: number;
  readonly of: Micros;
  /** Not above zero. */
  readonly amount: Micros;
}

/** Usage of an earlier month that was put right after its invoice was final. */
export interface CorrectionLine extends Omit<UsageLine, "kind"> {
  readonly kind: "correction";
  readonly month: string;
}

export type InvoiceLine = UsageLine | CorrectionLine | DiscountLine | CreditLine;

export interface Invoice {
  readonly customer: CustomerId;
  readonly month: BillingMonth;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  readonly total: Micros;
  /** Of the month: what credits are founded on. */
  readonly service: readonly ServiceShare[];
  /** Keys of all corrections that it takes in, so that none is taken in twice. */
  readonly corrections: readonly string[];
}

export interface InvoiceBasis {
  readonly customer: CustomerId;
  readonly month: BillingMonth;
  readonly book: PriceBook;
  /** Of the customer, that begin in the month. In any order, told any number of times. */
  readonly usage: readonly UsageRecord[];
  /** Corrections of earlier months that no invoice took in yet. */
  readonly late: readonly UsageRecord[];
  /** By its profiles' score: 0..1. */
  readonly discountShare: number;
}

/** "not-found" where no price was in force for something that was used. */
export function invoiceOf(basis: InvoiceBasis): Result<Invoice> {
  const { customer, month, book, discountShare } = basis;
  const usage = withoutRepeats(basis.usage);
  const late = withoutRepeats(basis.late);
  const lines = rateUsage(usage, book);
  if (!lines.ok) return lines;
  const corrected = correctionLines(late, { book, month });
  if (!corrected.ok) return corrected;
  const service = serviceReport(usage);
  const all = [
    ...lines.value,
    ...corrected.value,
    ...discountLines(lines.value, discountShare),
    ...creditLines(lines.value, { service, book, month, discountShare }),
  ];
  const corrections = [...usage, ...late].filter(({ correction }) => correction !== undefined).map(usageKey);
  return success({
    ...{ customer, month, currency: book.currency, lines: all, service, corrections: corrections.sort() },
    total: sum(all.map(({ amount }) => amount)),
  });
}

function correctionLines(
  late: readonly UsageRecord[],
  { book, month }: Pick<InvoiceBasis, "book" | "month">,
): Result<readonly CorrectionLine[]> {
  const months = new Map<string, UsageRecord[]>();
  for (const record of late) {
    const { name } = monthAt(record.from, month.timeZone);
    months.set(name, [...(months.get(name) ?? []), record]);
  }
  const lines: CorrectionLine[] = [];
  for (const [name, records] of [...months].sort(([left], [right]) => (left < right ? -1 : 1))) {
    const rated = rateUsage(records, book);
    if (!rated.ok) return rated;
    lines.push(...rated.value.map((line) => ({ ...line, kind: "correction" as const, month: name })));
  }
  return success(lines);
}

/** What a plan charges beyond the base for capacity held: what truth makes cheaper, and what is paid back. */
export function isHeld({ charge }: Pick<UsageLine, "charge">): boolean {
  return charge === "leased" || charge === "premium";
}

function discountLines(lines: readonly UsageLine[], share: number): DiscountLine[] {
  const of = sum(lines.filter(isHeld).map(({ amount }) => amount));
  const amount = subtractMoney(NO_MONEY, discountOf(of, share));
  return amount === 0 ? [] : [{ kind: "discount", share, of, amount }];
}

interface Credited extends Pick<InvoiceBasis, "book" | "month" | "discountShare"> {
  readonly service: readonly ServiceShare[];
}

/** By the rules in force when the month began; of what was charged after discount, so that nobody is paid more than they paid. */
function creditLines(lines: readonly UsageLine[], { service, book, month, discountShare }: Credited): CreditLine[] {
  const rules = (versionAt(book, month.from) ?? book.versions[0])?.credits;
  if (rules === undefined) return [];
  return SERVICE_PLANS.flatMap((plan) =>
    RESOURCES.flatMap((resource): CreditLine[] => {
      const share = service.find((each) => each.plan === plan && each.resource === resource);
      if (share === undefined) return [];
      const own = lines.filter((line) => line.plan === plan && line.resource === resource);
      const held = sum(own.filter(isHeld).map(({ amount }) => amount));
      const used = sum(own.filter(({ charge }) => charge === "used").map(({ amount }) => amount));
      const of = addMoney(used, subtractMoney(held, discountOf(held, discountShare)));
      const amount = of > 0 ? creditFor(share, { rules, charged: of }) : NO_MONEY;
      const told = { coverage: coverageOf(share), objective: rules.objective };
      return amount === 0 ? [] : [{ kind: "credit", plan, resource, ...told, of, amount }];
    }),
  );
}

export function sum(amounts: readonly Micros[]): Micros {
  return amounts.reduce(addMoney, NO_MONEY);
}
