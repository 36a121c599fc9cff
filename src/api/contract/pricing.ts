// What it costs and why: usage, invoices, service reports, scores of profiles. Money is whole micro-units (millionths) of the
// currency; quantities are digits, in thousandths of a core or MB/s, or MiB, times milliseconds.
import { type Static, Type } from "typebox";
import { SERVICE_PLANS } from "../../model/service-plan.ts";
import { USAGE_METERS } from "../../model/usage-record.ts";
import { ADDRESSES } from "./addresses.ts";
import { priceBookRoutes } from "./price-book.ts";
import { OPERATOR, owned, type Route } from "./route.ts";
import { Id, IdParams, Instant, nullable, ResourceName, strict } from "./scalars.ts";

const Micros = Type.Integer({ description: "Millionths of the currency; whole." });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Plan = Type.Enum([...SERVICE_PLANS]);
const Digits = Type.String({
  pattern: "^-?\\d{1,40}$",
  description: "Whole: thousandths of a core or MB/s, or MiB, x ms.",
});
const Meter = Type.Enum([...USAGE_METERS]);
const AmountsOfMeter = Type.Array(Type.Integer(), {
  minItems: 4,
  maxItems: 4,
  description: "cpu, memory, network, storage.",
});
const Amounts = strict(
  Object.fromEntries(USAGE_METERS.map((meter) => [meter, AmountsOfMeter])) as Record<
    Static<typeof Meter>,
    typeof AmountsOfMeter
  >,
);
const Correction = strict({
  number: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  reason: Type.String({ minLength: 1, maxLength: 500 }),
});
export const UsageRecord = strict({
  cell: Id,
  subject: strict({ kind: Type.Enum(["vm", "workload"]), id: Id }),
  from: Instant,
  to: Instant,
  plan: Plan,
  shaped: Type.Array(ResourceName, { maxItems: 4, uniqueItems: true, description: "What was acted for." }),
  serviceLevel: Share,
  amounts: Amounts,
  correction: Type.Optional(Correction),
});
const Usage = strict({ customer: Id, from: Instant, to: Instant, records: Type.Array(UsageRecord) });
export const CorrectionsBody = strict({
  customer: Id,
  records: Type.Array(strict({ ...UsageRecord.properties, correction: Correction }), { minItems: 1, maxItems: 1000 }),
});

const Charge = Type.Enum(["base", "leased", "used", "premium", "burst", "handOver"]);
const Priced = {
  version: Type.String(),
  plan: Plan,
  charge: Charge,
  resource: ResourceName,
  serviceLevel: Type.Optional(Share),
  rate: Micros,
  quantity: Digits,
  amount: Micros,
};
const Line = Type.Union([
  strict({ kind: Type.Literal("usage"), ...Priced }),
  strict({ kind: Type.Literal("correction"), month: Type.String(), ...Priced }),
  strict({ kind: Type.Literal("discount"), share: Share, of: Micros, amount: Micros }),
  strict({
    ...{ kind: Type.Literal("credit"), plan: Plan, resource: ResourceName, coverage: Share, objective: Share },
    ...{ of: Micros, amount: Micros },
  }),
]);
const ServiceShare = strict({
  plan: Plan,
  resource: ResourceName,
  burstMs: Type.Integer({ minimum: 0, description: "Demand was above the base." }),
  lateMs: Type.Integer({ minimum: 0, description: "It was served out of the buffer." }),
  shortMs: Type.Integer({ minimum: 0, description: "It was not there." }),
  coverage: Share,
  evidence: Type.Array(
    strict({ subject: Type.String(), from: Instant, to: Instant, shortMs: Type.Integer(), burstMs: Type.Integer() }),
    { maxItems: 100, description: "The hours in which most was missing." },
  ),
});
export const Invoice = strict({
  schema: Type.Literal("headroom.invoice/1"),
  state: Type.Enum(["draft", "final"]),
  number: nullable(Type.String(), "Of a final one."),
  issuedAt: nullable(Instant, "Of a final one."),
  customer: Id,
  month: Type.String(),
  timeZone: Type.String(),
  from: Instant,
  to: Instant,
  currency: Type.String(),
  discountShare: Share,
  lines: Type.Array(Line),
  total: Micros,
  service: Type.Array(ServiceShare),
  corrections: Type.Array(Type.String()),
});
export type Invoice = Static<typeof Invoice>;
const InvoiceHead = strict({
  month: Type.String(),
  number: Type.String(),
  issuedAt: Instant,
  currency: Type.String(),
  total: Micros,
});

