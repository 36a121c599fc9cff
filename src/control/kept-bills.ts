// What is kept of a month that was billed: the invoice as it was issued, and the tiers that profiles reached.
import type { Instant } from "../model/time.ts";
import type { InvoiceSheet } from "../pricing/invoice-sheet.ts";
import type { ProfileTier } from "../pricing/profile-tier.ts";

export interface FinalInvoice {
  /** "2026-000017": ascending without a gap, over all customers. */
  readonly number: string;
  readonly issuedAt: Instant;
  readonly sheet: InvoiceSheet;
}

/** As of the last final invoice, and of those before. */
export interface TierHistory {
  readonly tier: ProfileTier;
  /** The newest first, 24 at most. */
  readonly months: readonly {
    readonly month: string;
    readonly skill: number;
    readonly tier: ProfileTier;
    readonly discountShare: number;
  }[];
}
