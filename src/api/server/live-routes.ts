// What a running cell shows of itself, answered from the source. Nothing here computes: it only asks, and says so when there is
// no answer. A customer's key sees and hears its own part only.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import type { Result } from "../../model/result.ts";
import { LIVE_PATH } from "../contract/addresses.ts";
import type { CustomerTick, Tick } from "../contract/live.ts";
import type { LiveSource } from "../contract/live-source.ts";
import { CONFINED } from "../contract/route.ts";
import { LIVE_ROUTES } from "../contract/routes.ts";
import type { Authenticator } from "./access.ts";
import type { EventStream } from "./event-stream.ts";
import { gateOf } from "./gate.ts";
import { apiError } from "./problems.ts";

export interface LiveRouteOptions {
  readonly source: LiveSource;
  readonly stream: EventStream;
  readonly authenticator: Authenticator;
}

export function addLiveRoutes(app: FastifyInstance, { source, stream, authenticator }: LiveRouteOptions): void {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const { getFleet, getCustomerChart } = LIVE_ROUTES;

  app.get(getFleet.path, { onRequest: gateOf(getFleet, authenticator) }, async (_request, reply) => {
    const fleet = shown(await source.fleet());
    if (fleet === undefined) throw NOT_YET;
    reply.header("cache-control", "no-store");
    return fleet;
  });

  typed.get(
    getCustomerChart.path,
    { schema: { params: getCustomerChart.params }, onRequest: gateOf(getCustomerChart, authenticator) },
    async (request, reply) => {
      const { id } = request.params;
      const { customer } = request.caller ?? {};
      const isOwn = customer === undefined || customer === id;
      const chart = isOwn ? shown(await source.customerChart(id)) : undefined;
      if (chart === undefined) throw shown(await source.fleet()) === undefined ? NOT_YET : unknownCustomer(id);
      reply.header("cache-control", "no-store");
      return chart;
    },
  );

  const gate = gateOf({ scope: "read", tenant: CONFINED }, authenticator);
  app.get(LIVE_PATH, { exposeHeadRoute: false, onRequest: gate }, async (request, reply) => {
    const { "last-event-id": lastEventId, authorization } = request.headers;
    if (stream.isFull())
      throw apiError({ status: 503, kind: "unavailable", message: "Too many live viewers: try later" });
    reply.hijack();
    stream.subscribe(reply.raw, {
      lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
      audience: request.caller?.customer,
      mayRead: async () => (await authenticator.callerOf(authorization, request.ip)).ok,
    });
  });
}

const NOT_YET = apiError({
  status: 503,
  kind: "not-ready",
  message: "The first tick is not finished yet: try again soon",
});

function shown<Value>(known: Result<Value>): Value {
  if (known.ok) return known.value;
  throw apiError({ status: 503, kind: known.error.kind, message: known.error.message });
}

function unknownCustomer(id: string): Error {
  return apiError({ status: 404, kind: "not-found", message: `No customer ${id}` });
}

/** A customer's part of a tick. */
export function ownPart({ at, customers, decisions }: Tick, customer: string): CustomerTick {
  return {
    at,
    customers: customers.filter(({ id }) => id === customer),
    decisions: decisions.filter((decision) => decision.customer === customer),
  };
}
