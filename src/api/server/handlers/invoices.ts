// Invoices: drafts made of what is known now, final ones kept as they were made, with numbers that have no gap; and what the score of a
// customer's profiles takes off them.
import type { Static } from "typebox";
import type { FinalInvoice, TierHistory } from "../../../control/kept-bills.ts";
import type { DocumentKinds, VmSamples } from "../../../control/store-ports.ts";
import type { CustomerId, VmId, WorkloadId } from "../../../model/fleet.ts";
import type { WorkloadProfile } from "../../../model/profile.ts";
import { type Result, success } from "../../../model/result.ts";
import { SERVICE_PLANS } from "../../../model/service-plan.ts";
import { type Instant, instant, iso } from "../../../model/time.ts";
import type { UsageRecord } from "../../../model/usage-record.ts";
import { usageKey } from "../../../model/usage-record.ts";
import type { Invoice, pricingRoutes } from "../../contract/pricing.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import type { Month, PricingDesk } from "../pricing-desk.ts";
import { type Refusal, refusal, unknown, wrongField } from "../refusals.ts";
import { noBook } from "./price-book.ts";

type Rows = Pick<
  typeof pricingRoutes,
  "getInvoice" | "getInvoiceFocus" | "listInvoices" | "postInvoice" | "getProfileScore" | "getPlanCosts"
>;
type Store = Asked["store"];
interface Given {
  readonly pricing: PricingDesk;
  readonly store: Store;
}

export function invoiceHandlers({ pricing }: Desks): Handlers<Rows> {
  return {
    async getInvoice({ params: { id }, query, now, store }) {
      const found = await finalOrDraft({ pricing, store }, { customer: id, name: query.month, now });
      return found.ok ? success({ body: shownInvoice(found.value) }) : found;
    },
    async getInvoiceFocus({ params: { id }, query, now, store }) {
      const found = await finalOrDraft({ pricing, store }, { customer: id, name: query.month, now });
      if (!found.ok) return found;
      const { sheet, number, book, customerName } = found.value;
      const csv = pricing.focus(sheet, { issuer: book.issuer, customerName, number: number ?? null });
      return csv.ok ? success({ body: { csv: csv.value } }) : csv;
    },
    async listInvoices({ params: { id }, store }) {
      const finals = await finalsOf(store, id);
      if (!finals.ok) return finals;
      const items = finals.value.map(({ number, issuedAt, sheet: { month, currency, total } }) => ({
        ...{ month, number, issuedAt: iso(issuedAt), currency, total },
      }));
      return success({ body: { items } });
    },
    postInvoice: (asked) => makeFinal(asked, pricing),
    async getProfileScore({ params: { id }, now, store }) {
      const score = await scoreOf({ pricing, store }, { customer: id, now });
      return score.ok ? success({ body: { customer: id, ...score.value } }) : score;
    },
    getPlanCosts: (asked) => planCosts(asked, pricing),
  };
}

interface MonthAsked {
  readonly customer: string;
  readonly name: string | undefined;
  readonly now: Instant;
}

export async function monthOf({ pricing, store }: Given, { customer, name, now }: MonthAsked) {
  const owner = await store.documents.get("customer", customer);
  if (!owner.ok) return owner;
  if (owner.value === undefined) return unknown("customer", customer);
  const { timeZone = "UTC", name: customerName } = owner.value.value;
  const month = pricing.month(name, { timeZone, now });
  return month.ok ? success({ month: month.value, customerName }) : month;
}

interface Found {
  readonly sheet: FinalInvoice["sheet"];
  readonly number?: string;
  readonly issuedAt?: Instant;
  readonly book: DocumentKinds["price-book"];
  readonly customerName: string;
}

async function finalOrDraft(given: Given, asked: MonthAsked): Promise<Result<Found, Refusal>> {
  const month = await monthOf(given, asked);
  if (!month.ok) return month;
  const { customerName } = month.value;
  const [book, final] = await Promise.all([
    given.store.priceBook(),
    given.store.documents.get("invoice", `${asked.customer}:${month.value.month.name}`),
  ]);
  if (!book.ok) return book;
  if (!final.ok) return final;
  if (book.value === undefined) return noBook();
  const common = { book: book.value.value, customerName };
  if (final.value) return success({ ...final.value.value, ...common });
  const made = await draftOf(given, { customer: asked.customer, month: month.value.month, ...common, now: asked.now });
  return made.ok ? success({ sheet: made.value.sheet, ...common }) : made;
}

/** So far back corrections are looked for. */
const MONTHS_CORRECTED = 12;

interface DraftAsked {
  readonly customer: string;
  readonly month: Month;
  readonly book: DocumentKinds["price-book"];
  readonly now: Instant;
}

