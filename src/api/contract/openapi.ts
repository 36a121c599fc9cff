// The OpenAPI 3.1 document, made of the table of routes: schemas are JSON Schema already. Equal tables give equal documents.
import { Type } from "typebox";
import { HOOKS_PATH, LIVE_PATH, METRICS_WRITE_PATH, OTLP_METRICS_PATH } from "./addresses.ts";
import { LoggedChange } from "./changes.ts";
import { Contract, ContractBody, VmTerms } from "./contracts.ts";
import { Discovered } from "./discovered.ts";
import { DoNotLearn, DoNotLearnBody, Event, EventBody } from "./events.ts";
import { Cell, Customer, Host, Pool, Vm, Workload } from "./fleet.ts";
import { Amounts, CustomerState, Decision, Fan, HostState, Problem, Tick, Totals } from "./live.ts";
import { MetricsMapping } from "./metrics.ts";
import {
  CustomerAllocation,
  CustomerForecast,
  LoggedDecision,
  VmAllocation,
  VmForecast,
  VmHistory,
} from "./monitoring.ts";
import { Blackout, BlackoutBody, CellStatus, Key, Models, NewKey } from "./operator.ts";
import { PACKED_TYPE } from "./packed-samples.ts";
import { Profile, ProfileAccuracy, ProfileBody } from "./profiles.ts";
import { type Route, TAGS } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { Id, Instant, ResourceAmounts } from "./scalars.ts";

/** Schemas with a name of their own in the document; wherever one is used, its name stands. */
const NAMED = {
  Problem,
  ResourceAmounts,
  Customer,
  Workload,
  Vm,
  Pool,
  Host,
  Cell,
  ProfileBody,
  Profile,
  ProfileAccuracy,
  ContractBody,
  Contract,
  VmTerms,
  VmAllocation,
  CustomerAllocation,
  VmForecast,
  CustomerForecast,
  VmHistory,
  MetricsMapping,
  Discovered,
  LoggedDecision,
  EventBody,
  Event,
  DoNotLearnBody,
  DoNotLearn,
  BlackoutBody,
  Blackout,
  Models,
  Key,
  NewKey,
  LoggedChange,
  CellStatus,
  Amounts,
  Totals,
  HostState,
  CustomerState,
  Decision,
  Tick,
  Fan,
  Instant,
  Id,
} as const;

/** Found by what they say, since a schema that was put into another one is a copy. */
const NAME_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMED).map(([name, schema]) => [JSON.stringify(schema), name]),
);

function withNames(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  const name = NAME_OF.get(JSON.stringify(schema));
  return name === undefined ? insideOf(schema) : { $ref: `#/components/schemas/${name}` };
}

function insideOf(schema: object): unknown {
  if (Array.isArray(schema)) return schema.map(withNames);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withNames(value)]));
}

interface Json {
  readonly [name: string]: unknown;
}

export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {
    [LIVE_PATH]: { get: LIVE_OPERATION },
    [HOOKS_PATH.replace(":source", "{source}")]: { post: HOOK_OPERATION },
    [METRICS_WRITE_PATH]: { post: METRICS_WRITE_OPERATION },
    [OTLP_METRICS_PATH]: { post: OTLP_METRICS_OPERATION },
  };
  for (const [operationId, route] of Object.entries(ROUTES)) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(operationId, route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Headroom", version, description: ABOUT, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/", description: "The server that this document came from." }],
    security: [{ bearer: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "An API key (hr_...), or a JWT of the identity provider that the operator set up.",
        },
      },
      schemas: Object.fromEntries(Object.entries(NAMED).map(([name, schema]) => [name, insideOf(schema)])),
      responses: { Problem: PROBLEM_RESPONSE },
    },
  };
}

const ABOUT = [
  "Headroom gives every VM the capacity it is about to need, just before it needs it.",
  "Instants are ISO 8601 with a zone. Amounts are in base units: cores, bytes, bytes/s.",
  "Every error is a problem by RFC 9457. Unknown fields are refused.",
  "Idempotency-Key on a POST: the same key brings the same answer for a day, and the work is done once.",
].join(" ");

const PROBLEM_EXAMPLE = {
  type: "urn:headroom:problem:bad-input",
  title: "The request is not valid",
  status: 400,
  detail: "/base/cpu: must be number.",
  errors: [{ in: "body", pointer: "/base/cpu", detail: "must be number" }],
};
const PROBLEM_RESPONSE = {
  description: "A problem: `type` says which kind, `detail` and `errors` what to do.",
  content: {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" }, example: PROBLEM_EXAMPLE },
  },
};
const PROBLEM = { $ref: "#/components/responses/Problem" };

const LIVE_OPERATION = {
  operationId: "watchLive",
  tags: ["monitoring"],
  summary: "Hear of every finished tick, as server-sent events",
  description:
    "Event `tick`: the finished tick; a customer's key hears its own part. `reset`: what follows does not join what came before, load anew. `dropped`: the stream ends, and why. Resume with Last-Event-ID.",
  parameters: [
    {
      name: "Last-Event-ID",
      in: "header",
      description: "Id of the last event that came: go on behind it.",
      schema: { type: "string", maxLength: 64 },
    },
  ],
  responses: {
    200: {
      description: "The stream.",
      content: {
        "text/event-stream": { schema: { type: "string" }, example: "id: x-1\nevent: tick\ndata: {}\n\n" },
      },
    },
    default: PROBLEM,
  },
};

