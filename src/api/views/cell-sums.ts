// One observed tick of a cell, summed for people: the fleet, each host, each customer.
import type { CellState } from "../../control/cell-state.ts";
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
  // Of several samples of one VM the last stands.
  const seen = new Map(observation.vms.map((each) => [each.vm, each]));
  for (const [index, id] of layout.vmIds.entries()) {
    const owners = [hosts[layout.hostOfVm[index] ?? -1], customers[given.customerOfVm[index] ?? -1]];
    const vm = { index, seen: seen.get(id), demand: observed.demand };
    for (const sums of owners) if (sums) addVm(sums, cell.state, vm);
  }
  for (const [host, sums] of hosts.entries()) addBuffer(sums, observed.inForce.buffers, host);
  return { fleet: total(hosts), hosts, customers };
}

interface SeenVm {
  readonly index: number;
  /** Undefined of a VM that sent nothing. */
  readonly seen: VmObservation | undefined;
  /** [series] NaN where the sample was not usable. */
  readonly demand: Float64Array;
}

function addVm(sums: Sums, state: CellState, { index, seen, demand }: SeenVm): void {
  const { layout } = state;
  for (const [offset, resource] of RESOURCES.entries()) {
    const series = index * RESOURCE_COUNT + offset;
    const base = layout.base[series] ?? 0;
    const isUsable = !Number.isNaN(demand[series]);
    const usage = isUsable ? (seen?.usage[resource] ?? 0) : 0;
    const unmet = isUsable ? (seen?.unmet[resource] ?? 0) : 0;
    const allocation = allocationOf(state, series, seen?.allocation[resource]);
    sums.used[resource] += usage;
    sums.base[resource] += base;
    sums.leased[resource] += Math.max(allocation - base, 0);
    sums.fixed[resource] += layout.ceiling[series] ?? 0;
    sums.fromBuffer[resource] += Math.max(usage - allocation, 0);
    if (unmet > SHORT_SHARE * (usage + unmet)) sums.short[resource] += unmet;
  }
}

/** As it was seen in force; as it is believed where nobody can tell; as it would be where a cell is only observed. */
function allocationOf(state: CellState, series: number, seen: number | undefined): number {
  const wished = state.refusals.wished[series] as number;
  if (state.guardrails.modes.cell === "observe" && !Number.isNaN(wished)) return wished;
  return seen === undefined || Number.isNaN(seen) ? (state.allocationsBefore[series] as number) : seen;
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
