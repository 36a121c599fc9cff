// A service in memory, run as `headroom serve` runs one, in accelerated time: a site that crowds come to beside quiet neighbours, on
// simulated machines that do what they are told. What the crowds come for may be told to it by a calendar, read over HTTP.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DocumentChange } from "../../../src/control/store-ports.ts";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import { createSimulatedFleet, type TickTruth } from "../../../src/lab/simulated-fleet.ts";
import { type DemandSource, workloadDemand } from "../../../src/lab/synthetic-demand/workload-demand.ts";
import { virtualClock } from "../../../src/lab/virtual-clock.ts";
import { documentsOf } from "../../../src/main/demo/demo-documents.ts";
import { seatsHere } from "../../../src/main/serve/cell-seats.ts";
import { runFleet } from "../../../src/main/serve/run-fleet.ts";
import { openSources } from "../../../src/main/sources/open-sources.ts";
import type { Cell, CellId, CustomerId, HostId, PoolId, Vm, VmId, WorkloadId } from "../../../src/model/fleet.ts";
import { type ResourceVector, resourceVector, scale } from "../../../src/model/resources.ts";
import type { Result } from "../../../src/model/result.ts";
import { seededRandom } from "../../../src/model/seeded-random.ts";
import type { EventSource } from "../../../src/model/source.ts";
import { durationMs, HOUR_MS, type Instant, instant, TICK_MS_DEFAULT } from "../../../src/model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../../../src/model/units.ts";

export interface Crowd {
  readonly from: Instant;
  readonly to: Instant;
  /** Of the whole site in the tick that begins then, as a share of the largest ever. */
  readonly loadAt: (begin: number) => number;
  /** The site's VMs always have so much of what they may have at most. */
  readonly baseShare: number;
  /** iCalendar; undefined: nobody says anything. */
  readonly calendar: string | undefined;
  readonly onTick: (truth: CrowdTick) => void;
  readonly seed: number;
}

export interface CrowdTick {
  /** Begin of the tick. */
  readonly at: Instant;
  readonly truth: TickTruth;
  readonly siteVms: readonly VmId[];
  /** Allocations of the site's VMs and buffers of all hosts, mean over the tick. */
  readonly reserved: ResourceVector;
}

const SITE = "site" as CustomerId;
const HOSTS = 2;
const SITE_VMS_PER_HOST = 3;
const NEIGHBOURS_PER_HOST = 4;
const SERVICE_LEVEL = 0.99;
const CEILING = resourceVector({ cpu: 8, memory: 32 * GIBIBYTE, network: 2.4e8, storage: 3e8 });
const CAPACITY = resourceVector({ cpu: 64, memory: 384 * GIBIBYTE, network: 2.5e9, storage: 3e9 });
const SHADOW_VM = {
  minimum: resourceVector({ cpu: 0.05, memory: 128 * MEBIBYTE, network: 1e5, storage: 1e5 }),
  ceiling: resourceVector({ cpu: 16, memory: 64 * GIBIBYTE, network: 6e8, storage: 6e8 }),
};
/** How far the load balancer is off from one VM and tick to the next. */
const IMBALANCE = 0.04;
/** Of the load at its largest; what a VM needs beside requests. */
const FULL = resourceVector({ cpu: 0.9, memory: 0.2, network: 0.9, storage: 0.4 });
const IDLE = resourceVector({ cpu: 0.02, memory: 0.25, network: 0.002, storage: 0.01 });

/** Lives through the whole span. Throws where anything at all goes wrong. */
export async function runCrowd(crowd: Crowd): Promise<void> {
  const { from, to, onTick } = crowd;
  const clock = virtualClock(from);
  const store = createMemoryStore();
  const cell = cellOf(crowd);
  const siteVms = cell.vms.filter(({ workload }) => workload === SITE_WORKLOAD).map(({ id }) => id);
  const grid = { startMs: from, stepMs: durationMs(TICK_MS_DEFAULT) };
  const demand = new Map(cell.vms.map((vm) => [vm.id, demandOf(vm, { ...crowd, cell })]));
  const machines = createSimulatedFleet({ cell, shadowVm: SHADOW_VM, grid, demand, clock, seed: crowd.seed });
  must(await store.documents.write(documentsOf(cell, { serviceLevel: SERVICE_LEVEL, stepMs: grid.stepMs }), BY(from)));
  const published = crowd.calendar === undefined ? undefined : await publish(crowd.calendar);
  if (published) must(await store.documents.write([sourceOf(published.url)], BY(from)));
  const ticks: ((outcome: Result<void>) => void)[] = [];
  const failures: string[] = [];
  const seats = await seatsHere({
    ...{ store: store.cells, clock, shadowVm: SHADOW_VM, machines },
    checkpointMs: durationMs(2 * HOUR_MS),
    process: "crowd",
  });
  const fleet = must(
    await runFleet({
      documents: store.documents,
      seats,
      defaults: { serviceLevel: SERVICE_LEVEL, stepMs: grid.stepMs },
      events: {
        onTick: () => ticks.shift()?.({ ok: true, value: undefined }),
        onFailure: (_, error) => ticks.shift()?.({ ok: false, error }),
        onGone: () => undefined,
      },
    }),
  );
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const sources = openSources({
    ...{ store, clock, stopped, seed: crowd.seed, master: "of no use here" },
    allows: (address) => address === "127.0.0.1",
    onChanged: () => undefined,
    onFailure: ({ message }) => failures.push(message),
  });
  await sources.readDue();
  await fleet.refresh();
  for (let at = from; at < to; at = instant(at + grid.stepMs)) {
    const ticked = new Promise<Result<void>>((resolve) => ticks.push(resolve));
    clock.advanceTo(instant(at + grid.stepMs));
    must(await ticked);
    for (const desk of seats.desks.values()) await desk.settled();
    const truth = machines.lastTick();
    if (truth) onTick({ at, truth, siteVms, reserved: reservedIn(truth, siteVms) });
  }
  stop();
  await Promise.all([sources.ended, fleet.stop()]);
  published?.server.closeAllConnections();
  published?.server.close();
  if (failures.length > 0) throw new Error(failures[0]);
}

