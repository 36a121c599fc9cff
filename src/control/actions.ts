// Set-points out of a finished step, in an order that is safe at every instant: first all that shrinks, then all that grows.
// A VM that does both (less memory, more CPU) gets two set-points.
import type { Action, ActionId } from "../model/action.ts";
import type { HostId } from "../model/fleet.ts";
import { formatAmount } from "../model/format-amount.ts";
import { fits, larger, RESOURCE_COUNT, RESOURCES, type ResourceVector, smaller } from "../model/resources.ts";
import { type Instant, instant } from "../model/time.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import type { PoolOrder } from "./follow-shadow-vms.ts";
import { servedShadowVms } from "./hand-over-memory.ts";
import { SIZE_TOLERANCE } from "./reconcile.ts";
import { CONSENT } from "./service-terms.ts";

/** Lazy: reads the state when iterated, so iterate before the next step. */
export function actionsOf(state: CellState, orders: readonly PoolOrder[]): Iterable<Action> {
  const stamp: Stamp = { name: `${state.tick}`, deadline: instant(state.at + state.layout.stepMs) };
  return {
    *[Symbol.iterator]() {
      yield* resizesInOrder(stamp, [...vmResizes(state), ...shadowVmResizes(state)]);
      for (const order of orders) yield poolAction(state, stamp, order);
    },
  };
}

/** What makes the ids of one step's actions unlike those of any other. */
export interface Stamp {
  readonly name: string;
  readonly deadline: Instant;
}

export function* resizesInOrder(stamp: Stamp, resizes: readonly Resize[]): Generator<Action> {
  for (const resize of resizes) yield* shrinking(stamp, resize);
  for (const resize of resizes) yield* growing(stamp, resize);
}

export interface Resize {
  readonly host: HostId;
  readonly target:
    | Pick<Extract<Action, { kind: "resize-vm" }>, "kind" | "vm">
    | Pick<Extract<Action, { kind: "resize-shadow-vm" }>, "kind" | "shadowVm" | "handedOver">;
  readonly from: ResourceVector;
  readonly to: ResourceVector;
  /** Where an older set-point may still lead it: then this one is stated though it is there already. */
  readonly least?: ResourceVector;
  readonly most?: ResourceVector;
  /** Stated though nothing grows: its host has to hear more than an amount. */
  readonly isNews?: boolean;
}

function* vmResizes(state: CellState): Generator<Resize> {
  const { layout, allocations, allocationsBefore, hands, permissions } = state;
  for (const [index, vm] of layout.vmIds.entries()) {
    const host = layout.hostIds[layout.hostOfVm[index] ?? -1];
    if (host === undefined || rests(state, index)) continue;
    const from = vectorAt(allocationsBefore, index);
    const resize: Resize = { host, target: { kind: "resize-vm", vm }, from, to: vectorAt(allocations, index) };
    const mayMove = permissions.mayGrow[index] === 1 && permissions.mayShrink[index] === 1;
    if (!mayMove) yield resize;
    else
      yield {
        ...resize,
        least: toldVector(state, { column: hands.lowBefore, vm: index }),
        most: toldVector(state, { column: hands.highBefore, vm: index }),
      };
  }
}

/** It has what it had, and was told nothing else: most VMs at most ticks. */
function rests({ allocations, allocationsBefore, hands }: CellState, vm: number): boolean {
  for (let series = vm * RESOURCE_COUNT; series < (vm + 1) * RESOURCE_COUNT; series++) {
    const has = allocations[series];
    if (allocationsBefore[series] !== has || hands.lowBefore[series] !== has || hands.highBefore[series] !== has)
      return false;
  }
  return true;
}

/** Of what is ours and was seen before; the rest counts as it is. */
function toldVector(
  { terms, hands, allocationsBefore }: CellState,
  { column, vm }: { readonly column: Float64Array; readonly vm: number },
): ResourceVector {
  const amounts = RESOURCES.map((_, offset) => {
    const series = vm * RESOURCE_COUNT + offset;
    const isOurs = terms.consent[series] !== CONSENT.left && Number.isFinite(hands.highBefore[series] as number);
    return (isOurs ? column : allocationsBefore)[series] as number;
  });
  return vectorAt(Float64Array.from(amounts), 0);
}

