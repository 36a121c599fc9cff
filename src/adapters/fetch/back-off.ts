// When to ask again: as agreed while all goes well, later and later while it does not, never at the same moment as everybody else,
// and never earlier than the other side asked for.
import type { SeededRandom } from "../../model/seeded-random.ts";
import { type DurationMs, HOUR_MS, type Instant, instant } from "../../model/time.ts";

export interface Asked {
  readonly at: Instant;
  readonly everyMs: DurationMs;
  /** In a row. */
  readonly failures: number;
  readonly retryAfterMs?: DurationMs | undefined;
  readonly random: SeededRandom;
}

const DOUBLINGS_MAX = 10;
const WAIT_MAX_MS = 24 * HOUR_MS;

/** Exponential, with the jitter spread over half of the wait (Brooker, "Exponential Backoff And Jitter", AWS 2015: equal jitter). */
export function askAgainAt({ at, everyMs, failures, retryAfterMs = 0 as DurationMs, random }: Asked): Instant {
  const doubled = everyMs * 2 ** Math.min(failures, DOUBLINGS_MAX);
  const wait = failures === 0 ? everyMs : Math.min(doubled, Math.max(WAIT_MAX_MS, everyMs));
  const jittered = failures === 0 ? wait * (1 + 0.1 * random.next()) : (wait * (1 + random.next())) / 2;
  return instant(at + Math.max(jittered, retryAfterMs));
}