async function draftOf(given: Given, { customer, month, book, now }: DraftAsked) {
  const { pricing, store } = given;
  const id = customer as CustomerId;
  const before = pricing.monthsBefore(month, MONTHS_CORRECTED);
  const since = before.at(-1)?.from ?? month.from;
  const until = instant(Math.min(now, month.to));
  const [usage, corrections, finals, score] = await Promise.all([
    store.usage({ customer: id, from: month.from, to: month.to }),
    store.usage({ customer: id, from: since, to: month.from, corrections: true }),
    finalsOf(store, customer),
    scoreOf(given, { customer, now: until, book }),
  ]);
  if (!usage.ok) return usage;
  if (!corrections.ok) return corrections;
  if (!finals.ok) return finals;
  if (!score.ok) return score;
  const { discountShare } = score.value;
  const late = lateCorrections(corrections.value, { finals: finals.value, months: before });
  const sheet = pricing.invoice({ customer: id, month, book, usage: usage.value, late, discountShare });
  return sheet.ok ? success({ sheet: sheet.value, score: score.value }) : sheet;
}

/** Of months that have a final invoice, and in none yet; those of other months come on theirs. */
function lateCorrections(
  corrections: readonly UsageRecord[],
  { finals, months }: { readonly finals: readonly FinalInvoice[]; readonly months: readonly Month[] },
): readonly UsageRecord[] {
  const taken = new Set(finals.flatMap(({ sheet }) => sheet.corrections));
  const closed = months.filter(({ name }) => finals.some(({ sheet }) => sheet.month === name));
  return corrections.filter(
    (record) => !taken.has(usageKey(record)) && closed.some(({ from, to }) => record.from >= from && record.from < to),
  );
}

const FINALS_MAX = 1000;

/** The oldest month first. */
async function finalsOf(store: Store, customer: string): Promise<Result<readonly FinalInvoice[], Refusal>> {
  const listed = await store.documents.list("invoice", { customer: customer as CustomerId, limit: FINALS_MAX });
  return listed.ok ? success(listed.value.map(({ value }) => value)) : listed;
}

const TRIES_MAX = 5;
const TIER_MONTHS_MAX = 24;

async function makeFinal(asked: Asked<Rows["postInvoice"]>, pricing: PricingDesk) {
  const { body, params, store, now, actor } = asked;
  const customer = params.id;
  const month = await monthOf({ pricing, store }, { customer, name: body.month, now });
  if (!month.ok) return month;
  const { name, to } = month.value.month;
  if (to > now) return wrongField("/month", `goes on until ${iso(to)}: it is final after that`);
  const id = `${customer}:${name}`;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const found = await finalOrDraft({ pricing, store }, { customer, name, now });
    if (!found.ok) return found;
    if (found.value.number !== undefined) return success({ body: shownInvoice(found.value), status: 200 });
    const written = await writeFinal({ ...asked, store, actor }, { id, customer, sheet: found.value.sheet, pricing });
    if (written.ok) return success({ body: shownInvoice({ ...found.value, ...written.value }) });
    if (written.error.kind !== "conflict") return written;
  }
  return refusal("unavailable", "Other invoices were being made: try again.", { retryAfterSeconds: 1 });
}

interface Writing {
  readonly id: string;
  readonly customer: string;
  readonly sheet: FinalInvoice["sheet"];
  readonly pricing: PricingDesk;
}

/** Number, invoice and tier at once or not at all: whoever is second looks again. */
async function writeFinal(
  { store, actor, now }: Pick<Asked, "store" | "actor" | "now">,
  { id, customer, sheet, pricing }: Writing,
): Promise<Result<FinalInvoice, Refusal>> {
  const owner = customer as CustomerId;
  const [counter, tier, score] = await Promise.all([
    store.documents.get("invoice-number", "invoices"),
    store.documents.get("profile-tier", customer),
    scoreOf({ pricing, store }, { customer, now: instant(Math.min(now, Date.parse(sheet.to))) }),
  ]);
  if (!counter.ok) return counter;
  if (!tier.ok) return tier;
  if (!score.ok) return score;
  const last = (counter.value?.value.last ?? 0) + 1;
  const number = `${sheet.month.slice(0, 4)}-${String(last).padStart(6, "0")}`;
  const final: FinalInvoice = { number, issuedAt: now, sheet };
  const earned = {
    month: sheet.month,
    skill: score.value.skill,
    tier: score.value.tier,
    discountShare: sheet.discountShare,
  };
  const months = [earned, ...(tier.value?.value.months ?? [])].slice(0, TIER_MONTHS_MAX);
  const history: TierHistory = { tier: score.value.tier, months };
  const written = await store.documents.write(
    [
      { kind: "invoice", id, value: final, customer: owner, ifVersion: 0 },
      { kind: "invoice-number", id: "invoices", value: { last }, ifVersion: counter.value?.version ?? 0 },
      { kind: "profile-tier", id: customer, value: history, customer: owner, ifVersion: tier.value?.version ?? 0 },
    ],
    actor,
  );
  return written.ok ? success(final) : written;
}

