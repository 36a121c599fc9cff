// Which VMs the newest samples show to be about to run out: for the fast path.
import { vectorAt, vmIndexOf } from "../../control/cell-layout.ts";
import type { RunningCell } from "../../control/loop.ts";
import type { SampleColumns } from "../../control/store-ports.ts";
import type { PressedSample } from "../../control/tick-input.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../model/resources.ts";
import { isPressed } from "../../shaping/pressure.ts";

/** Only the newest sample of each VM counts; samples from before the last tick are no news. */
export function pressedIn({ vms, vm, at, usage }: SampleColumns, { state }: RunningCell): readonly PressedSample[] {
  const newest = new Map<VmId, number>();
  for (const [row, measured] of at.entries()) {
    const id = vms[vm[row] as number];
    if (id === undefined || measured <= state.at) continue;
    const before = newest.get(id);
    if (before === undefined || (at[before] as number) <= measured) newest.set(id, row);
  }
  if (newest.size === 0) return [];
  const indexOf = vmIndexOf(state.layout);
  return [...newest].flatMap(([id, row]) => {
    const index = indexOf.get(id);
    if (index === undefined) return [];
    const allocation = vectorAt(state.allocations, index);
    return RESOURCES.flatMap((resource, offset) => {
      const demand = usage[row * RESOURCE_COUNT + offset] as number;
      const seen = { usage: demand, allocation: allocation[resource], flagged: false };
      return isPressed(resource, seen) ? [{ vm: id, resource, demand, allocation }] : [];
    });
  });
}
