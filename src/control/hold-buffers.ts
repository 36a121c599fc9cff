// From wanted to held: leases and buffer are cut to the host's room, the buffer to what its shadow VMs can hold, and the
// pool of shadow VMs grows ahead of need or shrinks long after it.
import type { HostId } from "../model/fleet.ts";
import { fits, NOTHING, RESOURCE_COUNT, RESOURCES, type ResourceVector, smaller } from "../model/resources.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import { share } from "../shaping/scarcity.ts";
import { fadingPeak, type PoolChange, planPool, room } from "../shaping/shadow-pool.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";

export interface HostPoolChange {
  readonly host: HostId;
  readonly change: PoolChange;
}

export function holdBuffers(state: CellState, shadowVms: readonly ShadowVm[]): readonly HostPoolChange[] {
  state.shadowVms = shadowVms;
  const pooled = state.promise.kind === "pooled";
  return state.layout.hostIds.map((host, index) => {
    const own = shadowVms.filter((vm) => vm.host === host);
    const wanted = vectorAt(state.buffers, index);
    const peak = fadingPeak(state.bufferPeaks[index] ?? NOTHING, wanted, state.excessEngine.season.day);
    state.bufferPeaks[index] = peak;
    const spare = fitToHost(state, { index, held: smaller(wanted, room(own)), own });
    if (!pooled) return { host, change: { kind: "none" } };
    return { host, change: planPool({ peak, shadowVms: own, fits: fits(state.layout.shadowVm.minimum, spare) }) };
  });
}

/** Cuts leases and buffer of one host to its capacity; returns what is left over. */
function fitToHost(
  state: CellState,
  { index, held, own }: { index: number; held: ResourceVector; own: readonly ShadowVm[] },
): ResourceVector {
  const { layout, buffers } = state;
  const spare = { cpu: 0, memory: 0, network: 0, storage: 0 };
  for (const [offset, resource] of RESOURCES.entries()) {
    const place = index * RESOURCE_COUNT + offset;
    const minimums = own.reduce((sum, vm) => sum + vm.minimum[resource], 0);
    const capacity = layout.capacity[place] as number;
    const sums = sumHost(state, index, offset);
    const fixed = sums.base + minimums;
    const granted = share({ capacity, fixed, leases: sums.leases, buffer: held[resource] });
    if (granted.leaseShare < 1) cutLeases(state, { host: index, offset, share: granted.leaseShare });
    buffers[place] = granted.buffer;
    spare[resource] = Math.max(capacity - fixed - sums.leases * granted.leaseShare - granted.buffer, 0);
  }
  return spare as ResourceVector;
}

function sumHost({ layout, allocations }: CellState, host: number, offset: number): { base: number; leases: number } {
  const sums = { base: 0, leases: 0 };
  for (const vm of layout.vmsOfHost[host] ?? []) {
    const base = layout.base[vm * RESOURCE_COUNT + offset] as number;
    sums.base += base;
    sums.leases += Math.max((allocations[vm * RESOURCE_COUNT + offset] as number) - base, 0);
  }
  return sums;
}

function cutLeases(
  { layout, allocations, leasesCut }: CellState,
  cut: { host: number; offset: number; share: number },
): void {
  for (const vm of layout.vmsOfHost[cut.host] ?? []) {
    const series = vm * RESOURCE_COUNT + cut.offset;
    const base = layout.base[series] as number;
    const lease = (allocations[series] as number) - base;
    if (lease <= 0) continue;
    allocations[series] = base + lease * cut.share;
    leasesCut[series] = 1;
  }
}
