// A POST that is sent again with the same Idempotency-Key is answered as the first was, and done once: also when both come at
// the same time. Answers that say no are not kept: what went wrong may be tried again.
import { createHash } from "node:crypto";
import type { IdempotencyStore, KeptAnswer } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { type Refusal, refusal } from "./refusals.ts";

interface PostAsked {
  readonly caller: string;
  readonly key: string;
  readonly url: string;
  readonly body: unknown;
  readonly at: Instant;
}

export interface Idempotency {
  /** `work` is done unless this was answered before. `isRepeat` tells which of the two it was. */
  once(
    asked: PostAsked,
    work: () => Promise<Result<KeptAnswer, Refusal>>,
  ): Promise<Result<{ readonly answer: KeptAnswer; readonly isRepeat: boolean }, Refusal>>;
}

/** The store holds a key from the first question for it on: a second request at the same time is told to wait. */
export function createIdempotency(store: IdempotencyStore): Idempotency {
  return {
    async once({ caller, key, url, body, at }, work) {
      const before = await store.answerTo({ caller, key, requestHash: requestHash(url, body), at });
      if (!before.ok) return before;
      if (before.value && before.value.status !== REFUSED.status)
        return success({ answer: before.value, isRepeat: true });
      const answer = await work();
      const kept = await store.keep({ caller, key }, answer.ok ? answer.value : REFUSED);
      if (!answer.ok) return answer;
      return kept.ok ? success({ answer: answer.value, isRepeat: false }) : kept;
    },
  };
}

/** Kept in the place of an answer that says no: this key is free for the same request. */
const REFUSED: KeptAnswer = { status: 0, headers: {}, body: "" };

/** Any text of printable characters, as its sender made it up. */
export function readIdempotencyKey(
  header: string | readonly string[] | undefined,
): Result<string | undefined, Refusal> {
  if (header === undefined) return success(undefined);
  if (typeof header === "string" && /^[\x21-\x7e]{1,128}$/.test(header)) return success(header);
  const detail = "must be 1 to 128 printable ASCII characters without spaces";
  const errors = [{ in: "header" as const, pointer: "/Idempotency-Key", detail }];
  return refusal("bad-input", `Idempotency-Key ${detail}.`, { status: 400, errors });
}

/** The same for the same caller and key, told to nobody: what a repeated request made has the same id. */
export function seedOf(caller: string, key: string): string {
  return sha256(JSON.stringify([caller, key])).slice(0, 20);
}

function requestHash(url: string, body: unknown): string {
  return sha256(url, body instanceof Uint8Array ? body : JSON.stringify(body ?? null));
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\n");
  return hash.digest("hex");
}
