// Every row of the table becomes a route: who is it, may they, is it theirs, is it in the right form; then its handler, and the
// answer with ETag, Location or problem. What all routes share is here and nowhere in a handler.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { KeptAnswer } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { PACKED_TYPE } from "../contract/packed-samples.ts";
import { BODY_BYTES_MAX, type Route } from "../contract/route.ts";
import { SERVICE_ROUTES } from "../contract/routes.ts";
import type { Authenticator } from "./access.ts";
import type { Caller } from "./callers.ts";
import { type Gate, gateOf } from "./gate.ts";
import type { Answer, Asked, Desks, Handler } from "./handler.ts";
import { serviceHandlers } from "./handlers/service-handlers.ts";
import { createIdempotency, type Idempotency, readIdempotencyKey, seedOf } from "./idempotency.ts";
import { etagOf, hasVersion, type Precondition, readPrecondition } from "./preconditions.ts";
import { sendRefusal } from "./problems.ts";
import { type Refusal, refusal, statusOf } from "./refusals.ts";
import { inboxFull } from "./sample-inbox.ts";
import type { ServiceOptions } from "./service-options.ts";
import { confine, findsOwn } from "./tenant.ts";

export interface ServiceRouteOptions {
  readonly service: ServiceOptions;
  readonly desks: Desks;
  readonly authenticator: Authenticator;
  readonly now: () => Instant;
  /** Hears of what the caller is not told: why something that this needs cannot be had. */
  readonly onError: (error: Error) => void;
}

export function addServiceRoutes(app: FastifyInstance, options: ServiceRouteOptions): void {
  const { service, desks, authenticator } = options;
  // Samples come as bytes too; every other route refuses them.
  app.addContentTypeParser(PACKED_TYPE, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const handlers = serviceHandlers(desks);
  const idempotency = createIdempotency(service.store.idempotency);
  for (const [name, route] of Object.entries(SERVICE_ROUTES)) {
    // Rows and handlers have the same names, and each handler fits its row: `Handlers` says so, entries cannot.
    const handler = handlers[name as keyof typeof handlers] as unknown as Handler<Route>;
    addRoute(app, { route, handler, idempotency, gate: gateOf(route, authenticator), ...options });
  }
}

interface RouteGiven extends ServiceRouteOptions {
  readonly route: Route;
  readonly handler: Handler<Route>;
  readonly idempotency: Idempotency;
  readonly gate: Gate;
}

function addRoute(app: FastifyInstance, given: RouteGiven): void {
  const { route, gate, desks } = given;
  const { params, query, body, packedBody, bodyBytesMax = BODY_BYTES_MAX } = route;
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: bodyBytesMax,
    schema: {
      ...(params && { params }),
      querystring: query ?? NO_PARAMETERS,
      // A body with another form beside JSON is read by its handler.
      ...(body && packedBody === undefined && { body }),
    },
    onRequest: async (request, reply) => {
      await gate(request);
      const isTooMuch = packedBody !== undefined && desks.inbox.isFull();
      const problem = isTooMuch ? inboxFull() : checkForms(request, route);
      if (!problem.ok) return sendRefusal(reply, problem.error);
    },
    handler: (request, reply) => answer(request, reply, given),
  });
}

const NO_PARAMETERS = { type: "object", properties: {}, additionalProperties: false };

/** 406 and 415, before anything is read. */
function checkForms({ headers }: FastifyRequest, { body, packedBody }: Route): Result<void, Refusal> {
  const { accept, "content-type": type } = headers;
  if (accept && !/(\*\/\*|application\/(\*|json|problem\+json))/i.test(accept))
    return refusal("rejected", "Answers are application/json: accept that.", { status: 406 });
  const isJson = type === undefined || /^application\/json\b/i.test(type);
  const isPacked = packedBody !== undefined && type === PACKED_TYPE;
  if (body !== undefined && !isJson && !isPacked)
    return refusal("rejected", "Send the body as application/json, with that content-type.", { status: 415 });
  return success(undefined);
}

