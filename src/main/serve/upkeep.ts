// What a store needs now and then: batches folded into days, old samples made coarse, old records removed. Failures are told and tried again.
import type { Clock } from "../../control/ports.ts";
import type { Store } from "../../control/store-ports.ts";
import type { Failure } from "../../model/result.ts";
import { DAY_MS, HOUR_MS, instant } from "../../model/time.ts";

export interface UpkeepOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly stopped: Promise<void>;
  readonly keepDays: {
    readonly samples: number;
    readonly hours: number;
    readonly decisions: number;
    readonly usage: number;
  };
  readonly onFailure: (failure: Failure) => void;
}

/** Every hour until stopped, the first time at once. */
export async function keepUp({ store, clock, stopped, keepDays, onFailure }: UpkeepOptions): Promise<void> {
  let running = true;
  const stop = stopped.then(() => {
    running = false;
  });
  while (running) {
    const now = clock.now();
    const before = (days: number) => instant(now - days * DAY_MS);
    const folded = await store.samples.fold(now);
    if (!folded.ok) onFailure(folded.error);
    const limits = { samplesFrom: before(keepDays.samples), hoursFrom: before(keepDays.hours) };
    const retained = await store.samples.retain(limits);
    if (!retained.ok) onFailure(retained.error);
    const removed = await store.cells.retainDecisions(before(keepDays.decisions));
    if (!removed.ok) onFailure(removed.error);
    const forgotten = await store.usage.retain(before(keepDays.usage));
    if (!forgotten.ok) onFailure(forgotten.error);
    await clock.sleepUntil(instant(now + HOUR_MS), stop);
  }
}
