// An invoice as plain data that JSON carries without loss: what is kept, sent, printed, and checked again by whoever receives it.
import type { CustomerId } from "../model/fleet.ts";
import { type Micros, micros } from "../model/money.ts";
import type { Resource } from "../model/resources.ts";
import { failure, type Result, success } from "../model/result.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import { iso } from "../model/time.ts";
import { billingMonth } from "./billing-month.ts";
import type { CorrectionLine, CreditLine, DiscountLine, Invoice, InvoiceLine } from "./invoice.ts";
import type { UsageLine } from "./rate-usage.ts";
import { coverageOf } from "./service-report.ts";

type InDigits<Line> = Omit<Line, "quantity"> & { readonly quantity: string };
/** Quantities are digits: they may be larger than what a number holds exactly. */
type SheetLine = InDigits<UsageLine> | InDigits<CorrectionLine> | DiscountLine | CreditLine;

export interface ServiceSheet {
  readonly plan: ServicePlan;
  readonly resource: Resource;
  readonly burstMs: number;
  readonly lateMs: number;
  readonly shortMs: number;
  readonly coverage: number;
  readonly evidence: readonly {
    readonly subject: string;
    readonly from: string;
    readonly to: string;
    readonly shortMs: number;
    readonly burstMs: number;
  }[];
}

export interface InvoiceSheet {
  readonly schema: "headroom.invoice/1";
  readonly customer: CustomerId;
  readonly month: string;
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  /** 0..1, by the score of its profiles when it was made. */
  readonly discountShare: number;
  readonly lines: readonly SheetLine[];
  readonly total: Micros;
  readonly service: readonly ServiceSheet[];
  readonly corrections: readonly string[];
}

export function sheetOf(invoice: Invoice, discountShare: number): InvoiceSheet {
  const { customer, month, currency, lines, total, service, corrections } = invoice;
  return {
    schema: "headroom.invoice/1",
    customer,
    month: month.name,
    timeZone: month.timeZone,
    from: iso(month.from),
    to: iso(month.to),
    currency,
    discountShare,
    lines: lines.map((line) =>
      line.kind === "usage" || line.kind === "correction" ? { ...line, quantity: line.quantity.toString() } : line,
    ),
    total,
    service: serviceSheets(service),
    corrections,
  };
}

export function serviceSheets(service: Invoice["service"]): readonly ServiceSheet[] {
  return service.map((share) => ({
    plan: share.plan,
    resource: share.resource,
    burstMs: Number(share.burstMs),
    lateMs: Number(share.lateMs),
    shortMs: Number(share.shortMs),
    coverage: coverageOf(share),
    evidence: share.evidence.map((each) => ({ ...each, from: iso(each.from), to: iso(each.to) })),
  }));
}

/** For whoever checks or exports it: without its service report, which lines do not need. "bad-input" where it is no such sheet. */
export function invoiceFrom(value: unknown): Result<Invoice & { readonly discountShare: number }> {
  const sheet = value as Partial<InvoiceSheet> | null;
  if (typeof sheet !== "object" || sheet === null || sheet.schema !== "headroom.invoice/1") return NO_SHEET;
  const { customer, month: name, timeZone, currency, lines, total, corrections, discountShare } = sheet;
  const month = billingMonth(String(name), String(timeZone));
  if (!month.ok) return month;
  const areLists = Array.isArray(lines) && Array.isArray(corrections);
  if (!areLists || typeof customer !== "string" || typeof currency !== "string") return NO_SHEET;
  if (!isMicros(total) || typeof discountShare !== "number") return NO_SHEET;
  const read: InvoiceLine[] = [];
  for (const line of lines as readonly unknown[]) {
    const known = lineFrom(line);
    if (known === undefined) return NO_SHEET;
    read.push(known);
  }
  const whole = { customer, month: month.value, currency, lines: read, total: micros(total), service: [] };
  return success({ ...whole, corrections: (corrections as unknown[]).map(String), discountShare });
}

const NO_SHEET = failure("bad-input", "This is no invoice of Headroom: take it from headroom invoice --json.");

function lineFrom(value: unknown): InvoiceLine | undefined {
  if (typeof value !== "object" || value === null || !isMicros((value as SheetLine).amount)) return undefined;
  const line = value as SheetLine;
  switch (line.kind) {
    case "usage":
    case "correction":
      return /^-?\d{1,40}$/.test(String(line.quantity)) && isMicros(line.rate)
        ? { ...line, quantity: BigInt(line.quantity) }
        : undefined;
    case "discount":
    case "credit":
      return line;
    default:
      return undefined;
  }
}

function isMicros(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
