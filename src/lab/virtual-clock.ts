// A clock whose time moves only when it is told to: the same run always sees the same instants.
import type { Clock } from "../control/ports.ts";
import { assert } from "../model/result.ts";
import type { Instant } from "../model/time.ts";

export interface VirtualClock extends Clock {
  /** Wakes whoever sleeps until then or earlier. Going back is a bug of the caller. */
  advanceTo(at: Instant): void;
}

export function virtualClock(start: Instant): VirtualClock {
  let now = start;
  const sleepers = new Map<() => void, Instant>();
  return {
    now: () => now,
    sleepUntil(at, stopped) {
      if (at <= now) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(wake);
          resolve();
        };
        sleepers.set(wake, at);
        void stopped.then(wake);
      });
    },
    advanceTo(at) {
      assert(at >= now, `time never goes back, not from ${now} to ${at}`);
      now = at;
      for (const [wake, due] of [...sleepers].sort((left, right) => left[1] - right[1])) if (due <= at) wake();
    },
  };
}
