// Set-points out of a finished step, in an order that is safe at every instant: first all that shrinks, then all that grows.
// A VM that does both (less memory, more CPU) gets two set-points.
import type { Action, ActionId } from "../model/action.ts";
import type { HostId } from "../model/fleet.ts";
import { formatAmount } from "../model/format-amount.ts";
import { fits, RESOURCES, type ResourceVector, smaller } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { instant } from "../model/time.ts";
import { spread } from "../shaping/shadow-pool.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import type { HostPoolChange } from "./hold-buffers.ts";

/** Lazy: reads the state when iterated, so iterate before the next step. */
export function actionsOf(state: CellState, poolChanges: readonly HostPoolChange[]): Iterable<Action> {
  return {
    *[Symbol.iterator]() {
      const resizes = [...vmResizes(state), ...shadowVmResizes(state)];
      for (const resize of resizes) yield* shrinking(state, resize);
      for (const resize of resizes) yield* growing(state, resize);
      for (const change of poolChanges) yield* poolActions(state, change);
    },
  };
}

interface Resize {
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

function* shadowVmResizes({ layout, buffers, shadowVms, promise }: CellState): Generator<Resize> {
  if (promise.kind !== "pooled") return;
  for (const [index, host] of layout.hostIds.entries()) {
    const own = shadowVms.filter((vm) => vm.host === host);
    for (const { id, allocation } of spread(vectorAt(buffers, index), own)) {
      const from = own.find((vm) => vm.id === id)?.allocation ?? allocation;
      if (!same(from, allocation))
        yield { host, target: { kind: "resize-shadow-vm", shadowVm: id }, from, to: allocation };
    }
  }
}

function* shrinking(state: CellState, { host, target, from, to }: Resize): Generator<Action> {
  const lower = smaller(from, to);
  if (same(lower, from)) return;
  yield {
    ...head(state, { host, name: nameOf(target), phase: "shrink" }),
    ...target,
    setPoint: lower,
    reason: describe(from, lower),
  };
}

function* growing(state: CellState, { host, target, from, to }: Resize): Generator<Action> {
  const lower = smaller(from, to);
  if (same(lower, to)) return;
  yield {
    ...head(state, { host, name: nameOf(target), phase: "grow" }),
    ...target,
    setPoint: to,
    reason: describe(lower, to),
  };
}

function* poolActions(state: CellState, { host, change }: HostPoolChange): Generator<Action> {
  switch (change.kind) {
    case "none":
      return;
    case "boot": {
      const shadowVm = `shadow-${host}-${state.tick}` as ShadowVmId;
      const reason = "The shadow VMs of this host would soon be too small for its buffer.";
      const { minimum } = state.layout.shadowVm;
      yield {
        ...head(state, { host, name: shadowVm, phase: "pool" }),
        kind: "boot-shadow-vm",
        shadowVm,
        minimum,
        reason,
      };
      return;
    }
    case "retire": {
      const { shadowVm } = change;
      const reason = "The other shadow VMs of this host hold its buffer with room to spare.";
      yield { ...head(state, { host, name: shadowVm, phase: "pool" }), kind: "retire-shadow-vm", shadowVm, reason };
      return;
    }
    default:
      unreachable(change);
  }
}

function head(state: CellState, { host, name, phase }: { host: HostId; name: string; phase: Action["phase"] }) {
  const id = `${state.tick}/${name}/${phase}` as ActionId;
  return { id, host, phase, deadline: instant(state.at + state.layout.stepMs) };
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
