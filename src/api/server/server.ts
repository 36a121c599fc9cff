// The HTTP door: API, live stream and page on one local port. It ends gracefully, also with streams open.
import Fastify, { type FastifyInstance } from "fastify";
import { failure, type Result, success } from "../../model/result.ts";
import { createEventStream, type EventStream } from "./event-stream.ts";
import { addLiveRoutes } from "./live-routes.ts";
import type { LiveSource } from "./live-source.ts";
import { servePage } from "./page-files.ts";
import { answerWithProblems, sendError } from "./problems.ts";
import { addSafetyHeaders, refuseForeignNames } from "./safety.ts";

export interface ServerOptions {
  readonly source: LiveSource;
  /** Only this machine can reach it. 0: any free port. */
  readonly port: number;
  /** Absolute path of the built page; without it there is only the API. */
  readonly pageFolder?: string;
  /** Ticks kept for viewers who lost their connection, and how many may watch at once. */
  readonly eventsMax?: number;
  readonly subscribersMax?: number;
  readonly keepAliveMs?: number;
}

export interface HeadroomServer {
  /** http://127.0.0.1:PORT */
  readonly address: string;
  /** Ends the streams, gives running answers a moment to finish, closes the port. */
  close(): Promise<void>;
}

const EVENTS_MAX = 300;
const SUBSCRIBERS_MAX = 200;
const KEEP_ALIVE_MS = 15_000;
const PARAM_LENGTH_MAX = 512;
const GRACE_MS = 500;

/** Fails when the port cannot be had. */
export async function createServer(options: ServerOptions): Promise<Result<HeadroomServer>> {
  const app = Fastify({
    bodyLimit: 1024,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    frameworkErrors: (error, _request, reply) => sendError(reply, error),
  });
  const { eventsMax = EVENTS_MAX, subscribersMax = SUBSCRIBERS_MAX } = options;
  const stream = createEventStream({ run: Date.now().toString(36), limits: { eventsMax, subscribersMax } });
  answerWithProblems(app);
  addSafetyHeaders(app);
  refuseForeignNames(app);
  addLiveRoutes(app, { source: options.source, stream });
  if (options.pageFolder !== undefined) await servePage(app, options.pageFolder);
  feedStream({ app, stream, ...options });
  try {
    const address = await app.listen({ host: "127.0.0.1", port: options.port });
    return success({ address, close: () => closeGracefully(app) });
  } catch (error) {
    await app.close();
    return failure("unavailable", `Port ${options.port} cannot be used (${String(error)}): name another one.`);
  }
}

/** Browsers open connections ahead of need; one that never asked for anything counts as busy and would be waited for. */
async function closeGracefully(app: FastifyInstance): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), GRACE_MS);
  await app.close();
  clearTimeout(cut);
}

function feedStream(given: ServerOptions & { app: FastifyInstance; stream: EventStream }): void {
  const { app, stream, source, keepAliveMs = KEEP_ALIVE_MS } = given;
  const unsubscribe = source.subscribe((tick) => stream.publish("tick", tick));
  const beat = setInterval(() => stream.keepAlive(), keepAliveMs);
  // Fastify waits for open requests before it closes: the streams have to end first.
  app.addHook("preClose", async () => {
    clearInterval(beat);
    unsubscribe();
    stream.close();
  });
}
