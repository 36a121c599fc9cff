// A cell laid out in columns: VMs, hosts and their amounts by index. Never changes between two steps.
// Series = VM index x 4 + resource index; place = host index x 4 + resource index.
import type { Cell, CellId, CustomerId, HostId, VmId, Workload } from "../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type ResourceVector } from "../model/resources.ts";
import { assert } from "../model/result.ts";

export interface CellLayout {
  readonly cell: CellId;
  readonly stepMs: number;
  readonly vmIds: readonly VmId[];
  readonly hostIds: readonly HostId[];
  /** [vm] */
  readonly hostOfVm: Int32Array;
  /** [host] indices of its VMs. */
  readonly vmsOfHost: readonly Int32Array[];
  /** Of which something may be declared; none where nobody is known to own the VMs. */
  readonly workloads: readonly Workload[];
  /** [workload] indices of its VMs. */
  readonly vmsOfWorkload: readonly Int32Array[];
  /** Owners of its VMs and of dedicated hosts. */
  readonly customers: readonly CustomerId[];
  /** [vm] index of its customer; NOBODY where nobody is known to own it. */
  readonly customerOfVm: Int32Array;
  /** [host] index of the customer whose dedicated pool it is in; NOBODY in a shared pool. */
  readonly dedicatedTo: Int32Array;
  /** [series] base units. */
  readonly base: Float64Array;
  /** [series] base units; UNLIMITED_AMOUNT where no contract limits it. */
  readonly ceiling: Float64Array;
  /** [place] base units; UNLIMITED_AMOUNT where it does not matter. */
  readonly capacity: Float64Array;
  /** What a shadow VM of this cell needs to stay up, and the most it can hold. */
  readonly shadowVm: ShadowVmSize;
}

export const NOBODY = -1;

export interface ShadowVmSize {
  readonly minimum: ResourceVector;
  readonly ceiling: ResourceVector;
}

/** What a layout needs of a cell: a backtest has VMs and hosts without customers. */
export type PlannedCell = Pick<Cell, "hosts" | "vms"> & Partial<Pick<Cell, "id" | "workloads" | "pools">>;

export function layOut(cell: PlannedCell, given: { stepMs: number; shadowVm: ShadowVmSize }): CellLayout {
  const indexOfHost = new Map(cell.hosts.map(({ id }, index) => [id, index]));
  const hostOfVm = Int32Array.from(cell.vms, ({ host }) => indexOfHost.get(host) ?? -1);
  assert(!hostOfVm.includes(-1), "every VM runs on a host of its cell");
  const { id = "cell" as CellId, workloads = [], pools = [] } = cell;
  const indexOfWorkload = new Map(workloads.map(({ id }, index) => [id, index]));
  const workloadOfVm = Int32Array.from(cell.vms, ({ workload }) => indexOfWorkload.get(workload) ?? -1);
  const owners = new Map(pools.flatMap((pool) => (pool.kind === "dedicated" ? [[pool.id, pool.customer]] : [])));
  const customers = [...new Set([...workloads.map(({ customer }) => customer), ...owners.values()])];
  const ownerOfHost = ({ pool }: Cell["hosts"][number]) => customers.indexOf(owners.get(pool) as CustomerId);
  const indexOfCustomer = new Map(customers.map((customer, index) => [customer, index]));
  const customerOf = (workload: number) => indexOfCustomer.get(workloads[workload]?.customer as CustomerId) ?? NOBODY;
  return {
    ...given,
    cell: id,
    customers,
    customerOfVm: workloadOfVm.map(customerOf),
    dedicatedTo: Int32Array.from(cell.hosts, ownerOfHost),
    vmIds: cell.vms.map(({ id }) => id),
    hostIds: cell.hosts.map(({ id }) => id),
    hostOfVm,
    vmsOfHost: gather(hostOfVm, cell.hosts.length),
    workloads,
    vmsOfWorkload: gather(workloadOfVm, workloads.length),
    base: columnOf(cell.vms.map(({ base }) => base)),
    ceiling: columnOf(cell.vms.map(({ ceiling }) => ceiling)),
    capacity: columnOf(cell.hosts.map(({ capacity }) => capacity)),
  };
}

/** [group] indices of the VMs that belong to it. */
function gather(groupOfVm: Int32Array, groupCount: number): Int32Array[] {
  const members = Array.from({ length: groupCount }, (): number[] => []);
  for (const [vm, group] of groupOfVm.entries()) members[group]?.push(vm);
  return members.map((vms) => Int32Array.from(vms));
}

/** By id, worked out once for each layout: whoever asks for many VMs asks this. */
export function vmIndexOf({ vmIds }: Pick<CellLayout, "vmIds">): ReadonlyMap<VmId, number> {
  const known = indexes.get(vmIds) ?? new Map(vmIds.map((id, index) => [id, index]));
  indexes.set(vmIds, known);
  return known;
}

const indexes = new WeakMap<readonly VmId[], ReadonlyMap<VmId, number>>();

/** Vectors laid end to end, in the order of RESOURCES. */
export function columnOf(vectors: readonly ResourceVector[]): Float64Array {
  return Float64Array.from(vectors.flatMap((vector) => RESOURCES.map((resource) => vector[resource])));
}

/** One vector out of a column. */
export function vectorAt(column: Float64Array, row: number): ResourceVector {
  const at = row * RESOURCE_COUNT;
  return {
    cpu: column[at],
    memory: column[at + 1],
    network: column[at + 2],
    storage: column[at + 3],
  } as ResourceVector;
}
