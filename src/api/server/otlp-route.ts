// The door for OpenTelemetry: OTLP/HTTP metrics, protobuf or JSON, gzip or plain. It answers in the form in which it was asked, says
// how many points were taken for nothing, and has exporters send again only what may pass later.
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import protobuf from "protobufjs/minimal.js";
import { type Result, success } from "../../model/result.ts";
import { OTLP_METRICS_PATH } from "../contract/addresses.ts";
import { CONFINED } from "../contract/route.ts";
import type { Authenticator } from "./access.ts";
import type { Caller } from "./callers.ts";
import { gateOf } from "./gate.ts";
import type { MetricsForm, MetricsInbox, WrittenMetrics } from "./metrics-inbox.ts";
import { sayWhenAgain } from "./problems.ts";
import { type Refusal, refusal, statusOf } from "./refusals.ts";
import { inboxFull } from "./sample-inbox.ts";

const FORMS: Readonly<Record<string, Exclude<MetricsForm, "remote-write">>> = {
  "application/x-protobuf": "otlp-protobuf",
  "application/json": "otlp-json",
};
const BODY_BYTES_MAX = 8 * 2 ** 20;
const UNPACKED_BYTES_MAX = 32 * 2 ** 20;

export interface OtlpRouteOptions {
  readonly metrics: MetricsInbox;
  readonly authenticator: Authenticator;
  readonly onError: (error: Error) => void;
}

/** OTLP specification 1.x, section OTLP/HTTP. */
export function addOtlpRoute(app: FastifyInstance, { metrics, authenticator, onError }: OtlpRouteOptions): void {
  const gate = gateOf({ scope: "ingest", tenant: CONFINED }, authenticator);
  // Bodies of JSON too are bytes here, since they may be packed.
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.route({
      method: "POST",
      url: OTLP_METRICS_PATH,
      bodyLimit: BODY_BYTES_MAX,
      onRequest: async (request, reply) => {
        await gate(request);
        const full = metrics.isFull(request.caller as Caller) ? inboxFull() : undefined;
        if (full?.ok === false) return refuse(request, reply, full.error);
      },
      handler: async (request, reply) => {
        const form = formOf(request);
        if (form === undefined) return refuse(request, reply, WRONG_FORM);
        const bytes = await unpacked(request);
        if (!bytes.ok) return refuse(request, reply, bytes.error);
        const written = await metrics.write(request.caller as Caller, bytes.value, form);
        if (written.ok) return answer(request, reply, written.value);
        if (statusOf(written.error) >= 500) onError(new Error(written.error.message));
        return refuse(request, reply, written.error);
      },
    });
    done();
  });
}

const WRONG_FORM: Refusal = {
  ...{ kind: "rejected", status: 415 },
  message: `This takes OTLP metrics as ${Object.keys(FORMS).join(" or ")}, content-encoding gzip or none.`,
};

function formOf({ headers }: FastifyRequest): Exclude<MetricsForm, "remote-write"> | undefined {
  const { "content-type": type = "", "content-encoding": encoding = "identity" } = headers;
  const isPlain = ["gzip", "identity"].includes(encoding.toLowerCase());
  return isPlain ? FORMS[type.split(";")[0]?.trim().toLowerCase() ?? ""] : undefined;
}

const unzip = promisify(gunzip);

async function unpacked({ body, headers }: FastifyRequest): Promise<Result<Uint8Array, Refusal>> {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  if (headers["content-encoding"]?.toLowerCase() !== "gzip") return success(bytes);
  try {
    return success(await unzip(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      return refusal("rejected", `The body holds more than ${UNPACKED_BYTES_MAX} bytes: send less.`, { status: 413 });
    return refusal("bad-input", "The body is no gzip, or it is cut.", { status: 400 });
  }
}

const WORDS: Readonly<Record<string, string>> = {
  absurd: "with no number, a negative one, or a time that cannot be",
  outOfOrder: "older than one of the same series that was there already",
  late: "that came after their scrape was closed",
  histograms: "of histograms and summaries, of which nothing is made here",
};

function answer(request: FastifyRequest, reply: FastifyReply, { rejected }: WrittenMetrics): FastifyReply {
  const told = Object.entries(rejected).flatMap(([why, count]) => (count ? [{ count, words: WORDS[why] ?? why }] : []));
  const count = told.reduce((sum, each) => sum + each.count, 0);
  const message = told.map((each) => `${each.count} points ${each.words}`).join("; ");
  const json =
    count === 0
      ? {}
      : { partialSuccess: { rejectedDataPoints: String(count), errorMessage: `Not taken: ${message}.` } };
  const bytes = () => {
    const writer = protobuf.Writer.create();
    if (count > 0)
      writer.uint32(0x0a).fork().uint32(0x08).int64(count).uint32(0x12).string(`Not taken: ${message}.`).ldelim();
    return writer.finish();
  };
  return send(request, reply.code(200), { json, bytes });
}

/** A google.rpc.Status, as the specification wants it. */
function refuse(request: FastifyRequest, reply: FastifyReply, refused: Refusal): FastifyReply {
  const { message } = refused;
  sayWhenAgain(reply, refused);
  const bytes = () => protobuf.Writer.create().uint32(0x12).string(message).finish();
  return send(request, reply.code(statusOf(refused)), { json: { message }, bytes });
}

function send(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { json, bytes }: { readonly json: unknown; readonly bytes: () => Uint8Array },
): FastifyReply {
  const isProtobuf = headers["content-type"]?.toLowerCase().startsWith("application/x-protobuf") ?? false;
  return isProtobuf
    ? reply.header("content-type", "application/x-protobuf").send(Buffer.from(bytes()))
    : reply.header("content-type", "application/json").send(JSON.stringify(json));
}
