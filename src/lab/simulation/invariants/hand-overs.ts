// What was promised to a customer is kept: nobody else's buffer, its size while it serves, and a word before it goes.
import type { CellState } from "../../../control/cell-state.ts";
import type { OpenHandOver } from "../../../control/hand-over-memory.ts";
import { vmOf } from "../../../control/series.ts";
import { CONSENT } from "../../../control/service-terms.ts";
import type { HandOverId, HandOverNotice } from "../../../model/hand-over.ts";
import { RESOURCES, type ResourceVector } from "../../../model/resources.ts";
import type { ShadowVmId } from "../../../model/shadow-vm.ts";
import type { Instant } from "../../../model/time.ts";
import { holdsBuffer } from "../../../shaping/shadow-pool.ts";
import { type Between, type Decided, first, type Invariant, isAbove, placesOf } from "./invariant.ts";

export function handOversKept(): Invariant {
  const told: Told = { notices: new Map(), served: new Map() };
  const hear = ({ cell: { state } }: Decided | Between) => {
    for (const notice of state.handOvers.outbox.values()) told.notices.set(notice.idempotencyKey, notice);
    for (const { handOver } of state.handOvers.open.values()) told.served.set(handOver.shadowVm, handOver.id);
  };
  return {
    name: "hand-overs are kept",
    onBetween(between) {
      hear(between);
      return first(othersBuffer(between.cell.state));
    },
    onDecided(decided) {
      const known = new Set(told.notices.keys());
      hear(decided);
      return (
        first(othersBuffer(decided.cell.state)) ??
        first(promisesThatDoNotFit(decided)) ??
        first(wrongActions(decided, told)) ??
        first(joinsTooEarly(decided, known))
      );
    },
  };
}

interface Told {
  /** By idempotency key: every one that ever waited. */
  readonly notices: Map<string, HandOverNotice>;
  readonly served: Map<ShadowVmId, HandOverId>;
}

function* othersBuffer({ handOvers, shadowVms, pool }: CellState): Generator<string> {
  const machines = new Set([...handOvers.open.values()].map(({ handOver }) => handOver.shadowVm));
  if (machines.size < handOvers.open.size) yield "One shadow VM is handed over twice.";
  for (const { id, state } of shadowVms)
    if ((machines.has(id) || pool.lives.get(id)?.served === true) && holdsBuffer(state))
      yield `${id} is or was handed over, and counts as ${state}.`;
}

/**
 * What is promised fits beside all leases, the buffer and what keeps other shadow VMs up. Where what may not be touched grew into it
 * (a VM that opted out, by somebody's hand) nobody else has more than that.
 */
function* promisesThatDoNotFit({ cell: { state }, unsure }: Decided): Generator<string> {
  const open = [...state.handOvers.open.values()];
  for (const { host, resource, place, series, capacity } of placesOf(state.layout)) {
    const own = open.filter(({ handOver }) => handOver.host === host);
    if (own.length === 0 || unsure.has(host)) continue;
    const promised = own.reduce((sum, { size }) => sum + size[resource], 0);
    const others = state.shadowVms.filter((vm) => vm.host === host && !own.some((each) => isOf(each, vm.id)));
    const minimums = others.reduce((sum, vm) => sum + vm.minimum[resource], 0);
    const given = series.reduce((sum, each) => sum + (state.allocations[each] ?? Number.NaN), 0);
    const amount = promised + minimums + given + (state.buffers[place] ?? Number.NaN);
    const fixed = series.reduce((sum, each) => sum + leastOf(state, each), 0);
    if (isAbove({ amount, limit: Math.max(capacity, promised + minimums + fixed), resource }))
      yield `${host} has ${capacity} of ${resource}: ${promised} is handed over, ${given} lent, ${amount} altogether.`;
  }
}

/** What stands whatever happens: all of what may not be touched, the base of the others. */
function leastOf({ layout, terms, permissions, allocations }: CellState, series: number): number {
  const given = allocations[series] ?? Number.NaN;
  const isTouchable = terms.consent[series] !== CONSENT.left && permissions.mayShrink[vmOf(series)] === 1;
  return isTouchable ? Math.min(given, layout.base[series] ?? Number.NaN) : given;
}

function isOf({ handOver }: { readonly handOver: { readonly shadowVm: ShadowVmId } }, id: ShadowVmId): boolean {
  return handOver.shadowVm === id;
}

function* wrongActions({ cell: { state }, actions, at }: Decided, told: Told): Generator<string> {
  for (const action of actions) {
    const id = "shadowVm" in action ? told.served.get(action.shadowVm) : undefined;
    if (id === undefined) continue;
    const open = state.handOvers.open.get(id);
    if (
      action.kind === "resize-shadow-vm" &&
      open !== undefined &&
      isServing(open) &&
      isLess(action.setPoint, open.size)
    )
      yield `${action.id} takes from ${action.shadowVm} what ${id} serves with.`;
    if (action.kind === "retire-shadow-vm" && (open !== undefined || !mayGo(told, id, at)))
      yield `${action.id} retires ${action.shadowVm}, and ${id} is ${open?.handOver.state ?? "not told to leave"}.`;
  }
}

function isServing({ handOver: { state } }: OpenHandOver): boolean {
  return state === "announced" || state === "serving" || state === "draining";
}

function isLess(amounts: ResourceVector, promised: ResourceVector): boolean {
  return RESOURCES.some((each) => amounts[each] < promised[each] * ROUGHLY);
}

/** Nobody ever heard of it, its machine is lost, or its time to leave is over. */
function mayGo({ notices }: Told, id: HandOverId, at: Instant): boolean {
  const drainBy = notices.get(`${id}/leaves`)?.drainBy;
  return !notices.has(`${id}/joins`) || notices.has(`${id}/lost`) || (drainBy !== undefined && drainBy <= at);
}

/** Sizes are rounded on their way. */
const ROUGHLY = 0.99;

function* joinsTooEarly({ cell: { state }, observation }: Decided, known: ReadonlySet<string>): Generator<string> {
  for (const { idempotencyKey, kind, handOver, capacity } of state.handOvers.outbox.values()) {
    if (kind !== "joins" || known.has(idempotencyKey)) continue;
    const id = state.handOvers.open.get(handOver)?.handOver.shadowVm;
    const seen = observation.shadowVms.find((vm) => vm.id === id);
    if (seen === undefined || isLess(seen.allocation, capacity))
      yield `${handOver} is told to join, and ${id} was not seen to have its size.`;
  }
}
