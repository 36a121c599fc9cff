// The server's desk for prices: the price book as it is written, invoices of usage, scores of profiles. Computes, and asks nobody.
import type { TierHistory } from "../../control/kept-bills.ts";
import type { VmSamples } from "../../control/store-ports.ts";
import { type Micros, micros } from "../../model/money.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import type { Resource } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { SERVICE_PLANS, type ServicePlan } from "../../model/service-plan.ts";
import { type Instant, iso } from "../../model/time.ts";
import type { UsageRecord } from "../../model/usage-record.ts";
import { type BillingMonth, billingMonth, monthAt, monthBefore } from "../../pricing/billing-month.ts";
import { focusCsv } from "../../pricing/focus-export.ts";
import { type InvoiceBasis, invoiceOf, sum } from "../../pricing/invoice.ts";
import { type InvoiceSheet, invoiceFrom, serviceSheets, sheetOf } from "../../pricing/invoice-sheet.ts";
import { parsePriceBook } from "../../pricing/parse-price-book.ts";
import { marginOf, predictionCosts } from "../../pricing/prediction-cost.ts";
import {
  nextWholeHour,
  type PlanPrices,
  type PriceBook,
  type PriceVersion,
  type Rates,
  ratesOf,
  succeed,
  versionAt,
} from "../../pricing/price-book.ts";
import { discountShare, nextTier, progressOf } from "../../pricing/profile-tier.ts";
import { SCORED_MS, scoreProfiles } from "../../pricing/score-profile.ts";
import { serviceReport } from "../../pricing/service-report.ts";
import { declaredLevels } from "../../signals/profile-demand.ts";

/** As the server's PricingDesk. */
export const pricing = {
  readBook: (value: unknown, where?: string): Result<PriceBook> => parsePriceBook(value, where),
  showBook,
  followBook: (before: PriceBook, { next, now }: { readonly next: PriceBook; readonly now: Instant }) =>
    succeed(before, { next, ratedUntil: nextWholeHour(now) }),
  month: (name: string | undefined, { timeZone, now }: { readonly timeZone: string; readonly now: Instant }) =>
    name === undefined ? success(monthAt(now, timeZone)) : billingMonth(name, timeZone),
  monthsBefore(month: BillingMonth, count: number): readonly BillingMonth[] {
    const months: BillingMonth[] = [];
    for (let last = month; months.length < count; ) {
      last = monthBefore(last);
      months.push(last);
    }
    return months;
  },
  invoice(basis: InvoiceBasis): Result<InvoiceSheet> {
    const invoice = invoiceOf(basis);
    return invoice.ok ? success(sheetOf(invoice.value, basis.discountShare)) : invoice;
  },
  focus(sheet: InvoiceSheet, { issuer, customerName, number }: FocusGiven): Result<string> {
    const invoice = invoiceFrom(sheet);
    if (!invoice.ok) return invoice;
    return success(
      focusCsv(invoice.value, { issuer, customerName, ...(number !== null && { invoiceNumber: number }) }),
    );
  },
  service: (usage: readonly UsageRecord[]) => serviceSheets(serviceReport(usage)),
  scoreMs: SCORED_MS,
  score,
  planCosts,
};

interface FocusGiven {
  readonly issuer: string;
  readonly customerName: string;
  readonly number: string | null;
}

/** As it is written: `readBook` makes the same book of it. */
function showBook({ issuer, currency, versions }: PriceBook) {
  return { issuer, currency, versions: versions.map(shownVersion) };
}

function shownVersion({ validFrom, validTo, plans, burst, handOver, tiers, credits, id }: PriceVersion) {
  const plan = ({ base, leased, used, premium }: PlanPrices) => ({
    ...{ base: shownRates(base), leased: shownRates(leased), used: shownRates(used) },
    premium: premium.map(({ fromLevel, rates }) => ({ fromLevel, rates: shownRates(rates) })),
  });
  return {
    ...{ id, validFrom: iso(validFrom), ...(validTo !== undefined && { validTo: iso(validTo) }) },
    plans: {
      standard: plan(plans.standard),
      predictive: plan(plans.predictive),
      guaranteed: plan(plans.guaranteed),
      dedicated: plan(plans.dedicated),
    },
    ...{ burst: shownRates(burst), handOver: shownRates(handOver), tiers },
    credits: {
      plans: [...credits.plans],
      objective: credits.objective,
      steps: credits.steps.map((step) => ({ ...step })),
    },
  };
}

function shownRates({ cpu, memory, network, storage }: Rates) {
  const decimal = (rate: Micros) => (rate / 1e6).toFixed(6).replace(/\.?0+$/, "");
  return { cpu: decimal(cpu), memory: decimal(memory), network: decimal(network), storage: decimal(storage) };
}

interface ScoreGiven {
  readonly workloads: readonly { readonly profile: WorkloadProfile; readonly samples: readonly VmSamples[] }[];
  readonly until: Instant;
  readonly book: PriceBook | undefined;
  readonly before: TierHistory | undefined;
}

/** Without prices there is a score, and nothing comes of it. */
function score({ workloads, until, book, before }: ScoreGiven) {
  const scored = scoreProfiles(
    workloads.map(({ profile, samples }) => ({
      declared: (resource: Resource, at: Instant) => declaredLevels(profile, { resource, at }),
      samples,
    })),
    until,
  );
  const { skill, hours } = scored;
  const rules = book && (versionAt(book, until) ?? book.versions.at(-1))?.tiers;
  const tier = rules ? nextTier(before?.tier ?? "bronze", scored, rules) : "bronze";
  return {
    ...{ tier, skill, hours, discountShare: rules ? discountShare(scored, rules) : 0 },
    resources: scored.resources.map((each) => ({ ...each })),
    next: (rules && progressOf(tier, scored, rules)) ?? null,
    history: (before?.months ?? []).map((month) => ({ ...month })),
  };
}

interface CostsGiven {
  readonly usage: readonly UsageRecord[];
  readonly sheets: readonly InvoiceSheet[];
  /** Of a priced unit for an hour, micro-units. */
  readonly costs: Readonly<Record<Resource, number>>;
}

function planCosts({ usage, sheets, costs }: CostsGiven) {
  const rates = ratesOf((resource) => micros(costs[resource]));
  const all = predictionCosts(usage, rates);
  return SERVICE_PLANS.map((plan) => {
    const own = all.filter((each) => each.plan === plan);
    const customers = sheets.filter(({ lines }) => lines.some((line) => planOf(line) === plan)).length;
    return { plan, customers, ...marginOf(sum(sheets.map((sheet) => revenueOf(sheet, plan))), own) };
  });
}

function planOf(line: InvoiceSheet["lines"][number]): ServicePlan | undefined {
  return line.kind === "discount" ? undefined : line.plan;
}

/** What was charged less what was paid back; the base is what a VM costs without any of this, and left out. */
function revenueOf({ lines }: InvoiceSheet, plan: ServicePlan): Micros {
  const own = lines.filter((line) => planOf(line) === plan && !(line.kind === "usage" && line.charge === "base"));
  return micros(own.reduce((total, { amount }) => total + amount, 0));
}
