// Who reads the sources of events: the server keeps what people set, and asks here for the rest.
import type { Kept } from "../../control/store-ports.ts";
import type { Result } from "../../model/result.ts";
import type { EventSource } from "../../model/source.ts";
import type { Instant } from "../../model/time.ts";

export interface HookCall {
  /** Its id, as the path says. */
  readonly source: string;
  /** The header headroom-signature. */
  readonly signature: string | undefined;
  readonly body: Uint8Array;
  readonly now: Instant;
}

export interface HookHeard {
  readonly events: readonly { readonly id: string; readonly cancelled: boolean }[];
  /** Events that are not as they were. */
  readonly changed: number;
}

/** Of the reading that goes on, since this process began. */
export interface SourceProgress {
  readonly askedAt?: Instant;
  readonly nextAt?: Instant;
  /** In a row. */
  readonly failures: number;
}

export interface SourceDesk {
  /** What can be known before it is read: "bad-input" for an address that may not be asked, or a place without holidays. */
  check(source: EventSource, now: Instant): Result<void>;
  /** It was set or changed: it is read next. */
  soon(id: string): void;
  progress(id: string): SourceProgress | undefined;
  /** Takes a whole calendar that was sent in, and says what of it could not be read. */
  upload(
    source: Kept<EventSource>,
    given: { readonly text: string; readonly now: Instant },
  ): Promise<Result<readonly string[]>>;
  /** Of a hook: what its calls are signed with. */
  secretOf(source: EventSource): string;
  /** A salt for a new one. */
  newSalt(): string;
  hear(call: HookCall): Promise<Result<HookHeard>>;
}
