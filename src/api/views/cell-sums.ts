// One observed tick of a cell, summed for people: the fleet, each host, each customer.
import type { CellLayout } from "../../control/cell-layout.ts";
import type { TickReport } from "../../control/loop.ts";
import type { VmObservation } from "../../control/ports.ts";
import type { Cell } from "../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";
import { zeroAmounts } from "./resource-history.ts";

/** Less than this share of its demand, a third of a second in a tick of five minutes, is no shortfall worth a mark. */
const SHORT_SHARE = 1e-3;

export interface Sums {
  readonly used: Record<Resource, number>;
  readonly base: Record<Resource, number>;
  /** Above the base. */
  readonly leased: Record<Resource, number>;
  /** Held by shadow VMs; zero for a customer. */
  readonly buffer: Record<Resource, number>;
  /** Ceilings: what VMs of fixed size would hold. */
  readonly fixed: Record<Resource, number>;
  readonly fromBuffer: Record<Resource, number>;
  readonly short: Record<Resource, number>;
}

export interface CellSums {
  readonly fleet: Sums;
  /** In the order of the layout's hosts, and of the cell's customers. */
  readonly hosts: readonly Sums[];
  readonly customers: readonly Sums[];
}

/** [vm] index of the customer it belongs to. */
export function customersOfVms({ customers, workloads, vms }: Cell): readonly number[] {
  const indexOf = new Map(customers.map(({ id }, index) => [id, index]));
  const ownerOf = new Map(workloads.map(({ id, customer }) => [id, indexOf.get(customer) ?? -1]));
  return vms.map(({ workload }) => ownerOf.get(workload) ?? -1);
}

export function sumTick(
  { observation, observed, cell }: TickReport,
  given: { readonly customerOfVm: readonly number[]; readonly customerCount: number },
): CellSums {
  const { layout } = cell.state;
  const hosts = layout.hostIds.map(emptySums);
  const customers = Array.from({ length: given.customerCount }, emptySums);
  const indexOfVm = new Map(layout.vmIds.map((id, index) => [id, index]));
  // Of several samples of one VM the last stands.
  for (const seen of new Map(observation.vms.map((each) => [each.vm, each])).values()) {
    const index = indexOfVm.get(seen.vm) ?? -1;
    const owners = [hosts[layout.hostOfVm[index] ?? -1], customers[given.customerOfVm[index] ?? -1]];
    for (const sums of owners) if (sums) addVm(sums, layout, { ...seen, index, demand: observed.demand });
  }
  for (const [host, sums] of hosts.entries()) addBuffer(sums, observed.inForce.buffers, host);
  return { fleet: total(hosts), hosts, customers };
}

interface SeenVm extends Pick<VmObservation, "usage" | "unmet" | "allocation"> {
  readonly index: number;
  /** [series] NaN where the sample was not usable. */
  readonly demand: Float64Array;
}

function addVm(sums: Sums, layout: CellLayout, vm: SeenVm): void {
  for (const [offset, resource] of RESOURCES.entries()) {
    const series = vm.index * RESOURCE_COUNT + offset;
    const base = layout.base[series] ?? 0;
    const isUsable = !Number.isNaN(vm.demand[series]);
    const usage = isUsable ? vm.usage[resource] : 0;
    const unmet = isUsable ? (vm.unmet[resource] ?? 0) : 0;
    sums.used[resource] += usage;
    sums.base[resource] += base;
    sums.leased[resource] += Math.max(vm.allocation[resource] - base, 0);
    sums.fixed[resource] += layout.ceiling[series] ?? 0;
    sums.fromBuffer[resource] += Math.max(usage - vm.allocation[resource], 0);
    if (unmet > SHORT_SHARE * (usage + unmet)) sums.short[resource] += unmet;
  }
}

/** A host that did not answer shows no buffer. */
function addBuffer(sums: Sums, buffers: Float64Array, host: number): void {
  for (const [offset, resource] of RESOURCES.entries()) {
    const held = buffers[host * RESOURCE_COUNT + offset] ?? 0;
    sums.buffer[resource] = Number.isNaN(held) ? 0 : held;
  }
}

function emptySums(): Sums {
  return {
    used: zeroAmounts(),
    base: zeroAmounts(),
    leased: zeroAmounts(),
    buffer: zeroAmounts(),
    fixed: zeroAmounts(),
    fromBuffer: zeroAmounts(),
    short: zeroAmounts(),
  };
}

function total(parts: readonly Sums[]): Sums {
  const sums = emptySums();
  for (const part of parts)
    for (const key of Object.keys(sums) as (keyof Sums)[])
      for (const resource of RESOURCES) sums[key][resource] += part[key][resource];
  return sums;
}

/** base + leased + buffer. */
export function reservedOf({ base, leased, buffer }: Sums): Record<Resource, number> {
  const reserved = zeroAmounts();
  for (const resource of RESOURCES) reserved[resource] = base[resource] + leased[resource] + buffer[resource];
  return reserved;
}
