// Where hand-overs are asked for and looked at: whoever runs the cells implements it.
import type { OpenHandOver } from "../../control/hand-over-memory.ts";
import type { AskHandOver } from "../../control/tick-input.ts";
import type { HandOverId, HandOverNoticeKind, WebhookTarget } from "../../model/hand-over.ts";
import type { Result } from "../../model/result.ts";

/** One that runs, or that ended. */
export interface KnownHandOver extends OpenHandOver {
  /** Notices that its load balancer did not take in yet. */
  readonly untold: readonly HandOverNoticeKind[];
  /** Why the last notice or check of it failed. */
  readonly problem?: string;
}

export interface HandOverDesk {
  /** All that run, and the last ones that ended; in no order. */
  all(): readonly KnownHandOver[];
  find(id: HandOverId): KnownHandOver | undefined;
  /** Under an id that is known it returns what became of it. "conflict": it was refused, with the sentence. */
  ask(asked: AskHandOver): Promise<Result<KnownHandOver>>;
  /** "not-found": nobody knows it. One that was asked back already, or has ended, is returned as it is. */
  giveBack(id: HandOverId): Promise<Result<KnownHandOver>>;
  /** "bad-input": notices would never be posted there. */
  checkWebhook(target: WebhookTarget): Result<unknown>;
}
