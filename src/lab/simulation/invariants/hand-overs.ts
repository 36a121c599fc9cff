// What was promised to a customer is kept: nobody else's buffer, its size while it serves, and a word before it goes.
import type { CellState } from "../../../control/cell-state.ts";
import type { OpenHandOver } from "../../../control/hand-over-memory.ts";
import { vmOf } from "../../../control/series.ts";
import { CONSENT } from "../../../control/service-terms.ts";
import type { HandOverId, HandOverNotice } from "../../../model/hand-over.ts";
import { RESOURCES, type ResourceVector } from "../../../model/resources.ts";
import { SERVICE_PLANS } from "../../../model/service-plan.ts";
import type { ShadowVm, ShadowVmId } from "../../../model/shadow-vm.ts";
import type { Instant } from "../../../model/time.ts";
import { holdsBuffer } from "../../../shaping/shadow-pool.ts";
import { type Between, type Decided, first, type Invariant, isAbove, placesOf } from "./invariant.ts";

export function handOversKept(): Invariant {
  const told: Told = { notices: new Map(), served: new Map(), ready: new Set(), open: [] };
  let forgotten: string | undefined;
  const hear = ({ cell: { state } }: Decided | Between) => {
    for (const notice of state.handOvers.outbox.values()) told.notices.set(notice.idempotencyKey, notice);
    for (const { handOver } of state.handOvers.open.values()) told.served.set(handOver.shadowVm, handOver.id);
    told.open = [...state.handOvers.open.keys()];
  };
  return {
    name: "hand-overs are kept",
    onLaidAnew(_, { handOvers: { open } }) {
      const gone = told.open.find((id) => !open.has(id));
      if (gone !== undefined) forgotten = `${gone} is not known any more in another layout.`;
    },
    onBetween(between) {
      const known = new Set(told.notices.keys());
      hear(between);
      const { input } = between;
      if (input.kind === "command" && input.command.kind === "replica-ready") told.ready.add(input.command.id);
      return (
        forgotten ??
        first(othersBuffer(between.cell.state)) ??
        first(wrongPools(between)) ??
        first(joinsTooEarly(between.cell.state, { seen: between.cell.state.shadowVms, known, told }))
      );
    },
    onDecided(decided) {
      const known = new Set(told.notices.keys());
      hear(decided);
      return (
        forgotten ??
        first(othersBuffer(decided.cell.state)) ??
        first(promisesThatDoNotFit(decided)) ??
        first(wrongActions(decided, told)) ??
        first(joinsTooEarly(decided.cell.state, { seen: decided.observation.shadowVms, known, told }))
      );
    },
  };
}

interface Told {
  /** By idempotency key: every one that ever waited. */
  readonly notices: Map<string, HandOverNotice>;
  readonly served: Map<ShadowVmId, HandOverId>;
  /** That were said to answer. */
  readonly ready: Set<HandOverId>;
  /** After the last step. */
  open: readonly HandOverId[];
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
    const bases = series.reduce((sum, each) => sum + (state.layout.base[each] ?? Number.NaN), 0);
    // A VM that came later has its base by contract: what is left is too little, and the replica is given up in time.
    if (isAbove({ amount: promised + minimums + bases, limit: capacity, resource })) continue;
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

interface Early {
  readonly seen: readonly ShadowVm[];
  /** Keys of notices that waited before. */
  readonly known: ReadonlySet<string>;
  readonly told: Told;
}

function* joinsTooEarly({ handOvers }: CellState, { seen, known, told }: Early): Generator<string> {
  for (const { idempotencyKey, kind, handOver, capacity } of handOvers.outbox.values()) {
    if (kind !== "joins" || known.has(idempotencyKey)) continue;
    const open = handOvers.open.get(handOver);
    const id = open?.handOver.shadowVm;
    const machine = seen.find((vm) => vm.id === id);
    if (machine === undefined || isLess(machine.allocation, capacity))
      yield `${handOver} is told to join, and ${id} was not seen to have its size.`;
    if (open?.template?.readiness !== undefined && !told.ready.has(handOver))
      yield `${handOver} is told to join, and ${id} never answered.`;
  }
}

/** Another customer's hosts are never lent; shared ones to whoever has hosts of its own only where the plan says so. */
function* wrongPools({ cell: { state }, input, records }: Between): Generator<string> {
  if (input.kind !== "command" || input.command.kind !== "hand-over") return;
  const { layout, terms } = state;
  const owner = layout.customers.indexOf(input.command.customer);
  for (const record of records) {
    if (record.kind !== "hand-over" || record.to !== "asked") continue;
    const dedicatedTo = layout.dedicatedTo[layout.hostIds.indexOf(record.host)];
    if (dedicatedTo === owner) continue;
    if (dedicatedTo !== -1) yield `${record.handOver} goes to ${record.host}, which is another customer's.`;
    const plans = [...layout.customerOfVm.entries()].filter(([, of]) => of === owner).map(([vm]) => terms.plans[vm]);
    const mayBurst = plans.every((plan) => SERVICE_PLANS[plan ?? -1] === "dedicated");
    if (layout.dedicatedTo.includes(owner) && !mayBurst)
      yield `${record.handOver} goes to ${record.host}, which is shared, and its plan stays in its own pool.`;
  }
}
