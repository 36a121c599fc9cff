// Work that goes on by itself, one piece for each key that is wanted: what is wanted again goes on, what is wanted no more is given up.

export interface Underway<Key, Wanted> {
  /** All that is wanted now. */
  keep(wanted: ReadonlyMap<Key, Wanted>): void;
  /** Gives everything up; resolves when nothing goes on any more. */
  stop(): Promise<void>;
}

export interface Piece<Key, Wanted> {
  readonly key: Key;
  readonly wanted: Wanted;
  /** Aborts when it is given up. */
  readonly signal: AbortSignal;
}

interface Going {
  readonly end: AbortController;
  readonly done: Promise<void>;
}

/** `atOnceMax`: others wait until they are wanted again; all at once where left out. */
export function createUnderway<Key, Wanted>(
  work: (piece: Piece<Key, Wanted>) => Promise<void>,
  { atOnceMax = Number.POSITIVE_INFINITY }: { readonly atOnceMax?: number } = {},
): Underway<Key, Wanted> {
  const going = new Map<Key, Going>();
  let stopped = false;
  return {
    keep(wanted) {
      if (stopped) return;
      for (const [key, { end }] of going) if (!wanted.has(key)) end.abort();
      for (const [key, each] of wanted) {
        if (going.has(key) || going.size >= atOnceMax) continue;
        const end = new AbortController();
        const done = work({ key, wanted: each, signal: end.signal }).finally(() => going.delete(key));
        going.set(key, { end, done });
      }
    },
    async stop() {
      stopped = true;
      for (const { end } of going.values()) end.abort();
      await Promise.allSettled([...going.values()].map(({ done }) => done));
    },
  };
}
