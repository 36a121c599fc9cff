// A whole service for tests: the demo's fleet, small, on a store in memory, behind a server that really listens. Its time is the
// fleet's own. Everything of a customer has the customer's name in its id, so that a foreign byte is found by looking for it.
import { createHash } from "node:crypto";
import { afterEach } from "vitest";
import { READY_MAPPING } from "../../../src/adapters/prometheus/mapping-file.ts";
import { createMetricsCollector } from "../../../src/adapters/prometheus/metrics-collector.ts";
import { createClient } from "../../../src/api/client/client.ts";
import type { Models } from "../../../src/api/contract/operator.ts";
import type { ModelDesk } from "../../../src/api/server/model-desk.ts";
import { createServer, type ServerOptions } from "../../../src/api/server/server.ts";
import type { ServiceLimits } from "../../../src/api/server/service-options.ts";
import { answerOf } from "../../../src/api/views/cell-questions.ts";
import { declarations } from "../../../src/api/views/declarations.ts";
import { createFleetViews, type ShownCell } from "../../../src/api/views/fleet-views.ts";
import { createLiveRecorder } from "../../../src/api/views/live-recorder.ts";
import { pricing } from "../../../src/api/views/pricing-desk.ts";
import { createRunningViews } from "../../../src/api/views/running-views.ts";
import { layOut } from "../../../src/control/cell-layout.ts";
import { pooledPromise } from "../../../src/control/cell-state.ts";
import { type Doors, runTick, startCell, type TickReport } from "../../../src/control/loop.ts";
import { step } from "../../../src/control/step.ts";
import type { ApiKey, DocumentChange, SampleColumns, Store } from "../../../src/control/store-ports.ts";
import { usageRecords } from "../../../src/control/usage/close-usage.ts";
import { demoCell } from "../../../src/lab/demo-cell.ts";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import { quotePlans } from "../../../src/lab/quote/quote-plans.ts";
import { createSimulatedFleet } from "../../../src/lab/simulated-fleet.ts";
import { virtualClock } from "../../../src/lab/virtual-clock.ts";
import { runHandOvers } from "../../../src/main/serve/run-hand-overs.ts";
import { openSources } from "../../../src/main/sources/open-sources.ts";
import type { Cell, CellId, CustomerId } from "../../../src/model/fleet.ts";
import { RESOURCES } from "../../../src/model/resources.ts";
import { failure, type Result, success } from "../../../src/model/result.ts";
import { type Instant, instant, TICK_MS_DEFAULT } from "../../../src/model/time.ts";
import { ASSUMED_PRICES } from "../../../src/pricing/price-list.ts";

export const OWN = "thistlemere";
export const FOREIGN = "larkwhistle";
export const OWN_VM = `${OWN}-web-1`;
export const OWN_WORKLOAD = `${OWN}-web`;
export const FOREIGN_VM = `${FOREIGN}-web-1`;
export const FOREIGN_WORKLOAD = `${FOREIGN}-web`;
export const CELL = "demo";

export const KEYS = {
  operator: secretOf("operator"),
  own: secretOf("own"),
  foreign: secretOf("foreign"),
  reader: secretOf("reader"),
  collector: secretOf("collector"),
  over: secretOf("over"),
} as const;

export interface RunningServiceOptions extends Partial<Omit<ServerOptions, "service">> {
  readonly vms?: number;
  readonly ticks?: number;
  readonly limits?: ServiceLimits;
  /** In place of the store itself, for tests that hold it up. */
  readonly wrap?: (store: Store) => Store;
}

export type RunningService = Awaited<ReturnType<typeof startService>>;

/** For a test file: starts services, and closes each when its test is over. */
export function startsServices(
  usual: RunningServiceOptions,
): (options?: RunningServiceOptions) => Promise<RunningService> {
  const running: RunningService[] = [];
  afterEach(async () => {
    for (const service of running.splice(0)) await service.close();
  });
  return async (options = {}) => {
    const service = await startService({ ...usual, ...options });
    running.push(service);
    return service;
  };
}

