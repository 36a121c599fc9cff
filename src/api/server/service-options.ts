// What the service is made of beside the live page: whoever wires it hands it in.
import type { SampleColumns, Store } from "../../control/store-ports.ts";
import type { Instant } from "../../model/time.ts";
import type { LiveViews } from "../contract/live-views.ts";
import type { DeclarationDesk } from "./declaration-desk.ts";
import type { HandOverDesk } from "./hand-over-desk.ts";
import type { Changed } from "./handler.ts";
import type { MetricsCollector } from "./metrics-inbox.ts";
import type { ModelDesk } from "./model-desk.ts";
import type { PricingDesk, QuoteMaker } from "./pricing-desk.ts";
import type { SourceDesk } from "./source-desk.ts";

export interface ServiceOptions {
  readonly store: Store;
  readonly views: LiveViews;
  readonly models: ModelDesk;
  readonly declarations: DeclarationDesk;
  readonly pricing: PricingDesk;
  /** None are made where left out. */
  readonly quote?: QuoteMaker;
  readonly handOvers: HandOverDesk;
  /** Reads what sources of events say; none are read where left out. */
  readonly sources?: SourceDesk;
  /** Opens what follows the metrics that one tenant pushes; none are taken where left out. */
  readonly metrics?: () => MetricsCollector;
  /** Hears of what was changed, once it is kept: the loop takes it up at once. */
  readonly onChanged?: (changes: readonly Changed[]) => void;
  /** Hears of samples, once they are kept. */
  readonly onSamples?: (columns: SampleColumns, receivedAt: Instant) => void;
  readonly limits?: ServiceLimits;
  /** The wall clock where left out. */
  readonly now?: () => Instant;
}

export interface ServiceLimits {
  /** Rows of samples that may wait to be durable; 500,000 where left out. */
  readonly inboxRowsMax?: number;
  /** Of each key, or of each address without one; 120,000 where left out. */
  readonly requestsPerMinute?: number;
}

export const INBOX_ROWS_MAX = 500_000;
export const REQUESTS_PER_MINUTE = 120_000;
