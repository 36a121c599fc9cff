// Usage records on their way to a biller: what the store kept is the outbox. Each batch is sent until the receiver takes it in, and is
// marked after that: at least once, with ids by which a second time is known.
import { createHmac } from "node:crypto";
import type { Clock } from "../../control/ports.ts";
import type { UnsentUsage, UsageStore } from "../../control/store-ports/usage-port.ts";
import { type Failure, failure, type Result, success } from "../../model/result.ts";
import { instant, SECOND_MS } from "../../model/time.ts";
import { CLOUD_EVENTS_BATCH, type UsageEvent, usageEvent } from "../../model/usage-event.ts";

export interface UsageStreamOptions {
  readonly store: Pick<UsageStore, "unsent" | "markSent">;
  readonly clock: Clock;
  readonly url: string;
  /** Shared with the receiver, who checks the signature with it; unsigned where left out. */
  readonly secret?: string;
  /** Of this Headroom, in every event. */
  readonly source: string;
  readonly stopped: Promise<void>;
  readonly onFailure: (failure: Failure) => void;
}

const BATCHES_AT_ONCE = 50;
const EVENTS_A_REQUEST = 500;
const ANSWER_TIMEOUT_MS = 30 * SECOND_MS;
const LOOK_MS = 15 * SECOND_MS;
const REST_MS_MAX = 10 * 60 * SECOND_MS;

/** Until stopped. After a failure it waits twice as long each time, ten minutes at most, and never gives up. */
export async function streamUsage(options: UsageStreamOptions): Promise<void> {
  const { clock, stopped, onFailure } = options;
  let running = true;
  const stop = stopped.then(() => {
    running = false;
  });
  for (let rest = LOOK_MS; running; ) {
    const sent = await sendWaiting(options, () => running);
    if (!sent.ok) onFailure(sent.error);
    rest = sent.ok ? LOOK_MS : Math.min(2 * rest, REST_MS_MAX);
    if (running) await clock.sleepUntil(instant(clock.now() + rest), stop);
  }
}

/** All that waits, the oldest first. Stops at the first request that fails. */
export async function sendWaiting(
  options: Omit<UsageStreamOptions, "stopped" | "onFailure">,
  goesOn = () => true,
): Promise<Result<void>> {
  while (goesOn()) {
    const waiting = await options.store.unsent(BATCHES_AT_ONCE);
    if (!waiting.ok) return waiting;
    if (waiting.value.length === 0) break;
    for (const batch of waiting.value) {
      const sent = goesOn() ? await sendBatch(options, batch) : success(undefined);
      if (!sent.ok) return sent;
    }
  }
  return success(undefined);
}

type Way = Pick<UsageStreamOptions, "store" | "clock" | "url" | "secret" | "source">;

async function sendBatch(way: Way, { id, records }: UnsentUsage): Promise<Result<void>> {
  const events = records.map((record) => usageEvent(record, way.source));
  for (let begin = 0; begin < events.length; begin += EVENTS_A_REQUEST) {
    const posted = await post(way, events.slice(begin, begin + EVENTS_A_REQUEST));
    if (!posted.ok) return posted;
  }
  return way.store.markSent([id]);
}

/** Any answer from 200 to 299 says that it was taken in. Redirects are not followed. */
async function post({ url, secret, clock }: Way, events: readonly UsageEvent[]): Promise<Result<void>> {
  const body = JSON.stringify(events);
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      headers: { "content-type": CLOUD_EVENTS_BATCH, ...(secret && signed(body, { secret, at: clock.now() })) },
      body,
    });
    await response.body?.cancel();
    if (response.ok) return success(undefined);
    return failure(
      "unavailable",
      `The receiver of usage answered ${response.status}: its events wait and are sent again.`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure(
      "unavailable",
      `The receiver of usage cannot be reached (${why}): its events wait and are sent again.`,
    );
  }
}

/** As hand-over notices are signed: HMAC-SHA256 of "<seconds>.<body>". */
function signed(body: string, { secret, at }: { readonly secret: string; readonly at: number }) {
  const seconds = Math.floor(at / SECOND_MS);
  const code = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return { "headroom-signature": `t=${seconds},v1=${code}` };
}