export async function startService(options: RunningServiceOptions = {}) {
  const { vms = 10, ticks = 30, limits, wrap = (store) => store, ...serverOptions } = options;
  const store = createMemoryStore();
  const demo = demoCell(1, { vms, stepMs: TICK_MS_DEFAULT });
  const { cell, shadowVm, grid, demand } = demo;
  const clock = virtualClock(grid.startMs);
  const { telemetry, actuator, replicas } = createSimulatedFleet({ cell, shadowVm, grid, demand, clock, seed: 1 });
  const layout = layOut(cell, { stepMs: TICK_MS_DEFAULT, shadowVm });
  const running = startCell({ layout, promise: pooledPromise(0.99), at: grid.startMs, horizons: true });
  running.state.scalesOut.fill(1);
  const handOvers = runHandOvers({
    ...{ documents: store.documents, clock, networks: "10.0.0.0/8", replicas, onFailure: () => {} },
    changesMachines: true,
  });
  if (!handOvers.ok) throw new Error(handOvers.error.message);
  handOvers.value.taken({
    plan: { cell },
    handOvers: running.state.handOvers,
    desk: {
      command: async (command) =>
        success([...step(running.state, { kind: "command", now: clock.now(), command }).records]),
    },
  });
  const views = createRunningViews();
  const about = { mode: "act", simulated: { is: true, speed: 1, seed: 1 }, serviceLevel: 0.99 } as const;
  const recorder = createLiveRecorder({ cell, stepMs: TICK_MS_DEFAULT, prices: ASSUMED_PRICES, about });
  const fleet = createFleetViews(() => [shownCell]);
  const shownCell: ShownCell = {
    cell,
    get status() {
      return views.status();
    },
    ask: async (question) => success(answerOf(question, { views, recorder }) as never),
  };
  const claim = { cell: cell.id, epoch: 1 };
  await store.cells.claim(cell.id, { process: "test", at: grid.startMs });
  await fill(store, cell, grid.startMs);
  let steps = 0;
  const keep = async (report: TickReport): Promise<Result<void>> => {
    const { at } = report.observation;
    steps++;
    const usage = usageRecords(layout, running.state.usage.closed);
    await store.cells.commit(claim, [{ number: steps, bytes: new Uint8Array(), records: report.records, usage }]);
    await store.samples.append(columnsOf(report), at);
    views.record(report);
    fleet.tell(cell.id, recorder.record(report, 1));
    return success(undefined);
  };
  const doors: Doors = { clock, telemetry, actuator, mode: "act", tell: keep };
  const tick = async (): Promise<void> => {
    clock.advanceTo(instant(clock.now() + TICK_MS_DEFAULT));
    const ticked = await runTick(running, doors);
    if (!ticked.ok) throw new Error(ticked.error.message);
  };
  for (let count = 0; count < ticks; count++) await tick();
  const changed: { readonly kind: string; readonly id: string }[] = [];
  const heard: SampleColumns[] = [];
  const errors: Error[] = [];
  const stopping = new AbortController();
  const onChanged = (changes: typeof changed) => void changed.push(...changes);
  const sources = openSources({
    store,
    clock,
    stopped: new Promise((resolve) => stopping.signal.addEventListener("abort", () => resolve())),
    seed: 1,
    allows: (address) => address === "127.0.0.1",
    // Names are looked up nowhere.
    resolver: (name, done) => done(new Error(`there is no ${name}`), []),
    master: "a master secret for tests only",
    onChanged: () => undefined,
    onFailure: ({ message }) => errors.push(new Error(message)),
  });
  const made = await createServer({
    source: fleet,
    port: 0,
    access: { kind: "keys" },
    onError: (error) => errors.push(error),
    ...serverOptions,
    service: {
      store: wrap(store),
      views: fleet,
      models: modelsInMemory(),
      declarations,
      pricing,
      quote: async (history) => quotePlans(history),
      handOvers: handOvers.value.desk,
      metrics: () => createMetricsCollector(READY_MAPPING),
      now: () => clock.now(),
      onChanged: (changes) => onChanged([...changes]),
      sources: sources.desk,
      onSamples: (columns) => heard.push(columns),
      ...(limits && { limits }),
    },
  });
  if (!made.ok) throw new Error(made.error.message);
  const { address } = made.value;
  const close = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([made.value.close(), handOvers.value.stop(), sources.ended]);
  };
  const clientOf = (key: string) => createClient({ address, fetcher: fetch, key });
  const as = (name: keyof typeof KEYS) => clientOf(KEYS[name]);
  return {
    address,
    close,
    store,
    clock,
    tick,
    changed,
    heard,
    errors,
    clientOf,
    as,
    recorder,
    views,
    running,
    sources,
  };
}

