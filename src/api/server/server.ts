// The HTTP door: API, live stream and page on one port. It ends gracefully, also with streams open.
import fastifyRateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance } from "fastify";
import { failure, type Result, success } from "../../model/result.ts";
import { instant } from "../../model/time.ts";
import {
  HEALTH_PATH,
  HOOKS_PATH,
  LIVE_PATH,
  METRICS_PATH,
  METRICS_WRITE_PATH,
  OPENAPI_PATH,
  OTLP_METRICS_PATH,
  READY_PATH,
} from "../contract/addresses.ts";
import type { LiveSource } from "../contract/live-source.ts";
import { openApiDocument } from "../contract/openapi.ts";
import { LIVE_ROUTES, SERVICE_ROUTES } from "../contract/routes.ts";
import { type Access, createAuthenticator } from "./access.ts";
import { createEventStream, type EventStream } from "./event-stream.ts";
import { createFleetDirectory } from "./fleet-directory.ts";
import type { Desks } from "./handler.ts";
import { addHooksRoute } from "./hooks-route.ts";
import { addLiveRoutes, ownPart } from "./live-routes.ts";
import { createMetricsInbox } from "./metrics-inbox.ts";
import { addMetricsRoute } from "./metrics-route.ts";
import { refuseOtherMethods } from "./other-methods.ts";
import { addOtlpRoute } from "./otlp-route.ts";
import { servePage } from "./page-files.ts";
import { addProbeRoutes, type Probes } from "./probe-routes.ts";
import { answerWithProblems, apiError, sendError } from "./problems.ts";
import { addSafetyHeaders, LOCAL_NAMES, refuseForeignNames } from "./safety.ts";
import { createSampleInbox } from "./sample-inbox.ts";
import { INBOX_ROWS_MAX, REQUESTS_PER_MINUTE, type ServiceOptions } from "./service-options.ts";
import { addServiceRoutes, type ServiceRouteOptions } from "./service-routes.ts";
import { createStrangerBook } from "./stranger-book.ts";
import { validatorFor } from "./validation.ts";

export interface ServerOptions {
  readonly source: LiveSource;
  /** Only this machine can reach it where left out. */
  readonly host?: string;
  /** 0: any free port. */
  readonly port: number;
  /** Names under which it is reached beside those of this machine: its domain name, or its address. */
  readonly names?: readonly string[];
  /** Open for reading to this machine where left out. */
  readonly access?: Access;
  /** Everything that is kept; without it there are the live routes only. */
  readonly service?: ServiceOptions;
  /** For whoever looks after the service; without them there is nothing at these addresses. */
  readonly probes?: Probes;
  /** Absolute path of the built page; without it there is only the API. */
  readonly pageFolder?: string;
  /** Of the program, for the description of the API. */
  readonly version?: string;
  /** Ticks kept for viewers who lost their connection, and how many may watch at once. */
  readonly eventsMax?: number;
  readonly subscribersMax?: number;
  readonly keepAliveMs?: number;
  /** Viewers who take nothing for so long are dropped. */
  readonly slowReaderMs?: number;
  /** Hears of what should not have happened: the caller is told nothing of it. */
  readonly onError?: (error: Error) => void;
}

