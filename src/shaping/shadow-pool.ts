// How a host's buffer is held: spread over its shadow VMs, with one more booted before they are full and one retired long after.
import { add, larger, NOTHING, RESOURCES, type ResourceVector, scale, smaller, subtract } from "../model/resources.ts";
import type { ShadowVm, ShadowVmId, ShadowVmState } from "../model/shadow-vm.ts";
import { nextStage } from "./shadow-vm-lifecycle.ts";

/** A boot is ordered when more than this share of what the ready ones can hold was needed at some time in the last day. */
const FULL = 0.8;
const SHADOW_VMS_PER_HOST_MAX = 16;

/** States in which a shadow VM can hold buffer at this moment. */
export function holdsBuffer(state: ShadowVmState): boolean {
  return (
    state === "idle" || state === "ready" || state === "lending" || state === "scaling-up" || state === "scaling-down"
  );
}

function isComing(state: ShadowVmState): boolean {
  return state === "requested" || state === "booting";
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

export type PoolChange =
  | { readonly kind: "none" }
  | { readonly kind: "boot" }
  | { readonly kind: "retire"; readonly shadowVm: ShadowVmId };

/**
 * At most one change a tick. `peak`: the largest buffer wanted over the last day. `fits`: the host has room for the
 * minimum of one more.
 */
export function planPool(given: {
  readonly peak: ResourceVector;
  readonly shadowVms: readonly ShadowVm[];
  readonly fits: boolean;
}): PoolChange {
  const { peak, shadowVms, fits } = given;
  const live = shadowVms.filter(({ state }) => holdsBuffer(state) || isComing(state));
  const coming = live.some(({ state }) => isComing(state));
  const last = live.at(-1);
  if (last === undefined || usedShare(peak, live) > FULL)
    return fits && !coming && live.length < SHADOW_VMS_PER_HOST_MAX ? { kind: "boot" } : { kind: "none" };
  const without = live.slice(0, -1);
  const spare = without.length > 0 && !coming && usedShare(peak, without) < FULL / 2;
  return spare ? { kind: "retire", shadowVm: last.id } : { kind: "none" };
}

/** Largest share of any resource of what `shadowVms` can hold; infinite when they can hold none of what is wanted. */
function usedShare(peak: ResourceVector, shadowVms: readonly ShadowVm[]): number {
  const space = shadowVms.reduce((sum, vm) => add(sum, roomOf(vm)), NOTHING);
  return Math.max(...RESOURCES.map((resource) => (peak[resource] === 0 ? 0 : peak[resource] / space[resource])));
}

/** Which one goes when one is spare: one that holds nothing, else the last one that may be retired at all. */
export function spareOne(shadowVms: readonly ShadowVm[]): ShadowVmId | undefined {
  const retirable = shadowVms.filter(
    ({ state }) => holdsBuffer(state) && nextStage(state, "retire-asked").kind === "next",
  );
  return (retirable.findLast(({ state }) => state === "idle") ?? retirable.at(-1))?.id;
}

/** The largest of a day that fades: a peak counts fully now and half after a day without another. */
export function fadingPeak(peak: ResourceVector, wanted: ResourceVector, ticksPerDay: number): ResourceVector {
  const kept = 0.5 ** (1 / ticksPerDay);
  return larger(scale(peak, kept), wanted);
}
