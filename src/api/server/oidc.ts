// Tokens of the operator's identity provider (OpenID Connect): signed by its keys, meant for us, not over. What a token says of
// customer, role and scopes stands in claims that the operator names.
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import { KEY_SCOPES } from "../../control/store-ports.ts";
import { parseId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";
import type { Caller, CallerScope } from "./callers.ts";
import { type Refusal, refusal } from "./refusals.ts";

export interface OidcOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Where the provider publishes its keys. */
  readonly jwksUrl: string;
  /** Claims that name the customer (its id), the role (operator or customer) and the scopes. */
  readonly customerClaim?: string;
  readonly roleClaim?: string;
  readonly scopeClaim?: string;
}

const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const TIMEOUT_MS = 5_000;
const CLOCKS_APART_SECONDS = 30;

export function createTokenReader(options: OidcOptions): (token: string) => Promise<Result<Caller, Refusal>> {
  const { issuer, audience, jwksUrl } = options;
  const keys = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: TIMEOUT_MS });
  const rules = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCKS_APART_SECONDS };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, { ...rules, requiredClaims: ["exp", "sub"] });
      return callerOf(payload, options);
    } catch (error) {
      return refusedToken(error);
    }
  };
}

function callerOf(payload: JWTPayload, options: OidcOptions): Result<Caller, Refusal> {
  const { customerClaim = "headroom_customer", roleClaim = "headroom_role", scopeClaim = "headroom_scopes" } = options;
  const id = `oidc:${payload.sub}`;
  const scopes = scopesOf(payload[scopeClaim]);
  const role = payload[roleClaim];
  if (role === "operator") return success({ id, role, scopes });
  const named = payload[customerClaim];
  const customer = parseId("customer", typeof named === "string" ? named : "");
  if (role === "customer" && customer.ok) return success({ id, role, customer: customer.value, scopes });
  const wanted = `${roleClaim} (operator or customer), and ${customerClaim} for a customer`;
  return refusal("rejected", `The token does not say who this is: it needs the claims ${wanted}.`, { status: 403 });
}

/** A list, or one text with spaces. Nothing but reading where it says nothing. */
function scopesOf(claim: unknown): readonly CallerScope[] {
  const named = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : ["read"];
  return KEY_SCOPES.filter((scope) => named.includes(scope));
}

function refusedToken(error: unknown): Result<never, Refusal> {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isToken = /^ERR_J(WT|WS|OSE_ALG|OSE_NOT|WKS_NO|WKS_MULTIPLE)/.test(code);
  if (isToken)
    return refusal("rejected", "The token is not valid here, or it is over: get a new one.", { status: 401 });
  return refusal("unavailable", "The keys of the identity provider cannot be had: try again soon.");
}
