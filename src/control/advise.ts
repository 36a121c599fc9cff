// Once an hour, for every host: whether it will run out within a day, by what its buffer is forecast to ask for on top of what is
// lent now.
import { RESOURCE_COUNT, RESOURCES, type ResourceVector } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import type { Instant } from "../model/time.ts";
import { adviseCapacity, type CapacityAdvice } from "../shaping/capacity-advice.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { allocated, takenBy } from "./fit-to-host.ts";
import { promisedBeyond } from "./hand-over-memory.ts";
import { hoursAhead } from "./pool-memory.ts";

export interface HostAdvice {
  readonly host: number;
  readonly advice: CapacityAdvice;
}

export function advise(state: CellState, now: Instant): HostAdvice[] {
  const { layout, promise, pool } = state;
  if (promise.kind !== "pooled" || pool.hour < 0) return [];
  return layout.hostIds.flatMap((name, host) => {
    const capacity = vectorAt(layout.capacity, host);
    const fixed = fixedOf(state, host);
    const hours = hoursAhead(pool, host, now).map(({ startsAt, buffer }) => ({ startsAt, wanted: sum(fixed, buffer) }));
    const outlook = { name, capacity, hours, level: 1 - promise.violations };
    return adviseCapacity(outlook)
      .filter(({ to }) => to > now)
      .map((advice) => ({ host, advice }));
  });
}

/** Bases, leases, what hand-overs are promised and what shadow VMs need to stay up. */
function fixedOf(state: CellState, host: number): ResourceVector {
  const own = state.shadowVms.filter((vm) => vm.host === state.layout.hostIds[host]);
  const amounts = RESOURCES.map((resource, offset) => {
    const place = host * RESOURCE_COUNT + offset;
    const counted = (id: ShadowVmId) => own.filter((vm) => vm.id === id).reduce((_, vm) => takenBy(vm, resource), 0);
    const promised = allocated(state, place) + promisedBeyond(state, { place, counted });
    return [resource, own.reduce((total, vm) => total + takenBy(vm, resource), promised)];
  });
  return Object.fromEntries(amounts) as ResourceVector;
}

function sum(left: ResourceVector, right: ResourceVector): ResourceVector {
  return Object.fromEntries(
    RESOURCES.map((resource) => [resource, left[resource] + right[resource]]),
  ) as ResourceVector;
}
