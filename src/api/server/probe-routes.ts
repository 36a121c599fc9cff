// What machines ask of the service: does the process live, is it ready to be asked, and its numbers for Prometheus. The first two are
// open to everybody and say no more than that.
import type { FastifyInstance } from "fastify";
import { HEALTH_PATH, METRICS_PATH, READY_PATH } from "../contract/addresses.ts";
import { OPERATOR } from "../contract/route.ts";
import type { Authenticator } from "./access.ts";
import { gateOf } from "./gate.ts";

export interface Probes {
  /** Why it is not ready, a sentence each; none: it is. */
  readonly missing: () => Promise<readonly string[]>;
  /** In the text format of Prometheus. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

export function addProbeRoutes(
  app: FastifyInstance,
  { probes, authenticator }: { readonly probes: Probes; readonly authenticator: Authenticator },
): void {
  app.get(HEALTH_PATH, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" };
  });

  app.get(READY_PATH, async (_request, reply) => {
    const missing = await probes.missing();
    reply.header("cache-control", "no-store");
    if (missing.length > 0) reply.code(503);
    return missing.length > 0 ? { status: "not ready", missing } : { status: "ready" };
  });

  const gate = gateOf({ scope: "read", tenant: OPERATOR }, authenticator);
  app.get(METRICS_PATH, { onRequest: gate }, async (_request, reply) => {
    const { contentType, text } = await probes.metrics();
    return reply.header("cache-control", "no-store").type(contentType).send(text);
  });
}
