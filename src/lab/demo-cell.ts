// The invented fleet of the demo: five customers on shared hosts that hold all bases and the usual peaks, but never all
// ceilings at once. The same seed gives the same fleet and the same demand.
import type { ShadowVmSize } from "../control/cell-layout.ts";
import type { Declarations } from "../control/ports.ts";
import type {
  Cell,
  CellId,
  Customer,
  CustomerId,
  Host,
  HostId,
  PoolId,
  Vm,
  VmId,
  Workload,
  WorkloadClass,
  WorkloadId,
} from "../model/fleet.ts";
import { resourceVector, scale } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import { type SeededRandom, seededRandom } from "../model/seeded-random.ts";
import { durationMs, instant, TICK_MS_DEFAULT } from "../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../model/units.ts";
import { demoDeclarations, demoEvents } from "./demo-declarations.ts";
import type { DemandEvent } from "./synthetic-demand/demand-event.ts";
import { type DemandSource, type EndlessGrid, workloadDemand } from "./synthetic-demand/workload-demand.ts";

export interface DemoCell {
  readonly cell: Cell;
  readonly shadowVm: ShadowVmSize;
  readonly grid: EndlessGrid;
  /** Of each VM, on `grid`. */
  readonly demand: ReadonlyMap<VmId, DemandSource>;
  /** What truly happens. */
  readonly events: readonly DemandEvent[];
  /** What the customers say of it. */
  readonly declared: Declarations;
}

export interface DemoSize {
  readonly vms: number;
  readonly stepMs: number;
}

/** A Monday. */
const START = instant(Date.UTC(2026, 2, 2));
const VMS_PER_HOST = 15;
const SHARED = "shared" as PoolId;

const HOST_CAPACITY = resourceVector({ cpu: 40, memory: 192 * GIBIBYTE, network: 1.25e9, storage: 1.5e9 });
const SHADOW_VM: ShadowVmSize = {
  minimum: resourceVector({ cpu: 0.05, memory: 128 * MEBIBYTE, network: 1e5, storage: 1e5 }),
  ceiling: resourceVector({ cpu: 8, memory: 32 * GIBIBYTE, network: 3e8, storage: 4e8 }),
};

interface DemoCustomer {
  readonly customer: Customer;
  /** One for each VM. */
  readonly classes: readonly WorkloadClass[];
}

/** A dozen VMs each; a larger fleet has more dozens. */
const CUSTOMERS: readonly DemoCustomer[] = [
  demoCustomer("thistlemere", "Thistlemere Books", { web: 6, database: 3, cache: 2, batch: 1 }),
  demoCustomer("larkwhistle", "Larkwhistle Travel", { web: 6, database: 2, cache: 2, batch: 2 }),
  demoCustomer("mossbank", "Mossbank Clinics", { desktop: 8, database: 2, batch: 1, idle: 1 }),
  demoCustomer("tallowfen", "Tallowfen Games", { web: 5, database: 2, cache: 2, batch: 2, idle: 1 }),
  demoCustomer("otterby", "Otterby Foods", { web: 3, desktop: 4, batch: 2, database: 1, idle: 2 }),
];

const EVENTS = demoEvents(START);

export function demoCell(seed: number, { vms, stepMs }: DemoSize = { vms: 60, stepMs: TICK_MS_DEFAULT }): DemoCell {
  const random = seededRandom(seed);
  const grid: EndlessGrid = { startMs: START, stepMs: durationMs(stepMs) };
  const hostCount = Math.ceil(vms / VMS_PER_HOST);
  const members = Array.from({ length: vms }, (_, index) => memberAt(index, { hostCount, random }));
  const workloads = new Map(members.map(({ workload }) => [workload.id, workload]));
  const cell: Cell = {
    id: "demo" as CellId,
    customers: CUSTOMERS.map(({ customer }) => customer),
    workloads: [...workloads.values()],
    pools: [{ id: SHARED, kind: "shared" }],
    hosts: Array.from({ length: hostCount }, (_, index): Host => {
      return { id: hostId(index), pool: SHARED, capacity: HOST_CAPACITY };
    }),
    vms: members.map(({ vm }) => vm),
  };
  const demand = new Map(members.map((member) => [member.vm.id, demandOf(member, { grid, random })]));
  const declared = demoDeclarations({ cell, grid, demand, events: EVENTS });
  return { cell, shadowVm: SHADOW_VM, grid, demand, events: EVENTS, declared };
}

interface Member {
  readonly vm: Vm;
  readonly workload: Workload;
}

/** Customers take turns, and so do hosts, so that every host has a mix. */
function memberAt(index: number, { hostCount, random }: { hostCount: number; random: SeededRandom }): Member {
  const owner = CUSTOMERS[index % CUSTOMERS.length];
  const turn = Math.floor(index / CUSTOMERS.length);
  const workloadClass = owner?.classes[turn % owner.classes.length];
  assert(owner !== undefined && workloadClass !== undefined, "customers and their VMs take turns");
  const { customer } = owner;
  const workload = {
    id: `${customer.id}-${workloadClass}` as WorkloadId,
    customer: customer.id,
    class: workloadClass,
  };
  const vm = `${workload.id}-${turn + 1}` as VmId;
  const size = sizeOf(workloadClass, random.fork(`size/${vm}`));
  const host = hostId((index + Math.floor(index / hostCount)) % hostCount);
  return { vm: { id: vm, workload: workload.id, host, ...size }, workload };
}

/** Sizes as sold: whole cores, and so much of the rest for each core. */
function sizeOf(workloadClass: WorkloadClass, random: SeededRandom): Pick<Vm, "base" | "ceiling"> {
  const coreCount = [2, 4, 4, 4, 8][random.below(5)] ?? 4;
  const isMemoryHeavy = workloadClass === "database" || workloadClass === "cache";
  const ceiling = resourceVector({
    cpu: coreCount,
    memory: coreCount * (isMemoryHeavy ? 8 : 4) * GIBIBYTE,
    network: coreCount * 3e7,
    storage: coreCount * 4e7,
  });
  return { ceiling, base: scale(ceiling, 0.06 + 0.04 * random.next()) };
}

function demandOf(
  { vm, workload }: Member,
  { grid, random }: { grid: EndlessGrid; random: SeededRandom },
): DemandSource {
  return workloadDemand({
    class: workload.class,
    ceiling: vm.ceiling,
    random: random.fork(`demand/${vm.id}`),
    grid,
    events: EVENTS.filter(({ customer }) => customer === workload.customer),
  });
}

/** Classes take turns too, the most frequent first, so that a part of a dozen is a mix as well. */
function demoCustomer(id: string, name: string, counts: Partial<Record<WorkloadClass, number>>): DemoCustomer {
  const classes: WorkloadClass[] = [];
  for (let round = 0; round < VMS_PER_HOST; round++)
    for (const [each, count] of Object.entries(counts)) if (round < count) classes.push(each as WorkloadClass);
  return { customer: { id: id as CustomerId, name }, classes };
}

function hostId(index: number): HostId {
  return `host-${index + 1}` as HostId;
}
