// An invoice as FOCUS 1.2 rows (FinOps Open Cost and Usage Specification, dataset Cost and Usage) in CSV of RFC 4180. What a row is
// billed adds up to the invoice to the last micro-unit; the discount is on the rows that it belongs to, as FOCUS asks.
import { type Micros, micros } from "../model/money.ts";
import type { Resource } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";
import { type Instant, iso } from "../model/time.ts";
import { apportion } from "./apportion.ts";
import { type BillingMonth, billingMonth } from "./billing-month.ts";
import { type CorrectionLine, type CreditLine, type Invoice, isHeld } from "./invoice.ts";
import type { UsageLine } from "./rate-usage.ts";
import { quantityPerUnitHour } from "./usage-quantity.ts";

export interface FocusSetting {
  readonly issuer: string;
  readonly customerName: string;
  /** Undefined of a draft. */
  readonly invoiceNumber?: string;
}

/** In alphabetical order. Conditional columns of what does not exist here (regions, commitments, capacity reservations, tags) are left out. */
export const FOCUS_COLUMNS = [
  "BilledCost",
  "BillingAccountId",
  "BillingAccountName",
  "BillingCurrency",
  "BillingPeriodEnd",
  "BillingPeriodStart",
  "ChargeCategory",
  "ChargeClass",
  "ChargeDescription",
  "ChargeFrequency",
  "ChargePeriodEnd",
  "ChargePeriodStart",
  "ConsumedQuantity",
  "ConsumedUnit",
  "ContractedCost",
  "ContractedUnitPrice",
  "EffectiveCost",
  "InvoiceId",
  "InvoiceIssuerName",
  "ListCost",
  "ListUnitPrice",
  "PricingCategory",
  "PricingQuantity",
  "PricingUnit",
  "ProviderName",
  "PublisherName",
  "ResourceId",
  "ResourceName",
  "ResourceType",
  "ServiceCategory",
  "ServiceName",
  "ServiceSubcategory",
  "SkuId",
  "SkuMeter",
  "SkuPriceDetails",
  "SkuPriceId",
] as const;
type FocusColumn = (typeof FOCUS_COLUMNS)[number];
/** Null is an empty field. */
type FocusRow = Readonly<Record<FocusColumn, string | null>>;

export function focusCsv(invoice: Invoice, setting: FocusSetting): string {
  const rows = focusRows(invoice, setting).map((row) => FOCUS_COLUMNS.map((column) => field(row[column])).join(","));
  return [FOCUS_COLUMNS.join(","), ...rows, ""].join("\r\n");
}

function focusRows(invoice: Invoice, setting: FocusSetting): readonly FocusRow[] {
  const discounts = discountByLine(invoice);
  return invoice.lines.flatMap((line) => {
    switch (line.kind) {
      case "usage":
        return [usageRow(line, { invoice, setting, discount: discounts.get(line) ?? micros(0) })];
      case "correction":
        return [correctionRow(line, invoice, setting)];
      case "credit":
        return [creditRow(line, invoice, setting)];
      case "discount":
        return [];
      default:
        return unreachable(line);
    }
  });
}

/** Whole micro-units, in proportion to what each line was charged. */
function discountByLine({ lines }: Invoice): ReadonlyMap<UsageLine, Micros> {
  const off = lines.reduce((sum, line) => (line.kind === "discount" ? sum - line.amount : sum), 0);
  const held = lines.filter((line): line is UsageLine => line.kind === "usage" && isHeld(line));
  const parts = apportion(
    off,
    held.map(({ amount }) => Math.max(amount, 0)),
  );
  return new Map(held.map((line, index) => [line, micros(parts[index] ?? 0)]));
}

interface UsageRowGiven {
  readonly invoice: Invoice;
  readonly setting: FocusSetting;
  readonly discount: Micros;
}

function usageRow(line: UsageLine, { invoice, setting, discount }: UsageRowGiven): FocusRow {
  const billed = money(micros(line.amount - discount));
  return {
    ...shared(invoice, setting),
    ...priced(line),
    BilledCost: billed,
    EffectiveCost: billed,
    ContractedCost: money(line.amount),
    ListCost: money(line.amount),
    ChargeCategory: "Usage",
    ChargeClass: null,
    ChargeDescription: describe(line),
  };
}

/** It puts right what was billed for an earlier month. */
function correctionRow(line: CorrectionLine, invoice: Invoice, setting: FocusSetting): FocusRow {
  const amount = money(line.amount);
  const month = billingMonth(line.month, invoice.month.timeZone);
  return {
    ...shared(invoice, setting),
    ...priced(line),
    ...(month.ok && chargePeriod(month.value)),
    BilledCost: amount,
    EffectiveCost: amount,
    ContractedCost: amount,
    ListCost: amount,
    ChargeCategory: "Usage",
    ChargeClass: "Correction",
    ChargeDescription: `Correction of ${line.month}: ${describe(line)}`,
  };
}

