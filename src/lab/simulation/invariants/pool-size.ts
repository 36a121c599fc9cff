// The pool of shadow VMs is bounded, and does not stay for ever where it is not needed.
import type { HostId } from "../../../model/fleet.ts";
import { RESOURCES } from "../../../model/resources.ts";
import type { ShadowVm } from "../../../model/shadow-vm.ts";
import { DAY_MS } from "../../../model/time.ts";
import { holdsBuffer } from "../../../shaping/shadow-pool.ts";
import { type Decided, first, type Invariant } from "./invariant.ts";

/** Where an actuator lies there may be more for a while, never more than twice as many. */
const SHADOW_VMS_PER_HOST_MAX = 16;
/** After so long with less than this share of what all but one of them can hold, one has to be gone. */
const PATIENCE_MS = 5 * DAY_MS;
const SPARE_SHARE = 0.05;

interface Spare {
  readonly since: number;
  readonly count: number;
}

export function poolIsFit(): Invariant {
  const spares = new Map<HostId, Spare>();
  return { name: "the pool fits the need", onDecided: (decided) => first(faultsOf(decided, spares)) };
}

function* faultsOf({ cell: { state }, observation }: Decided, spares: Map<HostId, Spare>): Generator<string> {
  const { at, layout } = state;
  for (const host of layout.hostIds) {
    const up = observation.shadowVms.filter((vm) => vm.host === host && holdsBuffer(vm.state));
    const counted = state.shadowVms.filter((vm) => vm.host === host && holdsBuffer(vm.state));
    if (counted.length > SHADOW_VMS_PER_HOST_MAX) yield `${host} counts ${counted.length} shadow VMs.`;
    if (up.length > 2 * SHADOW_VMS_PER_HOST_MAX) yield `${host} runs ${up.length} shadow VMs.`;
    const known = spares.get(host);
    if (up.length < 2 || !isSpare(up)) spares.delete(host);
    else if (known === undefined || up.length !== known.count) spares.set(host, { since: at, count: up.length });
    else if (at - known.since > PATIENCE_MS)
      yield `${host} has had ${up.length} shadow VMs for days, and all but one of them hold next to nothing.`;
  }
}

function isSpare(up: readonly ShadowVm[]): boolean {
  return RESOURCES.every((resource) => {
    const held = up.reduce((sum, vm) => sum + vm.allocation[resource] - vm.minimum[resource], 0);
    const room = up.slice(1).reduce((sum, vm) => sum + vm.ceiling[resource] - vm.minimum[resource], 0);
    return held < SPARE_SHARE * room;
  });
}
