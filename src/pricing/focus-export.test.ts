import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { micros } from "../model/money.ts";
import { amountsOf, aRecord, someRecords } from "../model/usage.arbitrary.ts";
import type { UsageRecord } from "../model/usage-record.ts";
import { billingMonth } from "./billing-month.ts";
import { FOCUS_COLUMNS, focusCsv } from "./focus-export.ts";
import { type Invoice, invoiceOf } from "./invoice.ts";
import { aBook } from "./pricing.arbitrary.ts";

type Row = Readonly<Record<string, string>>;

/** Names of the rules of the specification's own model of requirements, version 1.2: columns that must be there. */
const MANDATORY = {
  "CostAndUsage-D-005-M": "BillingAccountName",
  "CostAndUsage-D-006-M": "BilledCost",
  "CostAndUsage-D-008-M": "ChargeCategory",
  "CostAndUsage-D-009-M": "BillingPeriodStart",
  "CostAndUsage-D-010-M": "BillingPeriodEnd",
  "CostAndUsage-D-021-M": "PublisherName",
  "CostAndUsage-D-023-M": "InvoiceIssuerName",
  "CostAndUsage-D-024-M": "BillingAccountId",
  "CostAndUsage-D-025-M": "ChargeDescription",
  "CostAndUsage-D-026-M": "ChargeClass",
  "CostAndUsage-D-028-M": "ChargePeriodEnd",
  "CostAndUsage-D-030-M": "ContractedCost",
  "CostAndUsage-D-031-M": "EffectiveCost",
  "CostAndUsage-D-032-M": "ListCost",
  "CostAndUsage-D-035-M": "BillingCurrency",
  "CostAndUsage-D-036-M": "PricingQuantity",
  "CostAndUsage-D-037-M": "ChargePeriodStart",
  "CostAndUsage-D-038-M": "ProviderName",
  "CostAndUsage-D-040-M": "ServiceCategory",
  "CostAndUsage-D-041-M": "ServiceName",
} as const;
/** What applies to who measures usage, has unit prices and a price list, and bills what is provisioned; and what is recommended. */
const APPLICABLE = [
  ...[
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedUnitPrice",
    "ListUnitPrice",
    "PricingUnit",
    "ResourceId",
    "ResourceName",
  ],
  ...[
    "ResourceType",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
    "ChargeFrequency",
    "InvoiceId",
    "ServiceSubcategory",
  ],
];

const NEVER_NULL = [
  ...["BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory"],
  ...[
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ContractedCost",
    "EffectiveCost",
    "InvoiceIssuerName",
  ],
  ...["ListCost", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName", "ServiceSubcategory"],
];
const NUMBERS = FOCUS_COLUMNS.filter((column) => /Cost$|Price$|Quantity$/.test(column));
const TIMES = FOCUS_COLUMNS.filter((column) => /Period(Start|End)$/.test(column));
const OF_USAGE = [
  "PricingQuantity",
  "PricingUnit",
  "ListUnitPrice",
  "ContractedUnitPrice",
  "SkuId",
  "SkuPriceId",
  "PricingCategory",
  "ConsumedQuantity",
  "ConsumedUnit",
];

/** The specification's rules for one row, as far as they say more than which columns there are. */
function faultsIn(row: Row): string[] {
  return [...formFaults(row), ...valueFaults(row), ...usageFaults(row), ...priceFaults(row)];
}

function formFaults(row: Row): string[] {
  const at = (column: string) => row[column] ?? "";
  return [
    ...NEVER_NULL.filter((column) => at(column) === "").map((column) => `${column} is null`),
    ...NUMBERS.filter((column) => !/^(-?(0|[1-9]\d*)(\.\d+)?)?$/.test(at(column))).map(
      (column) => `${column} is no number`,
    ),
    ...TIMES.filter((column) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at(column))).map(
      (column) => `${column} is no time`,
    ),
  ];
}

function valueFaults(row: Row): string[] {
  const isOneOf = (column: string, values: readonly string[]) => values.includes(row[column] ?? "null");
  return [
    ...(isOneOf("ChargeCategory", ["Usage", "Purchase", "Tax", "Credit", "Adjustment"]) ? [] : ["ChargeCategory"]),
    ...(isOneOf("ChargeClass", ["", "Correction"]) ? [] : ["ChargeClass"]),
    ...(isOneOf("ChargeFrequency", ["One-Time", "Recurring", "Usage-Based"]) ? [] : ["ChargeFrequency"]),
    ...(/^[A-Z]{3}$/.test(row["BillingCurrency"] ?? "") ? [] : ["BillingCurrency"]),
    ...((row["BillingPeriodStart"] ?? "") < (row["BillingPeriodEnd"] ?? "") ? [] : ["BillingPeriod"]),
  ];
}

