// The buffer is real: shadow VMs that are up hold it, all of it.
import type { CellState } from "../../../control/cell-state.ts";
import type { HostId } from "../../../model/fleet.ts";
import { holdsBuffer } from "../../../shaping/shadow-pool.ts";
import { type Decided, first, type Invariant, isAbove, isOff, placesOf } from "./invariant.ts";

export function bufferIsHeld(): Invariant {
  return { name: "buffer is held by shadow VMs that are up", onDecided: (decided) => first(faultsOf(decided)) };
}

/** Where nothing may be changed what is there stays, whatever it is. */
function isFrozen({ permissions, layout }: CellState, host: HostId): boolean {
  return permissions.frozen[layout.hostIds.indexOf(host)] === 1;
}

/** Nothing is known of a host that does not answer: what it holds stays as it is. */
function* faultsOf({ cell: { state }, observation, actions }: Decided): Generator<string> {
  const resizes = new Map(
    actions.flatMap((each) => (each.kind === "resize-shadow-vm" ? [[each.shadowVm, each.setPoint] as const] : [])),
  );
  const seenUp = new Set(observation.shadowVms.filter((vm) => holdsBuffer(vm.state)).map(({ id }) => id));
  for (const { host, resource, place } of placesOf(state.layout)) {
    if (observation.unreachable.includes(host) || isFrozen(state, host)) continue;
    const up = state.shadowVms.filter((vm) => vm.host === host && holdsBuffer(vm.state) && seenUp.has(vm.id));
    const buffer = state.buffers[place] ?? Number.NaN;
    const room = up.reduce((sum, vm) => sum + vm.ceiling[resource] - vm.minimum[resource], 0);
    if (isAbove({ amount: buffer, limit: room, resource }))
      yield `${host} counts on ${buffer} of ${resource} ready; its shadow VMs hold ${room} at most.`;
    const told = up.reduce((sum, { id, allocation, minimum }) => {
      return sum + (resizes.get(id) ?? allocation)[resource] - minimum[resource];
    }, 0);
    if (isOff({ amount: told, expected: buffer, resource }))
      yield `${host} counts on ${buffer} of ${resource} ready, and tells its shadow VMs to hold ${told}.`;
  }
}
