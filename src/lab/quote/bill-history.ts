// A replayed history as the bill of a month: by day, so that the days themselves say how much such a month may differ.
import type { CustomerId } from "../../model/fleet.ts";
import { addMoney, type Micros, micros, NO_MONEY, roundToMicros } from "../../model/money.ts";
import { RESOURCES, type ResourceVector } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import type { ServicePlan } from "../../model/service-plan.ts";
import { DAY_MS, type Instant, instant } from "../../model/time.ts";
import type { UsageRecord } from "../../model/usage-record.ts";
import { type Invoice, invoiceOf, sum } from "../../pricing/invoice.ts";
import type { PriceBook } from "../../pricing/price-book.ts";
import { lineAmount } from "../../pricing/rate-usage.ts";
import { HOURS_PER_MONTH } from "../../pricing/savings.ts";
import { coverageOf } from "../../pricing/service-report.ts";
import { quantaOf } from "../../pricing/usage-quantity.ts";

export interface PlanQuote {
  readonly plan: ServicePlan;
  /** A month of 730 hours as these days were, credits taken off. */
  readonly monthly: Micros;
  /** Nine of ten months made of such days, drawn at random, lie between. */
  readonly low: Micros;
  readonly high: Micros;
  /** Not above zero; part of `monthly`. */
  readonly credits: Micros;
  /** The least of all resources; null where nothing is predicted, or nobody asked for more than the base. */
  readonly coverage: number | null;
}

interface Billed {
  readonly plan: ServicePlan;
  readonly book: PriceBook;
  readonly span: { readonly from: Instant; readonly to: Instant };
  readonly discountShare: number;
  readonly customer: CustomerId;
}

export function billOf(usage: readonly UsageRecord[], billed: Billed): Result<PlanQuote> {
  const whole = invoiceBetween(usage, billed, billed.span);
  if (!whole.ok) return whole;
  const days: number[] = [];
  for (let from = billed.span.from; from < billed.span.to; from = instant(from + DAY_MS)) {
    const day = invoiceBetween(usage, billed, { from, to: instant(from + DAY_MS) });
    if (!day.ok) return day;
    days.push(day.value.total - creditsOf(day.value));
  }
  const times = (HOURS_PER_MONTH * 3_600_000) / (billed.span.to - billed.span.from);
  const credits = roundToMicros(creditsOf(whole.value) * times);
  const shares = whole.value.service.map(coverageOf);
  const coverage = shares.length === 0 ? null : Math.min(...shares);
  const monthly = roundToMicros(whole.value.total * times);
  // Credits are earned by months, not by days: the range is that of what is charged, less those of the whole.
  const { low, high } = rangeOf(days);
  return success({
    plan: billed.plan,
    monthly,
    low: addMoney(low, credits),
    high: addMoney(high, credits),
    credits,
    coverage,
  });
}

function creditsOf({ lines }: Invoice): Micros {
  return sum(lines.filter(({ kind }) => kind === "credit").map(({ amount }) => amount));
}

/** All at the prices of now: what was is priced as if it came again. */
function invoiceBetween(
  usage: readonly UsageRecord[],
  { book, customer, discountShare }: Billed,
  span: Billed["span"],
): Result<Invoice> {
  const [version] = book.versions.slice(-1);
  const always = version && { ...version, validFrom: instant(0) };
  const within = usage.filter(({ from }) => from >= span.from && from < span.to);
  const month = { name: "quote", timeZone: "UTC", ...span };
  return invoiceOf({
    customer,
    month,
    book: { ...book, versions: always ? [always] : [] },
    usage: within,
    late: [],
    discountShare,
  });
}

const DRAWS = 1000;

/** Bootstrap over days. Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993). Days in a row are alike: a wider range is true. */
function rangeOf(days: readonly number[]): { readonly low: Micros; readonly high: Micros } {
  const random = seededRandom(1);
  const daysOfMonth = HOURS_PER_MONTH / 24;
  const totals = Array.from({ length: DRAWS }, () => {
    let drawn = 0;
    for (let day = 0; day < Math.round(daysOfMonth); day++) drawn += days[random.below(days.length)] ?? 0;
    return (drawn * daysOfMonth) / Math.round(daysOfMonth);
  }).sort((left, right) => left - right);
  const at = (share: number) => roundToMicros(totals[Math.floor(share * (DRAWS - 1))] ?? 0);
  return { low: at(0.05), high: at(0.95) };
}

/** Sizes that never change, at the base prices of plan `standard`. */
export function fixedBill(sizes: readonly ResourceVector[], book: PriceBook): Micros {
  const rates = book.versions.at(-1)?.plans.standard.base;
  if (rates === undefined) return NO_MONEY;
  let total = 0;
  for (const resource of RESOURCES) {
    const quanta = sizes.reduce((all, size) => all + quantaOf(resource, size[resource]), 0);
    total += lineAmount({
      resource,
      rate: rates[resource],
      quantity: BigInt(quanta) * BigInt(HOURS_PER_MONTH * 3_600_000),
    });
  }
  return micros(total);
}
