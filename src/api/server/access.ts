// Who may come in: finds the caller behind the Authorization header. What was found is remembered for a few seconds only, so
// that a key that was ended by another process ends here too.
import type { ApiKey, KeyStore } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { hashOf, isSecret } from "./api-keys.ts";
import { ANYBODY_HERE, type Caller } from "./callers.ts";
import { createTokenReader, type OidcOptions } from "./oidc.ts";
import { type Refusal, refusal } from "./refusals.ts";
import { countUnknownKeys } from "./unknown-keys.ts";

export type Access =
  /** Everybody on this machine may look, nobody may change anything. For a server that only this machine can reach. */
  | { readonly kind: "open-on-loopback" }
  /** API keys, and tokens of an identity provider where one is named. */
  | { readonly kind: "keys"; readonly oidc?: OidcOptions };

export interface Authenticator {
  /** `address`: where it comes from; too many unknown keys from there, and they are not looked up any more for a while. */
  callerOf(authorization: string | undefined, address: string): Promise<Result<Caller, Refusal>>;
  /** A key changed here: nothing of it is remembered. */
  forgetKeys(): void;
}

export function createAuthenticator(
  access: Access,
  { keys, now, unknownKeysPerMinute = UNKNOWN_KEYS_PER_MINUTE }: Surroundings,
): Authenticator {
  if (access.kind === "open-on-loopback")
    return { callerOf: async () => success(ANYBODY_HERE), forgetKeys: () => undefined };
  const readToken = access.oidc && createTokenReader(access.oidc);
  const known = createKeyMemory({ keys, now });
  const unknownKeys = countUnknownKeys({ perMinute: unknownKeysPerMinute, now });
  async function callerWith(credential: string): Promise<Result<Caller, Refusal>> {
    if (isSecret(credential)) return callerOfKey(await known.find(credential), now());
    return readToken ? readToken(credential) : unauthenticated(WRONG);
  }
  return {
    forgetKeys: known.forget,
    async callerOf(authorization, address) {
      const [, credential] = authorization?.match(/^Bearer ([\w.~+/=-]{1,8192})$/i) ?? [];
      if (credential === undefined) return unauthenticated(MISSING);
      // Whoever was known a moment ago is not shut out by a neighbour behind the same address.
      if (unknownKeys.isTooMany(address) && !known.wasGood(credential)) return refusal("rejected", TOO_MANY, TOO_OFTEN);
      const caller = await callerWith(credential);
      if (!caller.ok && caller.error.status === 401) unknownKeys.count(address);
      return caller;
    },
  };
}

interface Surroundings {
  readonly keys?: KeyStore;
  readonly now: () => Instant;
  /** Unknown keys from one address. */
  readonly unknownKeysPerMinute?: number;
}

const UNKNOWN_KEYS_PER_MINUTE = 600;
const TOO_MANY = "Too many unknown keys came from this address: try again in a minute, with a key that is in force.";
const TOO_OFTEN = { status: 429, retryAfterSeconds: 60 } as const;

const MISSING = "A key is needed: send the header Authorization: Bearer hr_...";
const WRONG = "The key is not known, is over, or was ended: ask an operator for another one.";

function unauthenticated(message: string): Result<never, Refusal> {
  return refusal("rejected", message, { status: 401 });
}

function callerOfKey(found: Result<ApiKey | undefined>, now: Instant): Result<Caller, Refusal> {
  if (!found.ok) return found;
  const key = found.value;
  if (key === undefined || !isInForce(key, now)) return unauthenticated(WRONG);
  const { id, role, scopes, customer } = key;
  return success({ id, role, scopes, ...(customer !== undefined && { customer }) });
}

function isInForce({ revokedAt, expiresAt }: ApiKey, now: Instant): boolean {
  return revokedAt === undefined && (expiresAt === undefined || now < expiresAt);
}

const REMEMBERED_MS = 5_000;
const REMEMBERED_MAX = 10_000;

function createKeyMemory({ keys, now }: { readonly keys: KeyStore | undefined; readonly now: () => Instant }) {
  const remembered = new Map<string, { readonly key: ApiKey | undefined; readonly until: number }>();
  return {
    forget: () => remembered.clear(),
    wasGood: (secret: string) => remembered.get(hashOf(secret))?.key !== undefined,
    async find(secret: string): Promise<Result<ApiKey | undefined>> {
      const hash = hashOf(secret);
      const before = remembered.get(hash);
      if (before !== undefined && now() < before.until) return success(before.key);
      const found = keys ? await keys.byHash(hash) : success(undefined);
      if (!found.ok) return found;
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(hash, { key: found.value, until: now() + REMEMBERED_MS });
      return found;
    },
  };
}