/** Not null of usage that corrects nothing, null of a credit. */
function usageFaults(row: Row): string[] {
  const isUsage = row["ChargeCategory"] === "Usage";
  if (isUsage && row["ChargeClass"] !== "") return [];
  return OF_USAGE.filter((column) => (row[column] !== "") !== isUsage).map((column) => `${column}: ${row[column]}`);
}

function priceFaults(row: Row): string[] {
  if (row["ListUnitPrice"] === "") return [];
  const product = Number(row["ListUnitPrice"]) * Number(row["PricingQuantity"]);
  const isOff = (cost: number) => Math.abs(product - cost) > 1e-6 * Math.max(1, Math.abs(product) * 1e-6);
  return ["ListCost", "ContractedCost"].filter((column) => isOff(Number(row[column])));
}

const ISSUER = { issuer: 'Acme, "Hosting"', customerName: "Meridian", invoiceNumber: "2026-000007" };

function invoiceFor(usage: readonly UsageRecord[], late: readonly UsageRecord[] = []): Invoice {
  const month = billingMonth("2026-03", "Europe/Berlin");
  if (!month.ok) throw new Error(month.error.message);
  const basis = { customer: aRecord().customer, month: month.value, book: aBook(), usage, late, discountShare: 0.1 };
  const invoice = invoiceOf(basis);
  if (!invoice.ok) throw new Error(invoice.error.message);
  return invoice.value;
}

const rowsOf = (invoice: Invoice): Row[] => parse(focusCsv(invoice, ISSUER), { columns: true });
const microsIn = (text: string | undefined) => Math.round(Number(text) * 1e6);

test("every column that must be there is there, and none that FOCUS does not know", () => {
  for (const column of [...Object.values(MANDATORY), ...APPLICABLE]) expect(FOCUS_COLUMNS).toContain(column);
  expect([...FOCUS_COLUMNS].sort()).toEqual([...FOCUS_COLUMNS]);
});

test("every row keeps the rules, and rows add up to the invoice to the last micro-unit", () => {
  const law = fc.property(someRecords({ hours: 700 }), someRecords({ hours: 9 }), (usage, before) => {
    const late = before.map((record) => ({ ...record, correction: { number: 1, reason: "late" } }));
    const invoice = invoiceFor(usage, late);
    const rows = rowsOf(invoice);
    for (const row of rows) expect(faultsIn(row)).toEqual([]);
    expect(rows.reduce((sum, row) => sum + microsIn(row["BilledCost"]), 0)).toBe(invoice.total);
    expect(rows.reduce((sum, row) => sum + microsIn(row["EffectiveCost"]), 0)).toBe(invoice.total);
  });
  fc.assert(law, { seed: 1, numRuns: 60 });
});

test("names with commas and quotes come back as they were; a draft has no number", () => {
  const invoice = invoiceFor([aRecord()]);
  expect(rowsOf(invoice)[0]?.["ProviderName"]).toBe(ISSUER.issuer);
  const { invoiceNumber: _none, ...draft } = ISSUER;
  const [row] = parse(focusCsv(invoice, draft), { columns: true }) as Row[];
  expect(row?.["InvoiceId"]).toBe("");
});

test("worked: half a core lent for an hour, a tenth off", () => {
  const [, row] = rowsOf(invoiceFor([aRecord({ amounts: amountsOf({ base: 3_600_000, leased: 500 * 3_600_000 }) })]));
  const { PricingQuantity, ListUnitPrice, ListCost, BilledCost, ChargePeriodStart, SkuPriceId } = row ?? {};
  expect([PricingQuantity, ListUnitPrice, ListCost, BilledCost]).toEqual(["0.5", "0.016", "0.008", "0.0072"]);
  expect([ChargePeriodStart, SkuPriceId]).toEqual(["2026-02-28T23:00:00Z", "2026-01/predictive/leased/cpu"]);
  expect(micros(7200)).toBe(microsIn(BilledCost));
});
