// How a host's buffer is held: spread over its shadow VMs, the first ones filled first; and which of them is spare.
import { add, NOTHING, type ResourceVector, smaller, subtract } from "../model/resources.ts";
import type { ShadowVm, ShadowVmId, ShadowVmState } from "../model/shadow-vm.ts";
import { nextStage } from "./shadow-vm-lifecycle.ts";

/** States in which a shadow VM can hold buffer at this moment. */
export function holdsBuffer(state: ShadowVmState): boolean {
  return (
    state === "idle" || state === "ready" || state === "lending" || state === "scaling-up" || state === "scaling-down"
  );
}

/** What the shadow VMs of one host can hold above their minimums. */
export function room(shadowVms: readonly ShadowVm[]): ResourceVector {
  return shadowVms.filter(({ state }) => holdsBuffer(state)).reduce((sum, vm) => add(sum, roomOf(vm)), NOTHING);
}

function roomOf(vm: ShadowVm): ResourceVector {
  return subtract(vm.ceiling, vm.minimum);
}

/** Allocation (minimum included) for each shadow VM that can hold buffer; the first ones are filled first. */
export function spread(
  buffer: ResourceVector,
  shadowVms: readonly ShadowVm[],
): readonly { readonly id: ShadowVmId; readonly allocation: ResourceVector }[] {
  let left = buffer;
  return shadowVms
    .filter(({ state }) => holdsBuffer(state))
    .map((vm) => {
      const part = smaller(left, roomOf(vm));
      left = subtract(left, part);
      return { id: vm.id, allocation: add(vm.minimum, part) };
    });
}

/** Which one goes when one is spare: one that holds nothing, else the last one that may be retired at all. */
export function spareOne(shadowVms: readonly ShadowVm[]): ShadowVmId | undefined {
  const retirable = shadowVms.filter(
    ({ state }) => holdsBuffer(state) && nextStage(state, "retire-asked").kind === "next",
  );
  return (retirable.findLast(({ state }) => state === "idle") ?? retirable.at(-1))?.id;
}