function creditRow(
  { plan, resource, coverage, objective, amount }: CreditLine,
  invoice: Invoice,
  setting: FocusSetting,
): FocusRow {
  const missed = `${(coverage * 100).toFixed(3)} % of burst time were covered, ${(objective * 100).toFixed(3)} % promised`;
  const credit = money(amount);
  return {
    ...shared(invoice, setting),
    BilledCost: credit,
    EffectiveCost: credit,
    ContractedCost: credit,
    ListCost: credit,
    ChargeCategory: "Credit",
    ChargeClass: null,
    ChargeDescription: `Credit for ${resource}, plan ${plan}: ${missed}`,
  };
}

const NOTHING_PRICED = {
  ConsumedQuantity: null,
  ConsumedUnit: null,
  ContractedUnitPrice: null,
  ListUnitPrice: null,
  PricingCategory: null,
  PricingQuantity: null,
  PricingUnit: null,
  SkuId: null,
  SkuMeter: null,
  SkuPriceDetails: null,
  SkuPriceId: null,
} as const;

function shared(invoice: Invoice, { issuer, customerName, invoiceNumber }: FocusSetting) {
  const { customer, currency, month } = invoice;
  return {
    ...NOTHING_PRICED,
    ...chargePeriod(month),
    BillingAccountId: customer,
    BillingAccountName: customerName,
    BillingCurrency: currency,
    BillingPeriodStart: second(month.from),
    BillingPeriodEnd: second(month.to),
    ChargeFrequency: "Usage-Based",
    InvoiceId: invoiceNumber ?? null,
    InvoiceIssuerName: issuer,
    ProviderName: issuer,
    PublisherName: issuer,
    // A line is of all VMs of a customer.
    ResourceId: null,
    ResourceName: null,
    ResourceType: null,
    ServiceCategory: "Compute",
    ServiceName: "Headroom",
    ServiceSubcategory: "Virtual Machines",
  };
}

function chargePeriod({ from, to }: BillingMonth) {
  return { ChargePeriodStart: second(from), ChargePeriodEnd: second(to) };
}

const UNITS: Readonly<Record<Resource, string>> = {
  cpu: "Core-Hours",
  memory: "GiB-Hours",
  network: "MBps-Hours",
  storage: "MBps-Hours",
};

function priced({ version, plan, charge, resource, serviceLevel, rate, quantity }: UsageLine | CorrectionLine) {
  const [amount, unit, price] = [decimals(quantity, resource), UNITS[resource], money(rate)];
  const level = serviceLevel === undefined ? "" : `/${serviceLevel}`;
  return {
    ConsumedQuantity: amount,
    ConsumedUnit: unit,
    ContractedUnitPrice: price,
    ListUnitPrice: price,
    PricingCategory: "Standard",
    PricingQuantity: amount,
    PricingUnit: unit,
    SkuId: `${plan}/${charge}/${resource}`,
    SkuMeter: `${charge} ${resource}`,
    SkuPriceDetails: JSON.stringify({ x_plan: plan, x_charge: charge, x_resource: resource }),
    SkuPriceId: `${version}/${plan}/${charge}/${resource}${level}`,
  };
}

function describe({ plan, charge, resource }: Pick<UsageLine, "plan" | "charge" | "resource">): string {
  return `${DESCRIPTIONS[charge]} ${resource}, plan ${plan}`;
}

const DESCRIPTIONS: Readonly<Record<UsageLine["charge"], string>> = {
  base: "Always there:",
  leased: "Lent ahead of demand:",
  used: "Used beyond the base:",
  premium: "Held ready, share of the buffer:",
  burst: "Burst without prediction:",
  handOver: "Replicas handed over:",
};

/** "1.5", "-0.000001": no thousands, no exponent. */
function money(amount: Micros): string {
  return fraction(BigInt(amount), 1_000_000n, 6);
}

const QUANTITY_DECIMALS = 15;

function decimals(quantity: bigint, resource: Resource): string {
  return fraction(quantity, quantityPerUnitHour(resource), QUANTITY_DECIMALS);
}

/** Cut after so many decimals. */
function fraction(dividend: bigint, divisor: bigint, digits: number): string {
  const size = dividend < 0n ? -dividend : dividend;
  const scaled = (size * 10n ** BigInt(digits)) / divisor;
  const text = scaled.toString().padStart(digits + 1, "0");
  const decimals = text.slice(-digits).replace(/0+$/, "");
  return `${dividend < 0n && scaled > 0n ? "-" : ""}${text.slice(0, -digits)}${decimals && `.${decimals}`}`;
}

function second(at: Instant): string {
  return `${iso(at).slice(0, 19)}Z`;
}

function field(value: string | null): string {
  if (value === null) return "";
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
