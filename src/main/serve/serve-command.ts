// `headroom serve`: the service that an operator leaves running. Opens what is kept, takes up its cells, ticks them, and answers the
// API; told to stop, it ends what it is doing, writes down what it knows, and closes.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism, hostname } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Logger, pino } from "pino";
import { wallClock } from "../../adapters/clock/wall-clock.ts";
import { type OpenStore, openStore } from "../../adapters/postgres/open-store.ts";
import { READY_MAPPING, readMappingFile } from "../../adapters/prometheus/mapping-file.ts";
import type { MetricMapping } from "../../adapters/prometheus/metric-rule.ts";
import { createMetricsCollector } from "../../adapters/prometheus/metrics-collector.ts";
import { streamUsage } from "../../adapters/usage-stream/send-usage.ts";
import type { Access } from "../../api/server/access.ts";
import { createServer, type HeadroomServer } from "../../api/server/server.ts";
import { declarations } from "../../api/views/declarations.ts";
import { createFleetViews, type FleetViews } from "../../api/views/fleet-views.ts";
import { pricing } from "../../api/views/pricing-desk.ts";
import type { RunningService, ServeOptions } from "../../cli/commands.ts";
import type { Clock } from "../../control/ports.ts";
import { resourceVector } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { durationMs, MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../../model/units.ts";
import { makeQuote } from "../quote/make-quote.ts";
import { type ServedSources, serveSources } from "../sources/serve-sources.ts";
import { seatsInThreads } from "./cell-threads.ts";
import { firstKey } from "./first-key.ts";
import { keepTraining } from "./keep-training.ts";
import { modelDesk } from "./model-desk.ts";
import { readConfig } from "./read-config.ts";
import { missingIn } from "./readiness.ts";
import { type RunningFleet, runFleet } from "./run-fleet.ts";
import { type RunningHandOvers, runHandOvers } from "./run-hand-overs.ts";
import type { ServeConfig } from "./serve-config.ts";
import { createServiceMetrics, type ServiceMetrics } from "./service-metrics.ts";
import { shownCells } from "./shown-cells.ts";
import { keepUp } from "./upkeep.ts";

/** Runs until the process is told to stop (SIGINT, SIGTERM). */
export async function serve(options: ServeOptions): Promise<Result<RunningService>> {
  const { config: file, ...typed } = options;
  const read = readConfig({ file, environment: process.env, typed });
  if (!read.ok) return read;
  const config = read.value;
  const mapping = config.metricsMapping === undefined ? success(READY_MAPPING) : readMappingFile(config.metricsMapping);
  if (!mapping.ok) return mapping;
  const log = pino({ level: config.log }, pino.destination(2));
  const store = await openStore(
    config.database === undefined
      ? { kind: "embedded", folder: config.data }
      : { kind: "server", url: config.database },
  );
  if (!store.ok) return store;
  const key = await firstKey(store.value.keys);
  if (!key.ok) return key;
  const clock = wallClock();
  const metrics = createServiceMetrics(PACKAGE.version);
  // Cells may tick before all of them are taken up.
  let running: RunningFleet | undefined;
  const views = createFleetViews(() => (running === undefined ? [] : shownCells(running)));
  const handOvers = runHandOvers({
    ...{ documents: store.value.documents, clock, networks: config.allowedNetworks },
    changesMachines: false,
    onFailure: ({ kind, message }) => log.warn({ kind }, message),
  });
  if (!handOvers.ok) return closed(store.value, handOvers);
  const sources = serveSources({
    ...{ config, store: store.value, clock, onChanged: () => void running?.refresh() },
    onFailure: ({ kind, message }) => log.warn({ kind }, message),
  });
  if (!sources.ok) return closed(store.value, sources);
  const beside = { handOvers: handOvers.value, sources: sources.value };
  const seen = { config, store: store.value, clock, views, metrics, log, ...beside };
  const fleet = await startFleet(seen);
  if (!fleet.ok) return closed(store.value, fleet);
  running = fleet.value;
  const server = await openServer({ ...seen, fleet: fleet.value, mapping: mapping.value });
  if (!server.ok) {
    await Promise.all([fleet.value.stop(), handOvers.value.stop(), sources.value.stop()]);
    return closed(store.value, server);
  }
  const { address } = server.value;
  log.info({ address, cells: fleet.value.cells().size }, "serving");
  const stopped = runUntilTold({ ...seen, fleet: fleet.value, server: server.value });
  return success({ address: `${address}/`, stopped, ...(key.value !== undefined && { firstKey: key.value }) });
}

async function closed<Failed>(store: OpenStore, failed: Failed): Promise<Failed> {
  await store.close();
  return failed;
}

const PACKAGE = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

interface Parts {
  readonly config: ServeConfig;
  readonly store: OpenStore;
  readonly log: Logger;
}

interface Shown extends Parts {
  readonly handOvers: RunningHandOvers;
  readonly sources: ServedSources;
  readonly views: FleetViews;
  readonly metrics: ServiceMetrics;
}

/** What a shadow VM is where nobody said otherwise: next to nothing while it waits. */
const SHADOW_VM = {
  minimum: resourceVector({ cpu: 0.05, memory: 256 * MEBIBYTE, network: 0, storage: 0 }),
  ceiling: resourceVector({ cpu: 8, memory: 32 * GIBIBYTE, network: 1.25e9, storage: 1e9 }),
};

async function startFleet({ config, store, views, metrics, log, handOvers }: Shown): Promise<Result<RunningFleet>> {
  const stepMs = config.tickSeconds * SECOND_MS;
  const seats = seatsInThreads({
    threadsMax: availableParallelism(),
    data: {
      ticket: store.ticket,
      models: modelsIn(config),
      stepMs,
      shadowVm: SHADOW_VM,
      checkpointMs: durationMs(config.checkpointMinutes * MINUTE_MS),
      process: `${process.pid}@${hostname()}`,
    },
    onNotice: (sentence) => log.info(sentence),
  });
  return runFleet({
    documents: store.documents,
    seats,
    defaults: { serviceLevel: config.serviceLevel, stepMs },
    events: {
      onTick({ figures, tick }) {
        const { cell, vms, tookMs } = figures;
        metrics.ticked(figures);
        views.tell(cell, tick);
        log.info({ cell, vms, tookMs: Math.round(tookMs) }, "tick");
      },
      onFailure(cell, failure) {
        metrics.failed(cell);
        log.error({ cell, kind: failure.kind }, failure.message);
      },
      onNotice: (cell, sentence) => log.info({ cell }, sentence),
      onTaken: handOvers.taken,
      onHandOvers: handOvers.moved,
      onGone(cell) {
        metrics.forget(cell);
        handOvers.gone(cell);
      },
    },
  });
}

function modelsIn({ data }: ServeConfig): string {
  return resolve(data, "models");
}

async function openServer(
  given: Shown & { readonly clock: Clock; readonly fleet: RunningFleet; readonly mapping: MetricMapping },
): Promise<Result<HeadroomServer>> {
  const { config, store, clock, views, metrics, fleet, mapping, log, handOvers, sources } = given;
  const access: Access = { kind: "keys", ...(config.oidc && { oidc: config.oidc }) };
  return createServer({
    source: views,
    host: config.host,
    port: config.port,
    ...(config.publicName !== undefined && { names: [config.publicName] }),
    access,
    service: {
      store,
      views,
      models: modelDesk(modelsIn(config), () => void fleet.serveNewest()),
      declarations,
      pricing,
      quote: makeQuote,
      handOvers: handOvers.desk,
      sources: sources.desk,
      metrics: () => createMetricsCollector(mapping),
      onChanged: () => void fleet.refresh(),
      onSamples(columns, receivedAt) {
        metrics.samples(columns.at.length);
        fleet.take(columns, receivedAt);
      },
      limits: { inboxRowsMax: config.samplesWaiting, requestsPerMinute: config.requestsPerMinute },
    },
    probes: {
      missing: () => missingIn({ store, fleet, now: clock.now() }),
      metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
    },
    version: PACKAGE.version,
    pageFolder: fileURLToPath(new URL("../../dashboard", import.meta.url)),
    onError: (error) => log.error(error),
  });
}

interface Running {
  readonly clock: Clock;
  readonly fleet: RunningFleet;
  readonly server: HeadroomServer;
}

/** Changes made by other programs are seen within this time. */
const LOOK_MS = 5 * SECOND_MS;

async function runUntilTold(given: Parts & Pick<Shown, "handOvers" | "sources"> & Running): Promise<Result<void>> {
  const { config, store, clock, fleet, server, log, handOvers, sources } = given;
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(() => {});
  const looking = setInterval(() => void fleet.refresh(), LOOK_MS);
  const upkeep = keepUp({
    store,
    clock,
    stopped,
    keepDays: {
      samples: config.keepSamplesDays,
      hours: config.keepHoursDays,
      decisions: config.keepDecisionsDays,
      usage: config.keepUsageDays,
    },
    onFailure: (failure) => log.error({ kind: failure.kind }, failure.message),
  });
  const streaming = config.usageStream
    ? streamUsage({
        ...{ ...config.usageStream, store: store.usage, clock, stopped, source: `urn:headroom:${hostname()}` },
        onFailure: (failure) => log.error({ kind: failure.kind }, failure.message),
      })
    : undefined;
  const training = keepTraining({
    store,
    clock,
    stopped,
    folder: config.data,
    everyHours: config.trainHours,
    vms: () => [...fleet.cells().values()].flatMap(({ plan }) => plan.cell.vms.map(({ id }) => id)),
    onEnd(outcome) {
      if (!outcome.ok) return log.warn({ kind: outcome.error.kind }, outcome.error.message);
      log.info({ training: outcome.value }, "trained");
      void fleet.serveNewest();
    },
  });
  await stopped;
  log.info("stopping");
  clearInterval(looking);
  await server.close();
  await Promise.all([fleet.stop(), handOvers.stop(), sources.stop()]);
  await Promise.all([upkeep, streaming, training]);
  await store.close();
  log.info("stopped");
  return success(undefined);
}
