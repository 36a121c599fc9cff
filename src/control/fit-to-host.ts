// Leases and buffer of one host are cut to its room: the buffer first, then leases by plan and by what is least likely to be
// used. As far as it can be helped nothing is taken that a guest uses, and nothing from whom nothing may be taken.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource, type ResourceVector } from "../model/resources.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import { type Claim, type PlanGrants, shareByPlan } from "../shaping/scarcity.ts";
import { holdsBuffer } from "../shaping/shadow-pool.ts";
import { mostOf } from "./at-most.ts";
import type { CellState } from "./cell-state.ts";
import { promisedBeyond } from "./hand-over-memory.ts";
import { isComing } from "./pool-memory.ts";
import { hostOf, resourceOf, vmOf } from "./series.ts";
import { CONSENT, priorityOf } from "./service-terms.ts";
import { stepOf } from "./step-down.ts";
import { goesInSteps } from "./take-back.ts";
import type { TickInput } from "./tick-input.ts";

/** Leases of one plan that were cut. */
export interface HostCut {
  readonly place: number;
  readonly priority: number;
  readonly asked: number;
  readonly granted: number;
  readonly level: number;
}

interface HostWish {
  readonly host: number;
  /** The buffer that its shadow VMs could hold. */
  readonly held: ResourceVector;
  readonly own: readonly ShadowVm[];
  /** Shadow VMs that were asked for and that the host does not show yet. */
  readonly unseen: number;
}

/** Returns what is left over. */
export function fitToHost(state: CellState, input: TickInput, { host, held, own, unseen }: HostWish): ResourceVector {
  const { buffers, buffersBefore, permissions } = state;
  const spare = { cpu: 0, memory: 0, network: 0, storage: 0 };
  for (const [offset, resource] of RESOURCES.entries()) {
    const place = host * RESOURCE_COUNT + offset;
    const room = roomForVms(state, { place, own, unseen });
    const frozen = permissions.frozen[host] === 1;
    buffers[place] = frozen ? (buffersBefore[place] as number) : held[resource];
    if (!frozen && allocated(state, place) + held[resource] > room) cutTo(state, input, { place, room });
    const left = room - allocated(state, place) - (buffers[place] as number);
    state.overPromised[place] = -left > ROUNDING * (state.layout.capacity[place] as number) ? -left : 0;
    spare[resource] = Math.max(left, 0);
  }
  return spare as ResourceVector;
}

/** For leases and buffer: what is there beside shadow VMs, what hand-overs are promised, and growth that goes on. */
export function roomForVms(
  state: CellState,
  { place, own, unseen }: Pick<HostWish, "own" | "unseen"> & { readonly place: number },
): number {
  const { layout, pool } = state;
  const resource = resourceOf(place);
  const minimum = layout.shadowVm.minimum[resource];
  const minimums = own.reduce((sum, vm) => sum + takenBy(vm, resource), unseen * minimum);
  const counted = (id: ShadowVm["id"]) => {
    const seen = own.find((vm) => vm.id === id);
    if (seen !== undefined) return takenBy(seen, resource);
    return isComing(pool.lives.get(id)?.stage ?? "unknown") ? minimum : 0;
  };
  const promised = promisedBeyond(state, { place, counted });
  const taken = minimums + promised + stillComing(state, place);
  return (layout.capacity[place] as number) - taken;
}

/** Growth that is under way and that nobody may stop. */
function stillComing(state: CellState, place: number): number {
  let sum = 0;
  for (const vm of state.layout.vmsOfHost[hostOf(place)] ?? []) {
    if (state.permissions.mayShrink[vm] === 1) continue;
    const series = vm * RESOURCE_COUNT + (place % RESOURCE_COUNT);
    sum += Math.max(mostOf(state, series) - (state.allocations[series] as number), 0);
  }
  return sum;
}

/** Beside the buffer: what it needs to stay up, or all that it has until it is gone. */
export function takenBy({ state, minimum, allocation }: ShadowVm, resource: Resource): number {
  return holdsBuffer(state) ? minimum[resource] : Math.max(minimum[resource], allocation[resource]);
}

export function allocated({ layout, allocations }: CellState, place: number): number {
  let sum = 0;
  for (const vm of layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? [])
    sum += allocations[vm * RESOURCE_COUNT + (place % RESOURCE_COUNT)] as number;
  return sum;
}

/** Sums of many amounts may be off by so much: nothing is cut for it, and nobody is. */
const ROUNDING = 1e-12;

function cutTo(state: CellState, input: TickInput, { place, room }: { place: number; room: number }): void {
  const { layout, allocations, buffers, leasesCut, cuts } = state;
  if (allocated(state, place) + (buffers[place] as number) <= room * (1 + ROUNDING)) return;
  const vms = layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? [];
  const members = Array.from(vms, (vm) => vm * RESOURCE_COUNT + (place % RESOURCE_COUNT));
  const gentle = members.map((series) => floorOf(state, input, series));
  const fits = gentle.reduce((sum, floor) => sum + floor, 0) <= room;
  // A host that was promised twice over comes first: what is there by contract stays, all else may go at once.
  const floors = fits ? gentle : members.map((series) => contractFloor(state, series));
  const granted = share(state, input, { members, floors, room, buffer: buffers[place] as number });
  for (const [rank, series] of members.entries()) {
    const has = allocations[series] as number;
    const amount = (floors[rank] as number) + (granted.leases[rank] as number);
    if (amount >= has * (1 - ROUNDING)) continue;
    leasesCut[series] = 1;
    allocations[series] = amount;
  }
  buffers[place] = granted.buffer;
  for (const cut of granted.cuts) cuts.push({ place, ...cut });
}

interface ToShare {
  readonly members: readonly number[];
  /** [member] */
  readonly floors: readonly number[];
  readonly room: number;
  readonly buffer: number;
}

function share({ allocations, terms }: CellState, { forecasts }: TickInput, given: ToShare): PlanGrants {
  const { members, floors, room, buffer } = given;
  const claims = members.map((series, rank): Claim => {
    const base = floors[rank] as number;
    const lease = Math.max((allocations[series] as number) - base, 0);
    return { base, lease, priority: priorityOf(terms, vmOf(series)), at: series * LEVEL_COUNT };
  });
  const left = room - floors.reduce((sum, floor) => sum + floor, 0);
  return shareByPlan({ room: left, buffer, claims, quantiles: forecasts.quantiles });
}

/**
 * The least that the series can be brought to at this tick, where room is scarce: memory gracefully; of the others a guest
 * only gets slower, so that the better plan comes first.
 */
function floorOf(state: CellState, input: TickInput, series: number): number {
  const { layout, allocations, allocationsBefore, hands } = state;
  const least = contractFloor(state, series);
  const has = allocations[series] as number;
  if ((hands.until[series] as number) > input.now) return has;
  if (!goesInSteps(resourceOf(series))) return least;
  const from = allocationsBefore[series] as number;
  const step = stepOf(state, input, { series, from, wanted: layout.base[series] as number });
  return Math.max(Math.min(step.amount, has), least);
}

/** What stands whatever happens: the base, and all of what may not be touched. */
function contractFloor({ layout, allocations, allocationsBefore, terms, permissions }: CellState, series: number) {
  const has = allocations[series] as number;
  if (terms.consent[series] === CONSENT.left) return has;
  const base = Math.min(layout.base[series] as number, has);
  if (permissions.mayShrink[vmOf(series)] === 1) return base;
  return Math.max(Math.min(has, allocationsBefore[series] as number), base);
}
