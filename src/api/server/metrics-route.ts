// The door for Prometheus: remote_write 1.0. What it answers decides whether Prometheus sends the same again: it does at 429 and 5xx,
// and drops the batch at every other refusal.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Result, success } from "../../model/result.ts";
import { SECOND_MS } from "../../model/time.ts";
import { METRICS_WRITE_PATH } from "../contract/addresses.ts";
import { CONFINED } from "../contract/route.ts";
import type { Authenticator } from "./access.ts";
import type { Caller } from "./callers.ts";
import { gateOf } from "./gate.ts";
import type { MetricsInbox } from "./metrics-inbox.ts";
import { sendRefusal } from "./problems.ts";
import { type Refusal, refusal, statusOf } from "./refusals.ts";
import { inboxFull } from "./sample-inbox.ts";

const PROTOBUF = "application/x-protobuf";
/** Packed. Prometheus sends 2,000 samples at once where nobody said otherwise, some 100 KB. */
const BODY_BYTES_MAX = 8 * 2 ** 20;
const HAND_ON_MS = SECOND_MS;

export interface MetricsRouteOptions {
  readonly metrics: MetricsInbox;
  readonly authenticator: Authenticator;
  readonly onError: (error: Error) => void;
}

export function addMetricsRoute(app: FastifyInstance, { metrics, authenticator, onError }: MetricsRouteOptions): void {
  const gate = gateOf({ scope: "ingest", tenant: CONFINED }, authenticator);
  app.addContentTypeParser(PROTOBUF, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.route({
    method: "POST",
    url: METRICS_WRITE_PATH,
    bodyLimit: BODY_BYTES_MAX,
    onRequest: async (request, reply) => {
      await gate(request);
      const checked = metrics.isFull(request.caller as Caller) ? inboxFull() : checkForm(request);
      if (!checked.ok) return sendRefusal(reply, checked.error);
    },
    handler: async (request, reply) => {
      const { body, caller } = request;
      const bytes = body instanceof Uint8Array ? body : new Uint8Array();
      const written = await metrics.write(caller as Caller, bytes, "remote-write");
      if (written.ok) return reply.code(204).send();
      if (statusOf(written.error) >= 500) onError(new Error(written.error.message));
      return sendRefusal(reply, written.error);
    },
  });
  const handingOn = setInterval(() => void metrics.handOn(), HAND_ON_MS);
  app.addHook("preClose", async () => {
    clearInterval(handingOn);
    await metrics.handOn(true);
  });
}

function checkForm({ headers }: FastifyRequest): Result<void, Refusal> {
  const { "content-type": type = "", "content-encoding": encoding = "" } = headers;
  const isProtobuf = type.split(";")[0]?.trim().toLowerCase() === PROTOBUF && !/io\.prometheus\.write\.v2/.test(type);
  if (isProtobuf && encoding.toLowerCase() === "snappy") return success(undefined);
  const message = `This takes remote_write 1.0: content-type ${PROTOBUF}, content-encoding snappy.`;
  return refusal("rejected", message, { status: 415 });
}
