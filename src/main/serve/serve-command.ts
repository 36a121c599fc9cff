// `headroom serve`: the service that an operator leaves running. Opens what is kept, takes up its cells, ticks them, and answers the
// API; told to stop, it ends what it is doing, writes down what it knows, and closes.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Logger, pino } from "pino";
import { wallClock } from "../../adapters/clock/wall-clock.ts";
import { type OpenStore, openStore } from "../../adapters/postgres/open-store.ts";
import { roundedUsage } from "../../adapters/postgres/samples/amount-code.ts";
import { READY_MAPPING, readMappingFile } from "../../adapters/prometheus/mapping-file.ts";
import type { MetricMapping } from "../../adapters/prometheus/metric-rule.ts";
import { createMetricsCollector } from "../../adapters/prometheus/metrics-collector.ts";
import { streamUsage } from "../../adapters/usage-stream/send-usage.ts";
import type { Access } from "../../api/server/access.ts";
import { createServer, type HeadroomServer } from "../../api/server/server.ts";
import { declarations } from "../../api/views/declarations.ts";
import { pricing } from "../../api/views/pricing-desk.ts";
import { createRunningViews, type RunningViews } from "../../api/views/running-views.ts";
import type { RunningService, ServeOptions } from "../../cli/commands.ts";
import type { Clock } from "../../control/ports.ts";
import { resourceVector } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { durationMs, MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../../model/units.ts";
import { openForecaster } from "../demo/serving-network.ts";
import { makeQuote } from "../quote/make-quote.ts";
import { firstKey } from "./first-key.ts";
import { createFleetSource, type FleetSource } from "./fleet-source.ts";
import { keepTraining } from "./keep-training.ts";
import { modelDesk } from "./model-desk.ts";
import { readConfig } from "./read-config.ts";
import { missingIn } from "./readiness.ts";
import { type RunningFleet, runFleet } from "./run-fleet.ts";
import type { ServeConfig } from "./serve-config.ts";
import { createServiceMetrics, type ServiceMetrics } from "./service-metrics.ts";
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
  const views = createRunningViews();
  const source = createFleetSource();
  const metrics = createServiceMetrics(PACKAGE.version);
  const fleet = await startFleet({ config, store: store.value, clock, views, source, metrics, log });
  if (!fleet.ok) return closed(store.value, fleet);
  const server = await openServer({
    config,
    store: store.value,
    clock,
    views,
    source,
    metrics,
    fleet: fleet.value,
    mapping: mapping.value,
    log,
  });
  if (!server.ok) {
    await fleet.value.stop();
    return closed(store.value, server);
  }
  const { address } = server.value;
  log.info({ address, cells: fleet.value.cells().size }, "serving");
  const stopped = runUntilTold({ config, store: store.value, clock, fleet: fleet.value, server: server.value, log });
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
  readonly views: RunningViews;
  readonly source: FleetSource;
  readonly metrics: ServiceMetrics;
}

/** What a shadow VM is where nobody said otherwise: next to nothing while it waits. */
const SHADOW_VM = {
  minimum: resourceVector({ cpu: 0.05, memory: 256 * MEBIBYTE, network: 0, storage: 0 }),
  ceiling: resourceVector({ cpu: 8, memory: 32 * GIBIBYTE, network: 1.25e9, storage: 1e9 }),
};

async function startFleet(given: Shown & { readonly clock: Clock }): Promise<Result<RunningFleet>> {
  const { config, store, clock, views, source, metrics, log } = given;
  const stepMs = config.tickSeconds * SECOND_MS;
  const forecaster = await openForecaster({ store: join(config.data, "models"), stepMs });
  if (!forecaster.ok) return forecaster;
  const { inference, id, sentence } = forecaster.value;
  log.info(sentence);
  return runFleet({
    store,
    clock,
    defaults: { serviceLevel: config.serviceLevel, stepMs },
    shadowVm: SHADOW_VM,
    checkpointMs: durationMs(config.checkpointMinutes * MINUTE_MS),
    process: `${process.pid}@${hostname()}`,
    ...(inference && id && { network: { id, network: { inference } } }),
    events: {
      onTick(report, tookMs) {
        const { layout } = report.cell.state;
        views.record(report);
        source.record(report, tookMs);
        metrics.ticked(report, tookMs);
        log.info({ cell: layout.cell, vms: layout.vmIds.length, tookMs: Math.round(tookMs) }, "tick");
      },
      onTaken: (cell) => views.record({ cell, observed: { demand: cell.engine.records.demand } }),
      onFailure(cell, failure) {
        metrics.failed(cell);
        log.error({ cell, kind: failure.kind }, failure.message);
      },
      onWarmed(cell, { vms, ticks }) {
        views.record({ cell, observed: { demand: cell.engine.records.demand } });
        log.info({ cell: cell.state.layout.cell, vms, ticks }, "learned from history");
      },
      onPlanned: (plan) => source.plan(plan),
      onGone(cell) {
        views.forget(cell);
        source.forget(cell);
        metrics.forget(cell);
      },
    },
  });
}

async function openServer(
  given: Shown & { readonly clock: Clock; readonly fleet: RunningFleet; readonly mapping: MetricMapping },
): Promise<Result<HeadroomServer>> {
  const { config, store, clock, views, source, metrics, fleet, mapping, log } = given;
  const access: Access = { kind: "keys", ...(config.oidc && { oidc: config.oidc }) };
  return createServer({
    source,
    host: config.host,
    port: config.port,
    ...(config.publicName !== undefined && { names: [config.publicName] }),
    access,
    service: {
      store,
      views,
      models: modelDesk(join(config.data, "models"), () => void serveNewest({ config, fleet, log })),
      declarations,
      pricing,
      quote: makeQuote,
      metrics: () => createMetricsCollector(mapping),
      onChanged: () => void fleet.refresh(),
      // As they are stored, so that what is decided now and what is read later are the same.
      onSamples(columns) {
        metrics.samples(columns.at.length);
        fleet.take({ ...columns, usage: roundedUsage(columns.usage) });
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

/** The network that serves by now, in all cells. */
async function serveNewest({
  config,
  fleet,
  log,
}: Pick<Parts, "config" | "log"> & { readonly fleet: RunningFleet }): Promise<void> {
  const forecaster = await openForecaster({
    store: join(config.data, "models"),
    stepMs: config.tickSeconds * SECOND_MS,
  });
  if (!forecaster.ok) return log.error({ kind: forecaster.error.kind }, forecaster.error.message);
  const { inference, id, sentence } = forecaster.value;
  log.info(sentence);
  await fleet.serveWith(inference && id ? { id, network: { inference } } : undefined);
}

/** Changes made by other programs are seen within this time. */
const LOOK_MS = 5 * SECOND_MS;

async function runUntilTold(
  given: Parts & { readonly clock: Clock; readonly fleet: RunningFleet; readonly server: HeadroomServer },
): Promise<Result<void>> {
  const { config, store, clock, fleet, server, log } = given;
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
    vms: () => [...fleet.cells().values()].flatMap(({ runner }) => runner.running().state.layout.vmIds),
    onEnd(outcome) {
      if (!outcome.ok) return log.warn({ kind: outcome.error.kind }, outcome.error.message);
      log.info({ training: outcome.value }, "trained");
      void serveNewest({ config, fleet, log });
    },
  });
  await stopped;
  log.info("stopping");
  clearInterval(looking);
  await server.close();
  await fleet.stop();
  await Promise.all([upkeep, streaming, training]);
  await store.close();
  log.info("stopped");
  return success(undefined);
}