const SITE_WORKLOAD = "site-web" as WorkloadId;
const NEIGHBOUR = "neighbour" as CustomerId;
const POOL = "shared" as PoolId;
const CLASSES = ["web", "database", "cache", "desktop", "batch"] as const;

function cellOf({ baseShare }: Crowd): Cell {
  const hosts = Array.from({ length: HOSTS }, (_, index) => `host-${index + 1}` as HostId);
  const vm = (workload: string, index: number, share: number): Vm => ({
    id: `${workload}-${index + 1}` as VmId,
    workload: workload as WorkloadId,
    host: hosts[index % HOSTS] as HostId,
    base: scale(CEILING, share),
    ceiling: CEILING,
  });
  const neighbours = Array.from({ length: HOSTS * NEIGHBOURS_PER_HOST }, (_, index) =>
    vm(`neighbour-${CLASSES[Math.floor(index / HOSTS) % CLASSES.length]}`, index, 0.08),
  );
  return {
    id: "crowd" as CellId,
    customers: [
      { id: SITE, name: "Site" },
      { id: NEIGHBOUR, name: "Neighbours" },
    ],
    workloads: [
      { id: SITE_WORKLOAD, customer: SITE, class: "web" },
      ...CLASSES.map((each) => ({ id: `neighbour-${each}` as WorkloadId, customer: NEIGHBOUR, class: each })),
    ],
    pools: [{ id: POOL, kind: "shared" }],
    hosts: hosts.map((id) => ({ id, pool: POOL, capacity: CAPACITY })),
    vms: [
      ...Array.from({ length: HOSTS * SITE_VMS_PER_HOST }, (_, index) => vm(SITE_WORKLOAD, index, baseShare)),
      ...neighbours,
    ],
  };
}

function demandOf(
  { id, workload, ceiling }: Vm,
  { from, loadAt, seed, cell }: Crowd & { readonly cell: Cell },
): DemandSource {
  const random = seededRandom(seed).fork(id);
  const grid = { startMs: from, stepMs: durationMs(TICK_MS_DEFAULT) };
  if (workload !== SITE_WORKLOAD) {
    const workloadClass = cell.workloads.find((each) => each.id === workload)?.class ?? "web";
    return workloadDemand({ class: workloadClass, ceiling, random, grid, events: [] });
  }
  return {
    demandAt(tick) {
      const uneven = 1 + IMBALANCE * random.fork(String(tick)).normal();
      const load = Math.max(loadAt(from + tick * TICK_MS_DEFAULT) * uneven, 0);
      const of = (resource: keyof ResourceVector) =>
        ceiling[resource] * Math.min(IDLE[resource] + load * (FULL[resource] - IDLE[resource]), 1);
      return resourceVector({ cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") });
    },
  };
}

function reservedIn({ vms, buffers }: TickTruth, siteVms: readonly VmId[]): ResourceVector {
  const sum = { cpu: 0, memory: 0, network: 0, storage: 0 };
  const all = [...siteVms.flatMap((id) => vms.get(id)?.allocation ?? []), ...buffers.values()];
  for (const each of all)
    for (const resource of ["cpu", "memory", "network", "storage"] as const) sum[resource] += each[resource];
  return resourceVector(sum);
}

function sourceOf(url: string): DocumentChange {
  const form = { kind: "calendar", url, everyMs: durationMs(HOUR_MS), eventKind: "campaign" } as const;
  const value: EventSource = { id: "crowds", name: "What crowds come for", customers: [SITE], muted: false, form };
  return { kind: "source", id: value.id, value, customer: SITE };
}

async function publish(calendar: string): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_, response) => response.setHeader("etag", '"1"').end(calendar));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/crowds.ics`, server };
}

const BY = (at: Instant) => ({ id: "system", at });

function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
