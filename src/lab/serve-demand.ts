// Who gets what on one host: each VM its demand up to its allocation, and beyond that its fair share of the buffer.
// Demand = from the allocation + from the buffer + unserved, always.
import { RESOURCES, type Resource, type ResourceVector, resourceVector } from "../model/resources.ts";
import { maxMinShare } from "../shaping/max-min-share.ts";
import { type Amounts, bufferOf, type SimulatedHost } from "./simulated-host.ts";

/** Means over a tick, base units. */
export interface VmTruth {
  readonly demand: ResourceVector;
  readonly allocation: ResourceVector;
  readonly fromAllocation: ResourceVector;
  readonly fromBuffer: ResourceVector;
  readonly unserved: ResourceVector;
}

/** Means over a tick, in the order of the host's VMs. */
export interface HostTruth {
  readonly vms: readonly VmTruth[];
  readonly buffer: ResourceVector;
}

/** Sums of one tick as it goes on. */
export interface HostTally {
  readonly demands: readonly ResourceVector[];
  readonly vms: readonly Record<"allocation" | "fromAllocation" | "fromBuffer" | "unserved", Amounts>[];
  readonly buffer: Amounts;
}

export function startTally(host: SimulatedHost, tick: number): HostTally {
  return {
    demands: host.vms.map(({ demand }) => demand.demandAt(tick)),
    vms: host.vms.map(() => ({ allocation: zero(), fromAllocation: zero(), fromBuffer: zero(), unserved: zero() })),
    buffer: zero(),
  };
}

/** Serves demand for `share` of the tick, while nothing on the host changes. */
export function serve(host: SimulatedHost, tally: HostTally, share: number): void {
  host.lending = false;
  for (const resource of RESOURCES) serveResource(host, { tally, share, resource });
}

function serveResource(
  host: SimulatedHost,
  { tally, share, resource }: { tally: HostTally; share: number; resource: Resource },
): void {
  const buffer = bufferOf(host, resource);
  const lacks = host.vms.map(({ vm, holding, isAbsent }, index) => {
    if (isAbsent) return 0;
    return Math.max(Math.min(demandOf(tally, index, resource), vm.ceiling[resource]) - holding.allocation[resource], 0);
  });
  const fromBuffer = maxMinShare(buffer, lacks);
  tally.buffer[resource] += share * buffer;
  for (const [index, { holding, isAbsent }] of host.vms.entries()) {
    const sums = tally.vms[index];
    if (sums === undefined || isAbsent) continue;
    const allocation = holding.allocation[resource];
    const demand = demandOf(tally, index, resource);
    const fromAllocation = Math.min(demand, allocation);
    const lent = fromBuffer[index] ?? 0;
    sums.allocation[resource] += share * allocation;
    sums.fromAllocation[resource] += share * fromAllocation;
    sums.fromBuffer[resource] += share * lent;
    sums.unserved[resource] += share * Math.max(demand - fromAllocation - lent, 0);
    if (lent > 0) host.lending = true;
  }
}

function demandOf({ demands }: HostTally, index: number, resource: Resource): number {
  return demands[index]?.[resource] ?? 0;
}

export function finishTally({ demands, vms, buffer }: HostTally): HostTruth {
  return {
    vms: vms.map((sums, index) => ({
      demand: demands[index] ?? resourceVector(zero()),
      allocation: resourceVector(sums.allocation),
      fromAllocation: resourceVector(sums.fromAllocation),
      fromBuffer: resourceVector(sums.fromBuffer),
      unserved: resourceVector(sums.unserved),
    })),
    buffer: resourceVector(buffer),
  };
}

function zero(): Amounts {
  return { cpu: 0, memory: 0, network: 0, storage: 0 };
}