async function answer(request: FastifyRequest, reply: FastifyReply, given: RouteGiven): Promise<FastifyReply> {
  const { route, handler, idempotency } = given;
  reply.header("cache-control", "no-store");
  const refuseIt = (refused: Refusal) => {
    if (statusOf(refused) >= 500) given.onError(new Error(refused.message));
    return sendRefusal(reply, refused);
  };
  const asked = readAsked(request, given);
  if (!asked.ok) return refuseIt(asked.error);
  const { params, caller, store, now } = asked.value;
  const own = await findsOwn(route.tenant, { id: (params as { id?: string } | undefined)?.id ?? "", caller, store });
  if (!own.ok) return refuseIt(own.error);
  const work = async () => {
    const answered = await handler(asked.value);
    return answered.ok ? success(keptAnswer(answered.value, route)) : answered;
  };
  const key = route.method === "POST" ? readIdempotencyKey(request.headers["idempotency-key"]) : success(undefined);
  if (!key.ok) return refuseIt(key.error);
  if (key.value === undefined) {
    const worked = await work();
    return worked.ok ? send(request, reply, worked.value) : refuseIt(worked.error);
  }
  const post = { caller: caller.id, key: key.value, url: request.url, body: request.body, at: now };
  let made: KeptAnswer | undefined;
  const once = await idempotency.once(post, async () => {
    const worked = await work();
    if (!worked.ok || route.secret === undefined) return worked;
    made = worked.value;
    return success(SECRET_IS_OUT);
  });
  if (!once.ok) return refuseIt(once.error);
  if (once.value.isRepeat) reply.header("idempotency-replayed", "true");
  return send(request, reply, made ?? once.value.answer);
}

/** What is kept instead of an answer with a secret in it. */
const SECRET_IS_OUT: KeptAnswer = {
  status: 409,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({
    type: "urn:headroom:problem:conflict",
    title: "This key was made before and shown then: rotate it if it was lost.",
    status: 409,
  }),
};

function readAsked(request: FastifyRequest, given: RouteGiven): Result<Asked, Refusal> {
  const { route, service, now: clock } = given;
  const precondition = preconditionOf(request, route);
  if (!precondition.ok) return precondition;
  const caller = request.caller as Caller;
  const now = clock();
  const key = request.headers["idempotency-key"];
  const asked = {
    // Checked by the contract's schemas on the way in.
    params: request.params as never,
    query: request.query as never,
    body: request.body as never,
    caller,
    actor: { id: caller.id, at: now },
    precondition: precondition.value,
    seed: typeof key === "string" ? seedOf(caller.id, key) : undefined,
    now,
    store: confine(service.store, caller),
  };
  return success(asked);
}

function preconditionOf({ headers }: FastifyRequest, { versioned, method }: Route): Result<Precondition, Refusal> {
  if (!versioned || method === "GET" || method === "POST") return success({ kind: "none" });
  return readPrecondition(headers["if-match"], headers["if-none-match"]);
}

function keptAnswer({ body, status, version, location }: Answer<unknown>, route: Route): KeptAnswer {
  const { status: usual = 200 } = route;
  const isCreated = status === 201 || usual === 201;
  return {
    status: usual === 204 ? 204 : isCreated ? 201 : (status ?? usual),
    headers: {
      "content-type": "application/json; charset=utf-8",
      ...(version !== undefined && { etag: etagOf(version) }),
      ...(isCreated && location !== undefined && { location }),
    },
    body: usual === 204 ? "" : JSON.stringify(body),
  };
}

function send(request: FastifyRequest, reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  const { etag } = headers;
  const version = etag === undefined ? undefined : Number(etag.slice(1, -1));
  if (request.method === "GET" && version !== undefined && hasVersion(request.headers["if-none-match"], version))
    return reply.code(304).header("etag", etag).send();
  return reply
    .code(status)
    .headers(status === 204 ? {} : headers)
    .send(status === 204 ? undefined : body);
}
