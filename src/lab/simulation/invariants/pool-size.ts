// The pool of shadow VMs is bounded, and does not stay for ever where it is not needed.
import type { CellState } from "../../../control/cell-state.ts";
import { hoursAhead } from "../../../control/pool-memory.ts";
import type { HostId } from "../../../model/fleet.ts";
import type { ShadowVm } from "../../../model/shadow-vm.ts";
import { HOUR_MS } from "../../../model/time.ts";
import { holdsBuffer } from "../../../shaping/shadow-pool.ts";
import { type Decided, first, type Invariant, placesOf } from "./invariant.ts";

/** Where an actuator lies there may be more for a while, never more than twice as many. */
const SHADOW_VMS_PER_HOST_MAX = 16;
/** Where no hour of the next day is forecast to want more than this share of what all but one can hold, one has to go within this time. */
const SPARE_SHARE = 0.2;
const PATIENCE_MS = 12 * HOUR_MS;

interface Spare {
  readonly since: number;
  readonly count: number;
}

export function poolIsFit(): Invariant {
  const spares = new Map<HostId, Spare>();
  return {
    name: "the pool fits the need",
    onDecided: (decided) => first(faultsOf(decided, spares)),
    onLaidAnew: () => spares.clear(),
  };
}

function* faultsOf(decided: Decided, spares: Map<HostId, Spare>): Generator<string> {
  const { state } = decided.cell;
  for (const host of state.layout.hostIds) {
    const seen = decided.observation.shadowVms.filter((vm) => vm.host === host && holdsBuffer(vm.state));
    if (seen.length > 2 * SHADOW_VMS_PER_HOST_MAX) yield `${host} runs ${seen.length} shadow VMs.`;
    const counted = state.shadowVms.filter((vm) => vm.host === host && holdsBuffer(vm.state));
    if (counted.length > SHADOW_VMS_PER_HOST_MAX) yield `${host} counts ${counted.length} shadow VMs.`;
    const known = spares.get(host);
    const isSpare = isFree(decided, host) && counted.length > 1 && wantsLittle(state, host, counted);
    if (!isSpare) spares.delete(host);
    else if (known === undefined || counted.length !== known.count)
      spares.set(host, { since: state.at, count: counted.length });
    else if (state.at - known.since > PATIENCE_MS)
      yield `${host} keeps ${counted.length} shadow VMs, and all but one of them would do with room to spare.`;
  }
}

/** Nothing failed there, nothing is hidden, nothing is forbidden, and nothing is lent of which one could not be rid. */
function isFree({ cell: { state }, unsure, failed, observation }: Decided, host: HostId): boolean {
  const isFrozen = state.permissions.frozen[state.layout.hostIds.indexOf(host)] === 1;
  return !isFrozen && !unsure.has(host) && !failed.has(host) && !observation.unreachable.includes(host);
}

function wantsLittle({ pool, layout, at }: CellState, host: HostId, counted: readonly ShadowVm[]): boolean {
  const others = counted.slice(1);
  return [...placesOf(layout)].every((place) => {
    if (place.host !== host) return true;
    const { resource } = place;
    const room = others.reduce((sum, vm) => sum + vm.ceiling[resource] - vm.minimum[resource], 0);
    const foreseen = hoursAhead(pool, layout.hostIds.indexOf(host), at).map(({ buffer }) => buffer[resource]);
    return Math.max(...foreseen) < SPARE_SHARE * room;
  });
}
