// From an observation of machines to the columns that a step reads. Demand is what was used plus what was kept back.
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import type { CellLayout } from "./cell-layout.ts";
import type { FleetObservation } from "./ports.ts";
import type { InForce } from "./tick-input.ts";

export interface ObservedColumns {
  /** [series] base units; NaN where no sample came. */
  readonly demand: Float64Array;
  readonly inForce: InForce;
}

/** VMs that the layout does not know are passed over: they belong to another cell. */
export function toColumns(layout: CellLayout, observation: FleetObservation): ObservedColumns {
  const seriesCount = layout.base.length;
  const demand = new Float64Array(seriesCount).fill(Number.NaN);
  const allocations = new Float64Array(seriesCount).fill(Number.NaN);
  const indexOfVm = new Map(layout.vmIds.map((id, index) => [id, index]));
  for (const { vm, usage, unmet, allocation } of observation.vms) {
    const index = indexOfVm.get(vm);
    if (index === undefined) continue;
    for (const [offset, resource] of RESOURCES.entries()) {
      demand[index * RESOURCE_COUNT + offset] = usage[resource] + unmet[resource];
      allocations[index * RESOURCE_COUNT + offset] = allocation[resource];
    }
  }
  return { demand, inForce: { allocations, buffers: heldBuffers(layout, observation) } };
}

function heldBuffers(layout: CellLayout, { shadowVms, unreachable }: FleetObservation): Float64Array {
  const buffers = new Float64Array(layout.capacity.length);
  assert(buffers.length === layout.hostIds.length * RESOURCE_COUNT, "a host has one place for each resource");
  for (const [host, id] of layout.hostIds.entries())
    for (const [offset, resource] of RESOURCES.entries()) {
      const own = shadowVms.filter((vm) => vm.host === id);
      const held = own.reduce((sum, vm) => sum + Math.max(vm.allocation[resource] - vm.minimum[resource], 0), 0);
      buffers[host * RESOURCE_COUNT + offset] = unreachable.includes(id) ? Number.NaN : held;
    }
  return buffers;
}
