// THE DOOR to usage records.
import type { CustomerId } from "../../model/fleet.ts";
import type { Result } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { UsageRecord } from "../../model/usage-record.ts";

/** What was used, piece by piece: written with the steps that closed it, never changed, and put right by records of its own. */
export interface UsageStore {
  /** Pieces that begin in [from, to), each once, in no order. */
  read(question: UsageQuestion): Promise<Result<readonly UsageRecord[]>>;
  /** Records with a correction; one that is there already stays as it is. */
  correct(corrections: readonly UsageRecord[]): Promise<Result<void>>;
  /** Batches that nobody was sent yet, the oldest first. */
  unsent(limit: number): Promise<Result<readonly UnsentUsage[]>>;
  /** They were taken in: they are not told again. */
  markSent(ids: readonly number[]): Promise<Result<void>>;
  /** Customers with usage in [from, to). */
  customers(span: Span): Promise<Result<readonly CustomerId[]>>;
  /** Removes what began before `from`, a batch at a time. */
  retain(from: Instant): Promise<Result<void>>;
}

interface UsageQuestion extends Span {
  readonly customer: CustomerId;
  /** Nothing else. */
  readonly corrections?: true;
}

export interface UnsentUsage {
  readonly id: number;
  readonly records: readonly UsageRecord[];
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}
