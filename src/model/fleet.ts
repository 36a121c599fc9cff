// Who owns what and where it runs. Plain facts; what a VM may use right now is a decision and lives elsewhere.
import { fits, type ResourceVector } from "./resources.ts";
import { failure, type Result, success } from "./result.ts";

declare const identity: unique symbol;
export type Id<Kind extends string> = string & { readonly [identity]: Kind };
export type CustomerId = Id<"customer">;
export type WorkloadId = Id<"workload">;
export type VmId = Id<"vm">;
export type HostId = Id<"host">;
export type PoolId = Id<"pool">;
export type CellId = Id<"cell">;

/** For ids that come from outside: short, printable, nothing that a shell, a path or a page could trip over. */
export function parseId<Kind extends string>(kind: Kind, text: string): Result<Id<Kind>> {
  if (/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(text)) return success(text as Id<Kind>);
  const shown = JSON.stringify(text.slice(0, 40));
  return failure("bad-input", `${shown} is no ${kind} id: use 1 to 128 letters, digits, dots, colons or dashes.`);
}

export const WORKLOAD_CLASSES = ["web", "batch", "database", "cache", "desktop", "idle"] as const;
export type WorkloadClass = (typeof WORKLOAD_CLASSES)[number];

export interface Customer {
  readonly id: CustomerId;
  readonly name: string;
  /** IANA, in which its months begin; UTC where left out. */
  readonly timeZone?: string;
}

export interface Workload {
  readonly id: WorkloadId;
  readonly customer: CustomerId;
  readonly class: WorkloadClass;
}

export interface Vm {
  readonly id: VmId;
  readonly workload: WorkloadId;
  readonly host: HostId;
  /** What the VM always has by contract. */
  readonly base: ResourceVector;
  /** The most it may ever get. */
  readonly ceiling: ResourceVector;
}

export interface Host {
  readonly id: HostId;
  readonly pool: PoolId;
  /** What base, leases, buffer and shadow minimums may add up to, at every instant. */
  readonly capacity: ResourceVector;
}

export type Pool =
  | { readonly id: PoolId; readonly kind: "shared" }
  | { readonly id: PoolId; readonly kind: "dedicated"; readonly customer: CustomerId };

/** Hosts and VMs that one worker plans together. */
export interface Cell {
  readonly id: CellId;
  readonly customers: readonly Customer[];
  readonly workloads: readonly Workload[];
  readonly pools: readonly Pool[];
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
}

/** References resolve, ids are unique, base <= ceiling; else the first fault, named. */
export function checkCell(cell: Cell): Result<Cell> {
  for (const fault of faultsOf(cell)) return failure("bad-input", fault);
  return success(cell);
}

function* faultsOf(cell: Cell): Generator<string> {
  const { customers, workloads, pools, hosts, vms } = cell;
  const lists = { customer: customers, workload: workloads, pool: pools, host: hosts, VM: vms };
  for (const [kind, members] of Object.entries(lists)) {
    const twice = firstRepeated(members.map(({ id }) => id));
    if (twice !== undefined) yield `Two ${kind}s of cell ${cell.id} are called ${twice}.`;
  }
  const [isCustomer, isPool] = [known(customers), known(pools)];
  for (const each of workloads)
    if (!isCustomer(each.customer)) yield `Workload ${each.id} belongs to unknown customer ${each.customer}.`;
  for (const each of pools)
    if (each.kind === "dedicated" && !isCustomer(each.customer))
      yield `Pool ${each.id} is dedicated to unknown customer ${each.customer}.`;
  for (const each of hosts) if (!isPool(each.pool)) yield `Host ${each.id} is in unknown pool ${each.pool}.`;
  yield* faultsOfVms(cell);
}

function* faultsOfVms({ workloads, hosts, vms }: Cell): Generator<string> {
  const [isWorkload, isHost] = [known(workloads), known(hosts)];
  for (const each of vms) {
    if (!isWorkload(each.workload)) yield `VM ${each.id} has unknown workload ${each.workload}.`;
    if (!isHost(each.host)) yield `VM ${each.id} runs on unknown host ${each.host}.`;
    if (!fits(each.base, each.ceiling)) yield `VM ${each.id} has a base above its ceiling.`;
  }
}

function known(members: readonly { readonly id: string }[]): (id: string) => boolean {
  const ids = new Set(members.map(({ id }) => id));
  return (id) => ids.has(id);
}

function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
