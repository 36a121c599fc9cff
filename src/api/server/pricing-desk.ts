// Who knows prices: reads and follows price books, makes invoices of usage, scores profiles. Asks nobody; what it needs is handed to it.
import type { Static } from "typebox";
import type { FinalInvoice, TierHistory } from "../../control/kept-bills.ts";
import type { DocumentKinds, VmSamples } from "../../control/store-ports.ts";
import type { CustomerId, VmId } from "../../model/fleet.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import type { Resource, ResourceVector } from "../../model/resources.ts";
import type { Result } from "../../model/result.ts";
import type { Instant, TimeGrid } from "../../model/time.ts";
import type { UsageRecord } from "../../model/usage-record.ts";
import type { PriceBookBody } from "../contract/price-book.ts";
import type { ProfileScore, Quote } from "../contract/pricing.ts";

type PriceBookDocument = DocumentKinds["price-book"];

export interface Month {
  readonly name: string;
  readonly timeZone: string;
  readonly from: Instant;
  readonly to: Instant;
}

export interface PricingDesk {
  readBook(value: unknown, where: string): Result<PriceBookDocument>;
  showBook(book: PriceBookDocument): Static<typeof PriceBookBody>;
  /** "conflict" where it would change what was in force until now. */
  followBook(
    before: PriceBookDocument,
    given: { readonly next: PriceBookDocument; readonly now: Instant },
  ): Result<PriceBookDocument>;
  /** Undefined: the one that goes on now. */
  month(name: string | undefined, given: { readonly timeZone: string; readonly now: Instant }): Result<Month>;
  /** As many months before one, the last first. */
  monthsBefore(month: Month, count: number): readonly Month[];
  invoice(basis: {
    readonly customer: CustomerId;
    readonly month: Month;
    readonly book: PriceBookDocument;
    readonly usage: readonly UsageRecord[];
    readonly late: readonly UsageRecord[];
    readonly discountShare: number;
  }): Result<FinalInvoice["sheet"]>;
  /** As CSV. */
  focus(
    sheet: FinalInvoice["sheet"],
    given: { readonly issuer: string; readonly customerName: string; readonly number: string | null },
  ): Result<string>;
  service(usage: readonly UsageRecord[]): FinalInvoice["sheet"]["service"];
  /** How long before now samples count. */
  readonly scoreMs: number;
  score(given: {
    readonly workloads: readonly { readonly profile: WorkloadProfile; readonly samples: readonly VmSamples[] }[];
    readonly until: Instant;
    readonly book: PriceBookDocument | undefined;
    readonly before: TierHistory | undefined;
  }): Omit<Static<typeof ProfileScore>, "customer">;
  planCosts(given: {
    readonly usage: readonly UsageRecord[];
    readonly sheets: readonly FinalInvoice["sheet"][];
    readonly costs: Readonly<Record<Resource, number>>;
  }): readonly PlanCost[];
}

/** A history as the planner can be replayed on, and what each plan would cost. */
interface QuoteAsked {
  readonly customer: CustomerId;
  readonly grid: TimeGrid;
  readonly vms: readonly {
    readonly id: VmId;
    readonly base: ResourceVector;
    readonly size: ResourceVector;
    /** [resource][tick] */
    readonly demand: readonly Float64Array[];
  }[];
  readonly serviceLevel: number;
  readonly book: PriceBookDocument;
  readonly discountShare: number;
}

export type QuoteMaker = (asked: QuoteAsked) => Promise<
  Result<{
    readonly currency: string;
    readonly vms: number;
    readonly days: number;
    readonly fixed: number;
    readonly plans: readonly Omit<Static<typeof Quote>["plans"][number], "saving">[];
  }>
>;

interface PlanCost {
  readonly plan: UsageRecord["plan"];
  readonly customers: number;
  readonly revenue: number;
  readonly idleCost: number;
  readonly bufferCost: number;
  readonly margin: number;
}
