// What machines may have at most before their answers are in: what they were seen to have, and all that they were told since,
// whether it came true or not. Whoever gives away room between two looks counts with this, never with what was wished.
import { larger, RESOURCE_COUNT, RESOURCES, type ResourceVector, smaller, subtract } from "../model/resources.ts";
import type { ShadowVm, ShadowVmId } from "../model/shadow-vm.ts";
import { holdsBuffer, spread } from "../shaping/shadow-pool.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { groupByHost } from "./follow-shadow-vms.ts";
import { promisedBeyond, servedShadowVms } from "./hand-over-memory.ts";
import { isComing } from "./pool-memory.ts";
import { isWithin } from "./reconcile.ts";
import { hostOf, resourceOf } from "./series.ts";

/** Set-points of one shadow VM: the least and the most that those before the last step can have led to, and the one since. */
export interface ShadowVmTold {
  readonly least: ResourceVector;
  readonly most: ResourceVector;
  readonly now: ResourceVector;
}

export function toldOnce(now: ResourceVector): ShadowVmTold {
  return { least: now, most: now, now };
}

/** Base units, before the step that goes on. */
export function mostOf({ layout, allocationsBefore, hands }: CellState, series: number): number {
  const told = Math.min(hands.highBefore[series] as number, layout.ceiling[series] as number);
  return Math.max(allocationsBefore[series] as number, told);
}

interface FreeOf {
  readonly place: number;
  /** Shadow VMs that do not count yet. */
  readonly without?: ReadonlySet<ShadowVmId>;
}

/** Negative where not all that machines were told can come true at once. */
export function freeAtMost(state: CellState, { place, without = NOBODY }: FreeOf): number {
  const { layout, shadowVms, told, pool } = state;
  const resource = resourceOf(place);
  const host = layout.hostIds[hostOf(place)];
  let free = layout.capacity[place] as number;
  for (const vm of layout.vmsOfHost[hostOf(place)] ?? [])
    free -= mostOf(state, vm * RESOURCE_COUNT + (place % RESOURCE_COUNT));
  const seen = new Set<ShadowVmId>();
  for (const { id, host: its, minimum, allocation } of shadowVms) {
    seen.add(id);
    const most = told.get(id)?.most ?? allocation;
    if (its === host) free -= Math.max(minimum[resource], allocation[resource], most[resource]);
  }
  const { minimum, ceiling } = layout.shadowVm;
  for (const [id, life] of pool.lives) {
    if (life.host !== host || seen.has(id) || without.has(id)) continue;
    free -= (isComing(life.stage) ? minimum : ceiling)[resource];
  }
  return free;
}

/** What of that may be given to VMs: what hand-overs are promised and were not told yet is theirs. */
export function freeForVms(state: CellState, place: number): number {
  const { shadowVms, told, pool, layout } = state;
  const resource = resourceOf(place);
  const { minimum, ceiling } = layout.shadowVm;
  const counted = (id: ShadowVmId) => {
    const seen = shadowVms.find((vm) => vm.id === id);
    if (seen !== undefined) return Math.max(seen.allocation[resource], told.get(id)?.most[resource] ?? 0);
    const stage = pool.lives.get(id)?.stage;
    return stage === undefined ? 0 : (isComing(stage) ? minimum : ceiling)[resource];
  };
  return freeAtMost(state, { place }) - promisedBeyond(state, { place, counted });
}

const NOBODY: ReadonlySet<ShadowVmId> = new Set();

/** Sums of many amounts may be off by rounding. */
const ROUNDING = 1e-9;

/** Whether all that machines of this place were told can come true, whatever became of the rest. */
export function allCanComeTrue(state: CellState, place: number): boolean {
  return freeAtMost(state, { place }) >= -ROUNDING * (state.layout.capacity[place] as number);
}

/** A step begins that looks at no machine: what the last one asked for may have come true by now, or not. */
export function beginBetweenTicks({ hands, told }: CellState): void {
  hands.lowBefore.set(hands.low);
  hands.highBefore.set(hands.high);
  for (const [id, setPoints] of told) told.set(id, widened(setPoints));
}

/** Whether the last one came true nobody knows. */
function widened({ least, most, now }: ShadowVmTold): ShadowVmTold {
  return { least: smaller(least, now), most: larger(most, now), now };
}

/** At the end of a tick: buffers are spread over the shadow VMs that were seen; where nothing may be changed they stay. */
export function tellShadowVms(state: CellState): void {
  const { layout, told, permissions, promise } = state;
  const before = new Map(told);
  const served = servedShadowVms(state);
  const ofHost = groupByHost(state.shadowVms);
  told.clear();
  for (const [host, id] of layout.hostIds.entries()) {
    const own = ofHost.get(id) ?? [];
    const isLeft = promise.kind !== "pooled" || permissions.frozen[host] === 1;
    const wanted = new Map(spread(vectorAt(state.buffers, host), own).map((each) => [each.id, each.allocation]));
    for (const { id: shadowVm, allocation: seen } of own) {
      const bounds = boundsOf(before.get(shadowVm) ?? toldOnce(seen), seen);
      const open = served.get(shadowVm);
      const promised = open && growsTo(open.size, seen, vectorAt(state.overPromised, host));
      const now = isLeft ? bounds.now : (wanted.get(shadowVm) ?? promised);
      if (now !== undefined) told.set(shadowVm, { ...bounds, now });
    }
  }
}

/** Towards what it was promised; what is not there it is not told to take. */
function growsTo(size: ResourceVector, seen: ResourceVector, missing: ResourceVector): ResourceVector {
  return larger(smaller(size, seen), subtract(size, missing));
}

function boundsOf(last: ShadowVmTold, seen: ResourceVector): ShadowVmTold {
  return isAbout(seen, last.now) ? { ...toldOnce(seen), now: last.now } : widened(last);
}

function isAbout(seen: ResourceVector, told: ResourceVector): boolean {
  return RESOURCES.every((resource) => isWithin(seen[resource], told[resource], told[resource]));
}

/** Shadow VMs of a host that hold buffer, as seen last. */
export function holdersOf({ shadowVms, layout }: CellState, host: number): ShadowVm[] {
  return shadowVms.filter((vm) => vm.host === layout.hostIds[host] && holdsBuffer(vm.state));
}
