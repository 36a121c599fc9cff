// The routes of the contract, answered from the source. Nothing here computes: it only asks, and says so when there is no answer.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { LIVE_PATH } from "../contract/addresses.ts";
import { routes } from "../contract/live.ts";
import type { EventStream } from "./event-stream.ts";
import type { LiveSource } from "./live-source.ts";
import { apiError } from "./problems.ts";

export function addLiveRoutes(
  app: FastifyInstance,
  { source, stream }: { source: LiveSource; stream: EventStream },
): void {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const { getFleet, getCustomerChart } = routes;

  typed.get(getFleet.path, { schema: { response: { 200: getFleet.response } } }, async (_request, reply) => {
    const fleet = source.fleet();
    if (fleet === undefined) throw NOT_YET;
    reply.header("cache-control", "no-store");
    return fleet;
  });

  typed.get(
    getCustomerChart.path,
    { schema: { params: getCustomerChart.params, response: { 200: getCustomerChart.response } } },
    async (request, reply) => {
      const chart = source.customerChart(request.params.id);
      if (chart === undefined) throw source.fleet() === undefined ? NOT_YET : unknownCustomer(request.params.id);
      reply.header("cache-control", "no-store");
      return chart;
    },
  );

  app.get(LIVE_PATH, { exposeHeadRoute: false }, async (request, reply) => {
    const lastEventId = request.headers["last-event-id"];
    if (stream.isFull())
      throw apiError({ status: 503, kind: "unavailable", message: "Too many live viewers: try later" });
    reply.hijack();
    stream.subscribe(reply.raw, typeof lastEventId === "string" ? lastEventId : undefined);
  });

  refuseOtherMethods(app);
}

const NOT_YET = apiError({
  status: 503,
  kind: "not-ready",
  message: "The first tick is not finished yet: try again soon",
});

function unknownCustomer(id: string): Error {
  return apiError({ status: 404, kind: "not-found", message: `No customer ${id}` });
}

/** A known path with a method that it does not have is a 405 that names those it has. */
function refuseOtherMethods(app: FastifyInstance): void {
  const paths = [...Object.values(routes).map(({ path }) => path), LIVE_PATH];
  for (const url of paths) {
    const allowed = url === LIVE_PATH ? ["GET"] : ["GET", "HEAD"];
    app.route({
      url,
      method: METHODS.filter((method) => !allowed.includes(method)),
      onRequest: async (request, reply) => {
        reply.header("allow", allowed.join(", "));
        throw apiError({ status: 405, kind: "wrong-method", message: `${request.method} is not for ${url}: use GET` });
      },
      handler: () => undefined,
    });
  }
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
