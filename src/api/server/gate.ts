// The gate of every route: finds out who is asking and whether they may, before a byte of the body is read.
import type { FastifyRequest } from "fastify";
import type { Result } from "../../model/result.ts";
import type { Route } from "../contract/route.ts";
import type { Authenticator } from "./access.ts";
import type { Caller } from "./callers.ts";
import { apiError } from "./problems.ts";
import { type Refusal, statusOf } from "./refusals.ts";
import { mayUse } from "./tenant.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who is asking; known behind the gate. */
    caller: Caller | undefined;
  }
}

/** Throws the problem. */
export type Gate = (request: FastifyRequest) => Promise<void>;

export function gateOf(route: Pick<Route, "scope" | "tenant">, authenticator: Authenticator): Gate {
  return async (request) => {
    const caller = orThrow(await authenticator.callerOf(request.headers.authorization, request.ip));
    orThrow(mayUse(route, caller));
    request.caller = caller;
  };
}

function orThrow<Value>(result: Result<Value, Refusal>): Value {
  if (result.ok) return result.value;
  const status = statusOf(result.error);
  const { kind, message, retryAfterSeconds } = result.error;
  const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  throw apiError({ status, kind: KINDS[status] ?? kind, message, ...later });
}

const KINDS: Readonly<Record<number, string>> = { 401: "unauthenticated", 403: "forbidden", 429: "too-many-requests" };