function shownInvoice({ sheet, number, issuedAt }: Omit<Found, "book" | "customerName">): Invoice {
  const state = number === undefined ? "draft" : "final";
  const head = { state, number: number ?? null, issuedAt: issuedAt === undefined ? null : iso(issuedAt) } as const;
  // Readonly lists there, lists here: the same data.
  return { ...sheet, ...head } as unknown as Invoice;
}

const PAGE = 1000;
const WORKLOADS_MAX = 1000;
/** Of each workload: the first ones in order of their ids, as its accuracy is shown of. */
const VMS_SCORED_MAX = 8;

interface ScoreAsked {
  readonly customer: string;
  readonly now: Instant;
  readonly book?: DocumentKinds["price-book"];
}

async function scoreOf(given: Given, { customer, now, book }: ScoreAsked) {
  const { pricing, store } = given;
  const [prices, before, scored] = await Promise.all([
    book === undefined ? store.priceBook() : success({ value: book }),
    store.documents.get("profile-tier", customer),
    scoredWorkloads(given, { customer: customer as CustomerId, now }),
  ]);
  if (!prices.ok) return prices;
  if (!before.ok) return before;
  if (!scored.ok) return scored;
  const known = { book: prices.value?.value, before: before.value?.value };
  return success(pricing.score({ workloads: scored.value, until: now, ...known }));
}

interface ScoredWorkload {
  readonly profile: WorkloadProfile;
  readonly samples: readonly VmSamples[];
}

async function scoredWorkloads(
  { pricing, store }: Given,
  { customer, now }: { readonly customer: CustomerId; readonly now: Instant },
): Promise<Result<readonly ScoredWorkload[], Refusal>> {
  const [profiles, vms] = await Promise.all([
    store.documents.list("profile", { customer, limit: WORKLOADS_MAX }),
    store.documents.list("vm", { customer, limit: PAGE }),
  ]);
  if (!profiles.ok) return profiles;
  if (!vms.ok) return vms;
  const scored: ScoredWorkload[] = [];
  for (const { id, value: profile } of profiles.value) {
    const own = vms.value.filter(({ value }) => value.workload === (id as WorkloadId)).slice(0, VMS_SCORED_MAX);
    const span = { from: instant(now - pricing.scoreMs), to: instant(now + 1) };
    const samples = await Promise.all(own.map((vm) => store.readSamples(vm.id as VmId, span)));
    const read: VmSamples[] = [];
    for (const each of samples) {
      if (!each.ok) return each;
      read.push(each.value);
    }
    scored.push({ profile, samples: read });
  }
  return success(scored);
}

const CUSTOMERS_MAX = 10_000;

async function planCosts({ query, store, now }: Asked<Rows["getPlanCosts"]>, pricing: PricingDesk) {
  const month = pricing.month(query.month, { timeZone: "UTC", now });
  if (!month.ok) return month;
  const { name, from, to } = month.value;
  const [book, customers] = await Promise.all([store.priceBook(), store.ofAll?.customers({ from, to })]);
  if (!book.ok) return book;
  if (book.value === undefined) return noBook();
  if (customers === undefined) return unknown("month", name);
  if (!customers.ok) return customers;
  const { cpu = 0, memory = 0, network = 0, storage = 0 } = query;
  const rows = new Map(SERVICE_PLANS.map((plan) => [plan, emptyCost(plan)]));
  for (const customer of customers.value.slice(0, CUSTOMERS_MAX)) {
    const usage = await store.usage({ customer, from, to });
    if (!usage.ok) return usage;
    const basis = {
      customer,
      month: month.value,
      book: book.value.value,
      usage: usage.value,
      late: [],
      discountShare: 0,
    };
    const sheet = pricing.invoice(basis);
    if (!sheet.ok) return sheet;
    const costs = { cpu, memory, network, storage };
    for (const row of pricing.planCosts({ usage: usage.value, sheets: [sheet.value], costs }))
      rows.set(row.plan, addCosts(rows.get(row.plan) ?? emptyCost(row.plan), row));
  }
  return success({ body: { month: name, currency: book.value.value.currency, plans: [...rows.values()] } });
}

type Cost = Static<typeof pricingRoutes.getPlanCosts.response>["plans"][number];

function emptyCost(plan: Cost["plan"]): Cost {
  return { plan, customers: 0, revenue: 0, idleCost: 0, bufferCost: 0, margin: 0 };
}

function addCosts(left: Cost, right: Cost): Cost {
  return {
    plan: left.plan,
    customers: left.customers + right.customers,
    revenue: left.revenue + right.revenue,
    idleCost: left.idleCost + right.idleCost,
    bufferCost: left.bufferCost + right.bufferCost,
    margin: left.margin + right.margin,
  };
}
