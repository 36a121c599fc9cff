// Whether a promise can still be kept: a VM that came after it was made has its base by contract, and what is left may be too little.
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import type { CellState } from "./cell-state.ts";
import { isKnown, type OpenHandOver } from "./hand-over-memory.ts";

/** Beside bases, what keeps other shadow VMs up, and promises that are told of or older. */
export function hasRoomStill({ layout, handOvers, shadowVms }: CellState, open: OpenHandOver): boolean {
  const { host } = open.handOver;
  const index = layout.hostIds.indexOf(host);
  if (index < 0) return true;
  const promised = [...firstPromises([...handOvers.open.values()], open)];
  const machines = new Set(promised.map(({ handOver }) => handOver.shadowVm));
  const others = shadowVms.filter((vm) => vm.host === host && !machines.has(vm.id));
  return RESOURCES.every((resource, offset) => {
    const bases = (layout.vmsOfHost[index] ?? new Int32Array()).reduce(
      (sum, vm) => sum + (layout.base[vm * RESOURCE_COUNT + offset] as number),
      0,
    );
    const promises = promised.reduce((sum, { size }) => sum + size[resource], 0);
    const minimums = others.reduce((sum, { minimum }) => sum + minimum[resource], 0);
    const capacity = layout.capacity[index * RESOURCE_COUNT + offset] as number;
    return bases + promises + minimums <= capacity * (1 + ROUNDING);
  });
}

const ROUNDING = 1e-9;

/** In the order in which they were made, this one included. */
function* firstPromises(all: readonly OpenHandOver[], open: OpenHandOver): Generator<OpenHandOver> {
  let isOlder = true;
  for (const each of all) {
    if (each.handOver.host === open.handOver.host && (isOlder || isKnown(each.handOver))) yield each;
    if (each.handOver.id === open.handOver.id) isOlder = false;
  }
}
