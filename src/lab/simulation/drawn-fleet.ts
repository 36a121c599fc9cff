// The fleet of one simulation: hosts, VMs, who owns them, what they demand, and what their customers say of it. Everything
// of one VM hangs on its own name, so that leaving one out leaves the others as they are.
import type { ShadowVmSize } from "../../control/cell-layout.ts";
import {
  type Cell,
  type CellId,
  type CustomerId,
  type Host,
  type HostId,
  type Pool,
  type PoolId,
  type Vm,
  type VmId,
  WORKLOAD_CLASSES,
  type Workload,
  type WorkloadId,
} from "../../model/fleet.ts";
import {
  add,
  NOTHING,
  RESOURCES,
  type ResourceVector,
  resourceVector,
  scale,
  subtract,
} from "../../model/resources.ts";
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { durationMs, instant } from "../../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../../model/units.ts";
import type { DemandEvent } from "../synthetic-demand/demand-event.ts";
import { type DemandSource, type EndlessGrid, workloadDemand } from "../synthetic-demand/workload-demand.ts";
import { roughen } from "./rough-demand.ts";
import { type Setting, stepMsOf } from "./setting.ts";
import { type ToldEvents, tellEvents } from "./told-events.ts";

export interface DrawnFleet extends ToldEvents {
  readonly cell: Cell;
  readonly shadowVm: ShadowVmSize;
  readonly grid: EndlessGrid;
  readonly demand: ReadonlyMap<VmId, DemandSource>;
}

/** A Monday. */
const START = instant(Date.UTC(2026, 2, 2));
const SHARED: Pool = { id: "shared" as PoolId, kind: "shared" };
const CUSTOMERS = ["ash", "birch", "cedar"].map((id) => ({ id: id as CustomerId, name: id }));
const SHADOW_VM: ShadowVmSize = {
  minimum: resourceVector({ cpu: 0.05, memory: 128 * MEBIBYTE, network: 1e5, storage: 1e5 }),
  ceiling: resourceVector({ cpu: 2, memory: 8 * GIBIBYTE, network: 6e7, storage: 8e7 }),
};
/** So many shadow VMs have room beside all bases, on the poorest host. */
const SHADOW_VMS_MIN = 1;

export function drawFleet(setting: Setting): DrawnFleet {
  const random = seededRandom(setting.seed).fork("fleet");
  const grid: EndlessGrid = { startMs: START, stepMs: durationMs(stepMsOf(setting)) };
  const poolOfHost = drawPools(setting, random);
  const members = Array.from({ length: setting.vms }, (_, index) => drawMember(index, { poolOfHost, random }));
  const vms = members.map(({ vm }) => vm);
  const workloads = new Map(members.map(({ workload }) => [workload.id, workload]));
  const cell: Cell = {
    id: "simulated" as CellId,
    customers: CUSTOMERS,
    workloads: [...workloads.values()],
    pools: [...new Set([SHARED, ...poolOfHost])],
    hosts: poolOfHost.map(({ id: pool }, index) => drawHost({ id: hostId(index), pool }, { vms, random })),
    vms,
  };
  const told = tellEvents({ setting, cell, grid });
  const demand = new Map(members.map((member) => [member.vm.id, demandOf(member, { ...told, grid, random })]));
  return { cell, shadowVm: SHADOW_VM, grid, demand, ...told };
}

/** In half of all fleets one customer has hosts of its own, and at least one host is everybody's. */
function drawPools({ hosts }: Setting, random: SeededRandom): readonly Pool[] {
  const own = random.fork("pools");
  const customer = CUSTOMERS[own.below(CUSTOMERS.length)]?.id;
  const isDrawn = own.next() < 0.5;
  const dedicatedCount = isDrawn && hosts > 1 ? 1 + own.below(hosts - 1) : 0;
  if (customer === undefined || dedicatedCount === 0) return Array.from({ length: hosts }, () => SHARED);
  const dedicated: Pool = { id: `of-${customer}` as PoolId, kind: "dedicated", customer };
  return Array.from({ length: hosts }, (_, index) => (index < dedicatedCount ? dedicated : SHARED));
}

interface Member {
  readonly vm: Vm;
  readonly workload: Workload;
}

function drawMember(
  index: number,
  { poolOfHost, random }: { readonly poolOfHost: readonly Pool[]; readonly random: SeededRandom },
): Member {
  const own = random.fork(`vm/${index}`);
  const customer = CUSTOMERS[own.below(CUSTOMERS.length)]?.id ?? ("ash" as CustomerId);
  const workloadClass = WORKLOAD_CLASSES[own.below(WORKLOAD_CLASSES.length)] ?? "web";
  const workload = { id: `${customer}-${workloadClass}` as WorkloadId, customer, class: workloadClass };
  const cores = [1, 2, 4, 8][own.below(4)] ?? 1;
  const ceiling = resourceVector({
    cpu: cores,
    memory: cores * 4 * GIBIBYTE,
    network: cores * 3e7,
    storage: cores * 4e7,
  });
  const open = [...poolOfHost.entries()].filter(([, pool]) => pool.kind === "shared" || pool.customer === customer);
  const host = hostId(open[own.fork("host").below(open.length)]?.[0] ?? 0);
  const vm = { id: `vm-${index}` as VmId, workload: workload.id, host, base: drawBase(ceiling, own), ceiling };
  return { vm, workload };
}

/** Mostly a small part; sometimes all that the VM may get, or nothing at all. */
function drawBase(ceiling: ResourceVector, random: SeededRandom): ResourceVector {
  const tenth = random.below(10);
  if (tenth === 0) return ceiling;
  if (tenth === 1) return NOTHING;
  return scale(ceiling, 0.05 + 0.3 * random.next());
}

/** Room for all bases always; for what goes beyond them none, some, or plenty. */
function drawHost(
  { id, pool }: Pick<Host, "id" | "pool">,
  { vms, random }: { vms: readonly Vm[]; random: SeededRandom },
): Host {
  const own = vms.filter(({ host }) => host === id);
  const bases = own.reduce((sum, { base }) => add(sum, base), NOTHING);
  const rest = own.reduce((sum, { base, ceiling }) => add(sum, subtract(ceiling, base)), NOTHING);
  const minimums = scale(SHADOW_VM.minimum, SHADOW_VMS_MIN);
  const draw = random.fork(`host/${id}`);
  const shares = RESOURCES.map(() => 0.1 + 0.9 * draw.next());
  const [cpu = 1, memory = 1, network = 1, storage = 1] = shares;
  const loose = resourceVector({
    cpu: rest.cpu * cpu,
    memory: rest.memory * memory,
    network: rest.network * network,
    storage: rest.storage * storage,
  });
  return { id, pool, capacity: add(add(bases, minimums), loose) };
}

function demandOf(
  { vm, workload }: Member,
  given: { readonly events: readonly DemandEvent[]; readonly grid: EndlessGrid; readonly random: SeededRandom },
): DemandSource {
  const own = given.random.fork(`demand/${vm.id}`);
  const smooth = workloadDemand({
    class: workload.class,
    ceiling: vm.ceiling,
    random: own.fork("class"),
    grid: given.grid,
    events: given.events.filter(({ customer }) => customer === workload.customer),
  });
  return roughen(smooth, own.fork("rough"));
}

function hostId(index: number): HostId {
  return `host-${index}` as HostId;
}
