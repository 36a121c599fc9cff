// Sends the notices that wait until each is acknowledged or waits no more: each by itself, with longer and longer pauses, so that
// one that is not taken in keeps no other waiting.
import { setTimeout as sleep } from "node:timers/promises";
import type { CustomerId } from "../../model/fleet.ts";
import type { HandOverNotice, WebhookTarget } from "../../model/hand-over.ts";
import { type Failure, failure, type Result } from "../../model/result.ts";
import { type DurationMs, durationMs, type Instant, MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import type { AllowedAddresses } from "../customer-addresses/allowed-address.ts";
import { createUnderway } from "../underway/underway.ts";
import { postNotice } from "./post-notice.ts";

export interface SenderOptions {
  readonly now: () => Instant;
  /** Undefined: the customer named no webhook yet. Asked before every attempt. */
  readonly targetOf: (customer: CustomerId) => Promise<Result<WebhookTarget | undefined>>;
  /** To be said to the cell, as the command "notice-acknowledged". */
  readonly onAcknowledged: (notice: HandOverNotice) => Promise<void>;
  readonly onFailure: (notice: HandOverNotice, error: Failure) => void;
  readonly allowed: AllowedAddresses;
  readonly pace?: SenderPace;
}

interface SenderPace {
  readonly timeoutMs: DurationMs;
  /** The pause after the first failure; it doubles with each until `mostMs`. */
  readonly firstMs: DurationMs;
  readonly mostMs: DurationMs;
}

export interface NoticeSender {
  /** All that wait now: new ones are sent, those that are not among them any more are given up. */
  offer(waiting: Iterable<HandOverNotice>): void;
  /** Resolves when nothing is on its way any more. */
  stop(): Promise<void>;
}

const PACE: SenderPace = {
  timeoutMs: durationMs(10 * SECOND_MS),
  firstMs: durationMs(SECOND_MS),
  mostMs: durationMs(2 * MINUTE_MS),
};

export function createNoticeSender(options: SenderOptions): NoticeSender {
  const sending = createUnderway<string, HandOverNotice>(({ wanted, signal }) => send(wanted, options, signal));
  return {
    offer: (waiting) => sending.keep(new Map([...waiting].map((notice) => [notice.idempotencyKey, notice]))),
    stop: sending.stop,
  };
}

/** Ends when it is acknowledged, or given up. */
async function send(notice: HandOverNotice, options: SenderOptions, signal: AbortSignal): Promise<void> {
  const { firstMs, mostMs } = options.pace ?? PACE;
  for (let pauseMs: number = firstMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, mostMs)) {
    const posted = await attempt(notice, options, signal);
    if (posted.ok) return options.onAcknowledged(notice);
    if (signal.aborted) return;
    options.onFailure(notice, posted.error);
    // Between half and all of it, so that those who failed together do not come back together.
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

async function attempt(
  notice: HandOverNotice,
  { now, targetOf, allowed, pace = PACE }: SenderOptions,
  signal: AbortSignal,
): Promise<Result<void>> {
  const found = await targetOf(notice.customer);
  if (!found.ok) return found;
  const target = found.value;
  if (target === undefined) return failure("not-found", `Customer ${notice.customer} has named no webhook.`);
  return postNotice(notice, { target, at: now(), timeoutMs: pace.timeoutMs, allowed, signal });
}