export interface HeadroomServer {
  /** http://127.0.0.1:PORT */
  readonly address: string;
  /** Ends the streams, gives running answers a moment to finish, closes the port. */
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";
const EVENTS_MAX = 300;
const SUBSCRIBERS_MAX = 1_000;
const KEEP_ALIVE_MS = 15_000;
const SLOW_READER_MS = 60_000;
const LIVE_BODY_BYTES_MAX = 1024;
const PARAM_LENGTH_MAX = 512;
const GRACE_MS = 500;

/** Fails when the port cannot be had, or where whoever can reach it could do what only this machine may. */
export async function createServer(options: ServerOptions): Promise<Result<HeadroomServer>> {
  const { host = LOOPBACK, access = { kind: "open-on-loopback" } } = options;
  if (access.kind === "open-on-loopback" && !LOCAL_NAMES.includes(host))
    return failure(
      "bad-input",
      `Without keys only this machine may reach the API: listen on ${LOOPBACK}, not ${host}.`,
    );
  const app = Fastify({
    bodyLimit: LIVE_BODY_BYTES_MAX,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    frameworkErrors: (error, _request, reply) => sendError(reply, error),
    ...(options.service && { requestTimeout: 120_000 }),
  });
  await furnish(app, { ...options, access });
  try {
    const address = await app.listen({ host, port: options.port });
    return success({ address, close: () => closeGracefully(app) });
  } catch (error) {
    await app.close();
    return failure("unavailable", `Port ${options.port} cannot be used (${String(error)}): name another one.`);
  }
}

async function furnish(app: FastifyInstance, options: ServerOptions & { readonly access: Access }): Promise<void> {
  const { source, service, access, names = [], version = "0" } = options;
  const now = service?.now ?? (() => instant(Date.now()));
  const authenticator = createAuthenticator(access, { now, ...(service && { keys: service.store.keys }) });
  const stream = streamOf(options);
  app.setValidatorCompiler(validatorFor);
  app.removeContentTypeParser("text/plain");
  app.decorateRequest("caller", undefined);
  answerWithProblems(app, options.onError);
  addSafetyHeaders(app);
  refuseForeignNames(app, names);
  if (service) await limitRates(app, service);
  addLiveRoutes(app, { source, stream, authenticator });
  const { onError = () => {} } = options;
  if (service) {
    const desks = desksOf(service, { authenticator, now });
    addServiceRoutes(app, { service, desks, authenticator, now, onError });
    if (desks.metrics) {
      addMetricsRoute(app, { metrics: desks.metrics, authenticator, onError });
      addOtlpRoute(app, { metrics: desks.metrics, authenticator, onError });
    }
    if (service.sources) addHooksRoute(app, { sources: service.sources, now, onError });
  }
  if (options.probes) addProbeRoutes(app, { probes: options.probes, authenticator });
  const document = JSON.stringify(openApiDocument(version));
  app.get(OPENAPI_PATH, (_request, reply) => reply.type("application/json").send(document));
  refuseOtherMethods(app, [
    ...Object.values(LIVE_ROUTES),
    ...(service ? Object.values(SERVICE_ROUTES) : []),
    ...(service?.metrics
      ? [METRICS_WRITE_PATH, OTLP_METRICS_PATH].map((path) => ({ method: "POST", path }) as const)
      : []),
    ...(service?.sources ? [{ method: "POST", path: HOOKS_PATH }] : []),
    { method: "GET", path: OPENAPI_PATH },
    { method: "GET", path: LIVE_PATH, isStream: true },
    ...(options.probes
      ? [HEALTH_PATH, READY_PATH, METRICS_PATH].map((path) => ({ method: "GET", path }) as const)
      : []),
  ]);
  if (options.pageFolder !== undefined) await servePage(app, options.pageFolder);
  feedStream({ app, stream, ...options });
}

function streamOf(options: ServerOptions): EventStream {
  const { eventsMax = EVENTS_MAX, subscribersMax = SUBSCRIBERS_MAX, slowReaderMs = SLOW_READER_MS } = options;
  const limits = { eventsMax, subscribersMax, blockedMsMax: slowReaderMs };
  return createEventStream({ run: Date.now().toString(36), limits });
}

/** By key, or by address where there is none. */
async function limitRates(app: FastifyInstance, { limits = {} }: ServiceOptions): Promise<void> {
  await app.register(fastifyRateLimit, {
    max: limits.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    timeWindow: "1 minute",
    keyGenerator: ({ caller, ip }) => caller?.id ?? ip,
    errorResponseBuilder: (_request, { after }) =>
      apiError({ status: 429, kind: "too-many-requests", message: `Too many requests: try again in ${after}` }),
  });
}

function desksOf(
  service: ServiceOptions,
  { authenticator, now }: Pick<ServiceRouteOptions, "authenticator" | "now">,
): Desks {
  const {
    store,
    views,
    models,
    declarations,
    pricing,
    quote,
    handOvers,
    sources,
    metrics,
    limits = {},
    onChanged = () => {},
    onSamples,
  } = service;
  const directory = createFleetDirectory(store);
  const strangers = createStrangerBook();
  const inbox = createSampleInbox({
    samples: store.samples,
    rowsMax: limits.inboxRowsMax ?? INBOX_ROWS_MAX,
    ...(onSamples && { onSamples }),
  });
  return {
    views,
    models,
    declarations,
    pricing,
    quote,
    handOvers,
    directory,
    inbox,
    strangers,
    metrics: metrics && createMetricsInbox({ open: metrics, directory, inbox, strangers, now }),
    sources,
    keys: store.keys,
    note: (change) => store.log.note(change),
    changed: onChanged,
    keysChanged: authenticator.forgetKeys,
  };
}

/** Browsers open connections ahead of need; one that never asked for anything counts as busy and would be waited for. */
async function closeGracefully(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
  await app.close();
  clearTimeout(cut);
}

function feedStream(given: ServerOptions & { app: FastifyInstance; stream: EventStream }): void {
  const { app, stream, source, keepAliveMs = KEEP_ALIVE_MS } = given;
  const unsubscribe = source.subscribe((tick) => stream.publish("tick", tick, (customer) => ownPart(tick, customer)));
  const beat = setInterval(() => void stream.beat(), keepAliveMs);
  // Fastify waits for open requests before it closes: the streams have to end first.
  app.addHook("preClose", async () => {
    clearInterval(beat);
    unsubscribe();
    stream.close();
  });
}
