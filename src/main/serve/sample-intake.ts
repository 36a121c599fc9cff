// Samples on their way to a cell that was just taken up: those that were kept since its last tick, and those that come meanwhile, each
// batch once.
import type { SampleColumns, SampleStore } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";

export interface SampleIntake {
  take(columns: SampleColumns, receivedAt: Instant): void;
  /** "unavailable" where the store stops answering: what was read by then is taken. */
  catchUp(batches: ReturnType<SampleStore["batchesAfter"]>): Promise<Result<void>>;
}

/** A batch that was read here and is still on its way was handed over at most so many batches ago. */
const BATCHES_REMEMBERED = 1_000;

/** `take` gets what it gets with amounts as they are stored. */
export function createIntake(take: (columns: SampleColumns) => void): SampleIntake {
  const known = new Set<string>();
  const takeNew = (columns: SampleColumns, receivedAt: Instant) => {
    const name = nameOf(columns, receivedAt);
    if (known.has(name)) return;
    known.add(name);
    if (known.size > BATCHES_REMEMBERED) known.delete(known.values().next().value ?? "");
    take(columns);
  };
  return {
    take: takeNew,
    async catchUp(batches) {
      for await (const batch of batches) {
        if (!batch.ok) return batch;
        takeNew(batch.value.columns, batch.value.receivedAt);
      }
      return success(undefined);
    },
  };
}

/** Batches that were received in the same millisecond differ in what they begin with, or are one that was sent twice. */
function nameOf({ vms, at, usage }: SampleColumns, receivedAt: Instant): string {
  return [receivedAt, at.length, vms[0], vms.at(-1), Math.round(at[0] ?? 0), ...usage.subarray(0, 4)].join(" ");
}