const Tier = Type.Enum(["bronze", "silver", "gold"]);
export const ProfileScore = strict({
  customer: Id,
  tier: Tier,
  skill: Type.Number({ description: "1: told everything; 0: no better than the past; below: worse." }),
  hours: Type.Integer({ minimum: 0, description: "That were seen, of 336." }),
  discountShare: Share,
  resources: Type.Array(strict({ resource: ResourceName, skill: Type.Number(), hours: Type.Integer({ minimum: 0 }) })),
  next: nullable(strict({ tier: Tier, missing: Type.Number(), sentence: Type.String() }), "Null at the top."),
  history: Type.Array(strict({ month: Type.String(), skill: Type.Number(), tier: Tier, discountShare: Share })),
});

export const Quote = strict({
  customer: Id,
  currency: Type.String(),
  vms: Type.Integer({ minimum: 0 }),
  days: Type.Integer({ minimum: 0, description: "That were billed." }),
  fixed: { ...Micros, description: "A month of VMs as large as they may get, at the base prices of plan standard." },
  plans: Type.Array(
    strict({
      plan: Plan,
      monthly: { ...Micros, description: "A month of 730 hours, credits taken off." },
      low: { ...Micros, description: "Nine of ten months made of such days lie between this and `high`." },
      high: Micros,
      credits: { ...Micros, description: "Not above zero." },
      coverage: nullable(Share, "Least of all resources; null where nothing is predicted."),
      saving: { ...Micros, description: "fixed - monthly." },
    }),
  ),
});

const PlanCost = strict({
  plan: Plan,
  customers: Type.Integer({ minimum: 0 }),
  revenue: Micros,
  idleCost: Micros,
  bufferCost: Micros,
  margin: Micros,
});
const UnitCost = Type.Integer({
  ...{ minimum: 0, maximum: 1e12 },
  description:
    "What a core, GiB or MB/s costs the operator for an hour, in millionths of the currency; 0 where left out.",
});
const PlanCosts = strict({ month: Type.String(), currency: Type.String(), plans: Type.Array(PlanCost) });

const Month = Type.String({
  pattern: "^\\d{4}-\\d\\d$",
  description: "2026-03; the one that goes on now where left out.",
});
const MonthQuery = strict({ month: Type.Optional(Month) });
const EXAMPLE_RECORD = {
  cell: "demo",
  subject: { kind: "vm" as const, id: "thistlemere-web-1" },
  from: "2026-03-02T08:00:00.000Z",
  to: "2026-03-02T09:00:00.000Z",
  plan: "predictive" as const,
  shaped: ["cpu" as const],
  serviceLevel: 0.99,
  amounts: Object.fromEntries(USAGE_METERS.map((meter) => [meter, [0, 0, 0, 0]])) as never,
};
const EXAMPLE_CORRECTION = {
  ...EXAMPLE_RECORD,
  correction: { number: 1, reason: "The clock of host-1 was an hour off." },
};
const SPAN = { from: "2026-03-01T00:00:00.000Z", to: "2026-04-01T00:00:00.000Z" };
const EXAMPLE_INVOICE = {
  ...{ schema: "headroom.invoice/1" as const, state: "draft" as const, number: null, issuedAt: null },
  ...{ customer: "meridian", month: "2026-03", timeZone: "UTC", ...SPAN, currency: "EUR", discountShare: 0 },
  ...{ lines: [], total: 0, service: [], corrections: [] },
};

