// The clock on the wall. It never goes back while the process lives: when the system's clock is set back, it waits for it.
import type { Clock } from "../../control/ports.ts";
import { type Instant, instant } from "../../model/time.ts";

/** Timers of more than 24.8 days fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export function wallClock(read: () => number = Date.now): Clock {
  let latest = read();
  const now = (): Instant => {
    latest = Math.max(latest, read());
    return instant(latest);
  };
  return {
    now,
    async sleepUntil(at, stopped) {
      let isStopped = false;
      const stop = stopped.then(() => {
        isStopped = true;
      });
      while (!isStopped && now() < at) await Promise.race([sleep(Math.min(at - now(), TIMER_MS_MAX), stop), stop]);
    },
  };
}

function sleep(ms: number, stop: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    void stop.then(() => clearTimeout(timer));
  });
}
