// Who is asking: out of an API key, a token of the operator's identity provider, or nobody at all on this machine.
import type { KEY_SCOPES } from "../../control/store-ports.ts";
import type { CustomerId } from "../../model/fleet.ts";

export type CallerScope = (typeof KEY_SCOPES)[number];

export interface Caller {
  /** Of its key, or its name at the identity provider: the actor in the log of changes. */
  readonly id: string;
  readonly role: "operator" | "customer";
  /** Of whom; for customers only. */
  readonly customer?: CustomerId;
  readonly scopes: readonly CallerScope[];
}

/** Whoever is on this machine may look. */
export const ANYBODY_HERE: Caller = { id: "anybody", role: "operator", scopes: ["read"] };
