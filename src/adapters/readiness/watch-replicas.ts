// Asks each replica that is awaited, at the pace of its own check, until it answered so many times in a row. Who is awaited is told
// again and again; who is not any more is not asked any more.
import { setTimeout as sleep } from "node:timers/promises";
import type { AskedReplica, ReplicaProbe } from "../../control/ports.ts";
import type { HandOverId } from "../../model/hand-over.ts";
import type { Failure } from "../../model/result.ts";
import { createUnderway } from "../underway/underway.ts";

export interface ReplicaWatch {
  /** All that are awaited now. */
  await(awaited: ReadonlyMap<HandOverId, AskedReplica>): void;
  /** Why the last check of one that is awaited failed. */
  lastFailure(id: HandOverId): Failure | undefined;
  /** Resolves when nobody is asked any more. */
  stop(): Promise<void>;
}

export interface ReplicaWatchOptions {
  readonly probe: ReplicaProbe;
  /** To be said to the cell, as the command "replica-ready". */
  readonly onReady: (id: HandOverId) => Promise<void>;
}

/** Asked at the same time; others wait until they are told of again. */
const ASKED_MAX = 500;

export function createReplicaWatch({ probe, onReady }: ReplicaWatchOptions): ReplicaWatch {
  const failures = new Map<HandOverId, Failure>();
  const asking = createUnderway<HandOverId, AskedReplica>(
    async ({ key, wanted, signal }) => {
      try {
        const onFailure = (failure: Failure) => void failures.set(key, failure);
        if (await answersInARow(wanted, { probe, signal, onFailure })) await onReady(key);
      } finally {
        failures.delete(key);
      }
    },
    { atOnceMax: ASKED_MAX },
  );
  return { await: asking.keep, lastFailure: (id) => failures.get(id), stop: asking.stop };
}

interface Asked {
  readonly probe: ReplicaProbe;
  readonly signal: AbortSignal;
  readonly onFailure: (failure: Failure) => void;
}

/** False where it was given up: what is under way then is not waited for. */
async function answersInARow(asked: AskedReplica, { probe, signal, onFailure }: Asked): Promise<boolean> {
  const { successes, intervalMs } = asked.check;
  const givenUp = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  for (let row = 0; !signal.aborted; ) {
    const answered = await Promise.race([probe.probe(asked), givenUp]);
    if (answered === undefined) return false;
    if (!answered.ok) onFailure(answered.error);
    row = answered.ok ? row + 1 : 0;
    if (row >= successes) return true;
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