export const pricingRoutes = {
  ...priceBookRoutes,
  getUsage: {
    ...{ ...ADDRESSES.getUsage, tag: "pricing", scope: "read", tenant: owned("customer") },
    summary: "Read usage records",
    description:
      "Pieces that begin in the span: a day where left out, 7 days at most. They are never changed; corrections are records.",
    params: IdParams,
    query: strict({ from: Type.Optional(Instant), to: Type.Optional(Instant) }),
    response: Usage,
    example: { response: { customer: "meridian", ...SPAN, records: [EXAMPLE_RECORD] } },
  },
  postUsageCorrections: {
    ...{ ...ADDRESSES.postUsageCorrections, tag: "pricing", scope: "write", tenant: OPERATOR, status: 204 },
    summary: "Put usage right",
    description:
      "Amounts are added to what was recorded, and may be negative. What is there already under its number stays.",
    body: CorrectionsBody,
    response: Type.Null(),
    example: { body: { customer: "thistlemere", records: [EXAMPLE_CORRECTION] } },
  },
  getServiceReport: {
    ...{ ...ADDRESSES.getServiceReport, tag: "pricing", scope: "read", tenant: owned("customer") },
    summary: "Read whether the promise was kept",
    params: IdParams,
    query: MonthQuery,
    response: strict({
      customer: Id,
      month: Type.String(),
      from: Instant,
      to: Instant,
      service: Type.Array(ServiceShare),
    }),
    example: { response: { customer: "meridian", month: "2026-03", ...SPAN, service: [] } },
  },
  getInvoice: {
    ...{ ...ADDRESSES.getInvoice, tag: "pricing", scope: "read", tenant: owned("customer") },
    summary: "Read the invoice of a month",
    description: "The final one; a draft while there is none.",
    params: IdParams,
    query: MonthQuery,
    response: Invoice,
    example: { response: EXAMPLE_INVOICE },
  },
  getInvoiceFocus: {
    ...{ ...ADDRESSES.getInvoiceFocus, tag: "pricing", scope: "read", tenant: owned("customer") },
    summary: "Read the invoice of a month as FOCUS 1.2",
    params: IdParams,
    query: MonthQuery,
    response: strict({ csv: Type.String({ description: "RFC 4180, with a line of column names." }) }),
    example: { response: { csv: "BilledCost,BillingAccountId\r\n" } },
  },
  listInvoices: {
    ...{ ...ADDRESSES.listInvoices, tag: "pricing", scope: "read", tenant: owned("customer") },
    summary: "List final invoices",
    params: IdParams,
    response: strict({ items: Type.Array(InvoiceHead) }),
    example: { response: { items: [] } },
  },
  postInvoice: {
    ...{ ...ADDRESSES.postInvoice, tag: "pricing", scope: "write", tenant: OPERATOR, status: 201 },
    summary: "Make the invoice of a month final",
    description:
      "Once the month is over. It gets the next number and never changes; asked again, the same one is answered.",
    params: IdParams,
    body: strict({ month: Type.String({ pattern: "^\\d{4}-\\d\\d$" }) }),
    response: Invoice,
    example: { body: { month: "2026-02" } },
  },
  getProfileScore: {
    ...{ ...ADDRESSES.getProfileScore, tag: "pricing", scope: "read", tenant: owned("customer") },
    summary: "Read how well profiles told what came",
    params: IdParams,
    response: ProfileScore,
    example: {
      response: {
        ...{
          customer: "meridian",
          tier: "bronze",
          skill: 0.04,
          hours: 336,
          discountShare: 0.01,
          resources: [],
          history: [],
        },
        next: { tier: "silver", missing: 0.06, sentence: "silver begins at a skill of 10.0 %." },
      },
    },
  },
  getQuote: {
    ...{ ...ADDRESSES.getQuote, tag: "pricing", scope: "read", tenant: owned("customer") },
    summary: "Quote each plan on the customer's own history",
    description:
      "The samples of the last days are replayed through the planner and billed at the prices of now: half of them teach, half are billed. 20 VMs at most.",
    params: IdParams,
    query: strict({
      days: Type.Optional(Type.Integer({ minimum: 4, maximum: 28, description: "14 where left out." })),
    }),
    response: Quote,
    example: {
      response: {
        ...{ customer: "meridian", currency: "EUR", vms: 8, days: 7, fixed: 812_000_000 },
        plans: [
          {
            ...{ plan: "predictive", monthly: 520_000_000, low: 498_000_000, high: 547_000_000, credits: 0 },
            ...{ coverage: 0.998, saving: 292_000_000 },
          },
        ],
      },
    },
  },
  getPlanCosts: {
    ...{ ...ADDRESSES.getPlanCosts, tag: "pricing", scope: "read", tenant: OPERATOR },
    summary: "Read what each plan brought in and cost",
    description: "What was lent and not used, and what was held ready, at the operator's cost of a unit for an hour.",
    query: strict({
      month: Type.Optional(Month),
      cpu: Type.Optional(UnitCost),
      memory: Type.Optional(UnitCost),
      network: Type.Optional(UnitCost),
      storage: Type.Optional(UnitCost),
    }),
    response: PlanCosts,
    example: { response: { month: "2026-03", currency: "EUR", plans: [] } },
  },
} as const satisfies Record<string, Route>;
