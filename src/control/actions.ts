// Set-points out of a finished step, in an order that is safe at every instant: first all that shrinks, then all that grows.
// A VM that does both (less memory, more CPU) gets two set-points.
import type { Action, ActionId } from "../model/action.ts";
import type { HostId } from "../model/fleet.ts";
import { formatAmount } from "../model/format-amount.ts";
import { fits, RESOURCES, type ResourceVector, smaller } from "../model/resources.ts";
import { type Instant, instant } from "../model/time.ts";
import { spread } from "../shaping/shadow-pool.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { groupByHost, type PoolOrder } from "./follow-shadow-vms.ts";

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
    | Pick<Extract<Action, { kind: "resize-shadow-vm" }>, "kind" | "shadowVm">;
  readonly from: ResourceVector;
  readonly to: ResourceVector;
}

function* vmResizes({ layout, allocations, allocationsBefore }: CellState): Generator<Resize> {
  for (const [index, vm] of layout.vmIds.entries()) {
    const from = vectorAt(allocationsBefore, index);
    const to = vectorAt(allocations, index);
    const host = layout.hostIds[layout.hostOfVm[index] ?? -1];
    if (host !== undefined && !same(from, to)) yield { host, target: { kind: "resize-vm", vm }, from, to };
  }
}

function* shadowVmResizes({ layout, buffers, shadowVms, promise, permissions }: CellState): Generator<Resize> {
  if (promise.kind !== "pooled") return;
  const ofHost = groupByHost(shadowVms);
  for (const [index, host] of layout.hostIds.entries()) {
    if (permissions.frozen[index] === 1) continue;
    const own = ofHost.get(host) ?? [];
    for (const { id, allocation } of spread(vectorAt(buffers, index), own)) {
      const from = own.find((vm) => vm.id === id)?.allocation ?? allocation;
      if (!same(from, allocation))
        yield { host, target: { kind: "resize-shadow-vm", shadowVm: id }, from, to: allocation };
    }
  }
}

function* shrinking(stamp: Stamp, { host, target, from, to }: Resize): Generator<Action> {
  const lower = smaller(from, to);
  if (same(lower, from)) return;
  yield {
    ...head(stamp, { host, name: nameOf(target), phase: "shrink" }),
    ...target,
    setPoint: lower,
    reason: describe(from, lower),
  };
}

function* growing(stamp: Stamp, { host, target, from, to }: Resize): Generator<Action> {
  const lower = smaller(from, to);
  if (same(lower, to)) return;
  yield {
    ...head(stamp, { host, name: nameOf(target), phase: "grow" }),
    ...target,
    setPoint: to,
    reason: describe(lower, to),
  };
}

function poolAction({ layout }: CellState, stamp: Stamp, { kind, host, shadowVm, why }: PoolOrder): Action {
  const named = { ...head(stamp, { host, name: shadowVm, phase: "pool" }), shadowVm, reason: ORDER_REASONS[why] };
  return kind === "boot"
    ? { ...named, kind: "boot-shadow-vm", minimum: layout.shadowVm.minimum }
    : { ...named, kind: "retire-shadow-vm" };
}

const ORDER_REASONS: Readonly<Record<PoolOrder["why"], string>> = {
  wanted: "The shadow VMs of this host would soon be too small for its buffer.",
  spare: "The other shadow VMs of this host hold its buffer with room to spare.",
  failed: "It failed: another takes its place.",
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