/** The same every time, and of the right form. */
function secretOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return `hr_${hex.slice(0, 43)}`;
}

async function fill(store: Store, cell: Cell, at: Instant): Promise<void> {
  const ownerOf = new Map(cell.workloads.map(({ id, customer }) => [id, customer]));
  const settings = {
    serviceLevel: 0.99,
    stepMs: TICK_MS_DEFAULT,
    mode: "observe",
    acting: [],
    killSwitch: false,
  } as const;
  const changes: DocumentChange[] = [
    { kind: "cell-settings", id: cell.id, value: { cell: CELL as CellId, ...settings } },
    ...cell.customers.map((value): DocumentChange => ({ kind: "customer", id: value.id, value, customer: value.id })),
    ...cell.workloads.map((value): DocumentChange => {
      const needs = [{ kind: "customer" as const, id: value.customer }];
      return { kind: "workload", id: value.id, value, customer: value.customer, needs };
    }),
    ...cell.pools.map((value): DocumentChange => ({ kind: "pool", id: value.id, value })),
    ...cell.hosts.map((value): DocumentChange => {
      const needs = [{ kind: "pool" as const, id: value.pool }];
      return { kind: "host", id: value.id, value: { ...value, cell: cell.id }, needs };
    }),
    ...cell.vms.map((value): DocumentChange => {
      const customer = ownerOf.get(value.workload) as CustomerId;
      const needs = [
        { kind: "workload" as const, id: value.workload },
        { kind: "host" as const, id: value.host },
      ];
      return { kind: "vm", id: value.id, value, customer, needs };
    }),
  ];
  const by = { id: "system", at };
  const written = await store.documents.write(changes, by);
  if (!written.ok) throw new Error(written.error.message);
  const made = { createdAt: at, name: "test" };
  const all = ["read", "write", "ingest"] as const;
  const keys: Record<keyof typeof KEYS, ApiKey> = {
    operator: { ...made, id: "key-operator", role: "operator", scopes: all },
    own: { ...made, id: "key-own", role: "customer", scopes: all, customer: OWN as CustomerId },
    foreign: { ...made, id: `key-${FOREIGN}`, role: "customer", scopes: all, customer: FOREIGN as CustomerId },
    reader: { ...made, id: "key-reader", role: "customer", scopes: ["read"], customer: OWN as CustomerId },
    collector: { ...made, id: "key-collector", role: "operator", scopes: ["ingest"] },
    over: { ...made, id: "key-over", role: "operator", scopes: all, expiresAt: at },
  };
  for (const [name, key] of Object.entries(keys)) {
    const hash = createHash("sha256")
      .update(KEYS[name as keyof typeof KEYS])
      .digest("hex");
    await store.keys.add(key, hash, by);
  }
}

function columnsOf({ observation }: TickReport): SampleColumns {
  const { vms, at } = observation;
  return {
    vms: vms.map(({ vm }) => vm),
    vm: Uint32Array.from(vms.keys()),
    at: new Float64Array(vms.length).fill(at),
    usage: Float32Array.from(vms.flatMap(({ usage }) => RESOURCES.map((resource) => usage[resource]))),
  };
}

/** Two models, none of which serves at first. */
function modelsInMemory(): ModelDesk {
  let serving: string | null = null;
  const history: Models["history"] = [];
  const ids = ["aaaaaaaaaaaa", "bbbbbbbbbbbb"];
  const told = (): Result<Models> =>
    success({
      serving,
      models: ids.map((id) => ({
        ...{ id, created: "2026-03-01T00:00:00.000Z", trace: "test", series: 40 },
        ...{ isPromoted: false, contest: "none was fought", serves: id === serving },
      })),
      history,
    });
  const change = (kind: "promoted" | "rolled-back", at: Instant, reason: string) => {
    history.unshift({ kind, at: new Date(at).toISOString(), serving, by: "operator", reason });
    return told();
  };
  return {
    list: async () => told(),
    async promote(id, { at, reason }) {
      if (!ids.includes(id)) return failure("not-found", `There is no model ${id}.`);
      if (serving === id) return failure("conflict", `The model ${id} serves already.`);
      serving = id;
      return change("promoted", at, reason);
    },
    async rollBack({ at, reason }) {
      if (serving === null) return failure("not-found", "No model serves.");
      serving = null;
      return change("rolled-back", at, reason);
    },
  };
}