const HANDED_OVER = { handedOver: true } as const;

function* shadowVmResizes(state: CellState): Generator<Resize> {
  const { layout, shadowVms, told, promise, permissions } = state;
  const served = servedShadowVms(state);
  if (promise.kind !== "pooled") return;
  for (const { id, host, allocation: from } of shadowVms) {
    const setPoints = told.get(id);
    if (setPoints === undefined || permissions.frozen[layout.hostIds.indexOf(host)] === 1) continue;
    const { least, most, now: to } = setPoints;
    const serves = served.get(id);
    const target = { kind: "resize-shadow-vm", shadowVm: id, ...(serves && HANDED_OVER) } as const;
    yield { host, target, from, to, least, most, isNews: serves?.handOver.state === "scaling-up" };
  }
}

function* shrinking(stamp: Stamp, { host, target, from, to, most }: Resize): Generator<Action> {
  const lower = smaller(from, to);
  if (same(lower, from) && !goesBeyond(most, larger(from, to))) return;
  yield {
    ...head(stamp, { host, name: nameOf(target), phase: "shrink" }),
    ...target,
    setPoint: lower,
    reason: describe(from, lower),
  };
}

function* growing(stamp: Stamp, { host, target, from, to, least, isNews = false }: Resize): Generator<Action> {
  const lower = smaller(from, to);
  if (same(lower, to) && !goesBeyond(lower, least) && !isNews) return;
  yield {
    ...head(stamp, { host, name: nameOf(target), phase: "grow" }),
    ...target,
    setPoint: to,
    reason: describe(lower, to),
  };
}

function poolAction({ layout }: CellState, stamp: Stamp, { kind, host, shadowVm, why, image }: PoolOrder): Action {
  const named = { ...head(stamp, { host, name: shadowVm, phase: "pool" }), shadowVm, reason: ORDER_REASONS[why] };
  return kind === "boot"
    ? { ...named, kind: "boot-shadow-vm", minimum: layout.shadowVm.minimum, ...(image !== undefined && { image }) }
    : { ...named, kind: "retire-shadow-vm" };
}

const ORDER_REASONS: Readonly<Record<PoolOrder["why"], string>> = {
  wanted: "The shadow VMs of this host would soon be too small for its buffer.",
  spare: "The other shadow VMs of this host hold its buffer with room to spare.",
  failed: "It failed: another takes its place.",
  "handed-over": "A customer gets it whole, as one more replica.",
  drained: "It served a customer, and is not used again.",
};

function head(
  { name: step, deadline }: Stamp,
  { host, name, phase }: Pick<Action, "host" | "phase"> & { name: string },
) {
  return { id: `${step}/${name}/${phase}` as ActionId, host, phase, deadline };
}

function nameOf(target: Resize["target"]): string {
  return target.kind === "resize-vm" ? target.vm : target.shadowVm;
}

/** By more than sizes are rounded on their way. */
function goesBeyond(amounts: ResourceVector | undefined, limit: ResourceVector | undefined): boolean {
  if (amounts === undefined || limit === undefined) return false;
  return RESOURCES.some((resource) => amounts[resource] * (1 - SIZE_TOLERANCE) > limit[resource]);
}

function same(left: ResourceVector, right: ResourceVector): boolean {
  return fits(left, right) && fits(right, left);
}

/** "cpu 0.7 cores to 2.4 cores, memory 1.0 GiB to 1.2 GiB" */
function describe(from: ResourceVector, to: ResourceVector): string {
  return RESOURCES.filter((resource) => from[resource] !== to[resource])
    .map(
      (resource) => `${resource} ${formatAmount(resource, from[resource])} to ${formatAmount(resource, to[resource])}`,
    )
    .join(", ");
}
