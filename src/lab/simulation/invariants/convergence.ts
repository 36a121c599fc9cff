// Once nothing goes wrong any more, what is real becomes what is desired within a few ticks, and stays so.
import { RESOURCE_COUNT, RESOURCES } from "../../../model/resources.ts";
import { type Invariant, isOff, type TickDone } from "./invariant.ts";

/** Bound in ticks: what was lost on the way costs one, late samples and hosts that come back some more. */
const SETTLING_TICKS = 10;

export function converges(): Invariant {
  return {
    name: "drift goes to zero",
    onTickDone(done: TickDone) {
      if (done.calmTicks < SETTLING_TICKS) return undefined;
      const [failed] = done.notDone;
      if (failed?.kind === "failed") return `${failed.action} failed in calm weather: ${failed.message}`;
      return vmDrift(done) ?? bufferDrift(done);
    },
  };
}

function vmDrift({ cell: { state }, machines }: TickDone): string | undefined {
  for (const { vm, setPoint } of machines.flatMap(({ vms }) => vms)) {
    const index = state.layout.vmIds.indexOf(vm.id);
    for (const [offset, resource] of RESOURCES.entries()) {
      const desired = state.allocations[index * RESOURCE_COUNT + offset] ?? Number.NaN;
      if (isOff({ amount: setPoint[resource], expected: desired, resource }))
        return `${vm.id} should have ${desired} of ${resource}, and was told ${setPoint[resource]}.`;
    }
  }
  return undefined;
}

function bufferDrift({ cell: { state }, machines }: TickDone): string | undefined {
  for (const { host, shadowVms } of machines) {
    const index = state.layout.hostIds.indexOf(host);
    for (const [offset, resource] of RESOURCES.entries()) {
      const desired = state.buffers[index * RESOURCE_COUNT + offset] ?? Number.NaN;
      const told = shadowVms.reduce((sum, { id, setPoint, minimum, state: is }) => {
        return is === "booting" || is === "retiring" || state.pool.lives.get(id)?.served
          ? sum
          : sum + Math.max(setPoint[resource] - minimum[resource], 0);
      }, 0);
      if (isOff({ amount: told, expected: desired, resource }))
        return `${host} should hold ${desired} of ${resource} ready, and was told ${told}.`;
    }
  }
  return undefined;
}
