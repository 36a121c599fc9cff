// Asks each replica that is awaited, at the pace of its own check, until it answered so many times in a row. Who is awaited is told
// again and again; who is not any more is not asked any more.
import { setTimeout as sleep } from "node:timers/promises";
import type { AskedReplica, ReplicaProbe } from "../../control/ports.ts";
import type { HandOverId } from "../../model/hand-over.ts";
import type { Failure } from "../../model/result.ts";

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

interface Asking {
  readonly end: AbortController;
  readonly done: Promise<void>;
  failure: Failure | undefined;
}

export function createReplicaWatch({ probe, onReady }: ReplicaWatchOptions): ReplicaWatch {
  const asking = new Map<HandOverId, Asking>();
  let stopped = false;
  return {
    await(awaited) {
      if (stopped) return;
      for (const [id, { end }] of asking) if (!awaited.has(id)) end.abort();
      for (const [id, asked] of awaited) {
        if (asking.has(id) || asking.size >= ASKED_MAX) continue;
        const end = new AbortController();
        const onFailure = (failure: Failure) => {
          const own = asking.get(id);
          if (own !== undefined) own.failure = failure;
        };
        const done = answersInARow(asked, { probe, signal: end.signal, onFailure })
          .then((isReady) => (isReady ? onReady(id) : undefined))
          .finally(() => asking.delete(id));
        asking.set(id, { end, done, failure: undefined });
      }
    },
    lastFailure: (id) => asking.get(id)?.failure,
    async stop() {
      stopped = true;
      for (const { end } of asking.values()) end.abort();
      await Promise.allSettled([...asking.values()].map(({ done }) => done));
    },
  };
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
