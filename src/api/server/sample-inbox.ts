// Samples on their way to the store: so many rows may be waiting to be durable, and not one more. Whoever comes then is told to
// come again later, so that memory stays flat however fast samples come.
import type { SampleColumns, Store } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { type Refusal, refusal } from "./refusals.ts";

export interface SampleInbox {
  /** Asked before a body is read. */
  isFull(): boolean;
  /** Durable when it resolves well. "no-capacity": too much is waiting already. */
  take(columns: SampleColumns, receivedAt: Instant): Promise<Result<void, Refusal>>;
}

export interface SampleInboxOptions {
  readonly samples: Store["samples"];
  readonly rowsMax: number;
  /** Hears of what is durable: the running cells. */
  readonly onSamples?: (columns: SampleColumns, receivedAt: Instant) => void;
}

const RETRY_SECONDS = 1;

export function createSampleInbox({ samples, rowsMax, onSamples }: SampleInboxOptions): SampleInbox {
  let waiting = 0;
  return {
    isFull: () => waiting >= rowsMax,
    async take(columns, receivedAt) {
      const rows = columns.at.length;
      if (rows === 0) return success(undefined);
      if (waiting > 0 && waiting + rows > rowsMax) return inboxFull();
      waiting += rows;
      try {
        const kept = await samples.append(columns, receivedAt);
        if (kept.ok) onSamples?.(columns, receivedAt);
        return kept;
      } finally {
        waiting -= rows;
      }
    },
  };
}

export function inboxFull(): Result<never, Refusal> {
  return refusal(
    "no-capacity",
    "More samples are coming than can be kept at the moment: send this batch again later.",
    {
      retryAfterSeconds: RETRY_SECONDS,
    },
  );
}