const HOOK_OPERATION = {
  operationId: "callHook",
  tags: ["sources"],
  summary: "Announce events to a source of the kind hook",
  description:
    "For programs: no key, but a signature made with the secret of the source. A call is heard once, within five minutes of its signing; the same `id` again changes the event.",
  security: [],
  parameters: [
    { name: "source", in: "path", required: true, schema: { type: "string", maxLength: 60 } },
    {
      name: "headroom-signature",
      in: "header",
      description: "t=<seconds since 1970>,v1=<hex of HMAC-SHA256 of `<seconds>.<body>`>",
      required: true,
      schema: { type: "string" },
    },
  ],
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: { description: "An event with an id of the sender's, or up to 100 of them as `events`." },
        example: {
          id: "spring-2026",
          name: "spring-sale",
          start: "2026-04-03T08:00:00Z",
          end: "2026-04-05T22:00:00Z",
          declaredUplift: 1.6,
        },
      },
    },
  },
  responses: { 200: { description: "Heard: what became of each." }, default: PROBLEM },
};

const METRICS_WRITE_OPERATION = {
  operationId: "writeMetrics",
  tags: ["samples"],
  summary: "Take in metrics by Prometheus remote_write 1.0",
  description:
    "For Prometheus itself and for whoever speaks as it does. 429 with Retry-After: they cannot be kept now, send them again. Needs scope ingest; a customer's key reaches its own VMs only.",
  parameters: [
    {
      name: "Content-Encoding",
      in: "header",
      description: "snappy",
      required: true,
      schema: { type: "string", enum: ["snappy"] },
    },
  ],
  requestBody: {
    required: true,
    content: {
      "application/x-protobuf": { schema: { description: "A WriteRequest, packed by Snappy's block format." } },
    },
  },
  responses: { 204: { description: "Heard." }, default: PROBLEM },
};

const OTLP_FORMS = ["application/x-protobuf", "application/json"] as const;

function inOtlpForms(description: string): Json {
  return Object.fromEntries(OTLP_FORMS.map((form) => [form, { schema: { description } }]));
}

const OTLP_METRICS_OPERATION = {
  operationId: "exportMetrics",
  tags: ["samples"],
  summary: "Take in metrics by OpenTelemetry's OTLP/HTTP",
  description:
    "For exporters, plain or packed by gzip. The answer has the form of the question and says which points were taken for nothing. 429 and 503: send them again. Needs scope ingest; a customer's key reaches its own VMs only.",
  requestBody: { required: true, content: inOtlpForms("An ExportMetricsServiceRequest.") },
  responses: {
    200: { description: "Heard.", content: inOtlpForms("An ExportMetricsServiceResponse.") },
    default: { description: "Not taken.", content: inOtlpForms("A google.rpc.Status.") },
  },
};

function operationOf(operationId: string, route: Route): Json {
  const { status = 200, summary, description, example, response } = route;
  const hasBody = status !== 204;
  return {
    operationId,
    tags: [route.tag],
    summary,
    description: [description, accessOf(route)].filter((each) => each !== undefined).join(" "),
    parameters: [...parametersOf(route), ...headersOf(route)],
    ...(route.body && { requestBody: requestBodyOf(route) }),
    responses: {
      [status]: {
        description: hasBody ? "Done." : "Removed.",
        ...(route.versioned && hasBody && { headers: { ETag: ETAG } }),
        ...(hasBody && { content: { "application/json": content(response, example.response) } }),
      },
      default: PROBLEM,
    },
  };
}

const ETAG = { description: 'The version, in quotes: "3".', schema: { type: "string" } };

function content(schema: unknown, example: unknown): Json {
  return { schema: withNames(schema), ...(example !== undefined && { example }) };
}

function accessOf({ scope, tenant }: Route): string {
  const who = tenant.kind === "operator" ? "operators only" : "a customer's key finds its own only";
  return `Needs scope ${scope}; ${who}.`;
}

function requestBodyOf({ body, packedBody, example }: Route): Json {
  const packed = packedBody !== undefined && { [PACKED_TYPE]: { schema: { description: packedBody } } };
  return { required: true, content: { "application/json": content(body, example.body), ...packed } };
}

/** Path and query parameters are objects with one property for each. */
function parametersOf({ params, query }: Route): Json[] {
  const inPath = Object.entries(propertiesOf(params)).map(([name, schema]) => parameter({ name, in: "path", schema }));
  const inQuery = Object.entries(propertiesOf(query)).map(([name, schema]) => parameter({ name, in: "query", schema }));
  return [...inPath, ...inQuery];
}

function propertiesOf(schema: unknown): Readonly<Record<string, Json>> {
  return (schema as { readonly properties?: Record<string, Json> } | undefined)?.properties ?? {};
}

function parameter(given: { name: string; in: "path" | "query" | "header"; schema: Json }): Json {
  const { description, ...schema } = given.schema;
  const told = typeof description === "string" && { description };
  return { name: given.name, in: given.in, ...told, required: given.in === "path", schema: withNames(schema) };
}

function headersOf({ method, versioned }: Route): Json[] {
  const header = (name: string, description: string) =>
    parameter({ name, in: "header", schema: { ...Type.String({ maxLength: 128 }), description } });
  const headers: Json[] = [];
  if (method === "POST")
    headers.push(header("Idempotency-Key", "Any text of your own: a repeat is answered as the first was, for a day."));
  if (versioned && method === "GET") headers.push(header("If-None-Match", "An ETag: 304 if it is still so."));
  if (versioned && (method === "PUT" || method === "DELETE"))
    headers.push(header("If-Match", "An ETag: 412 unless that is the version now."));
  if (versioned && method === "PUT")
    headers.push(header("If-None-Match", "`*`: 412 if there is one already, so that nothing is overwritten."));
  return headers;
}
