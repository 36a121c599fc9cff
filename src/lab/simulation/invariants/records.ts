// Nothing changes without a record that says so, and no record speaks of a change that nobody asked for.

import { isWithin } from "../../../control/reconcile.ts";
import type { Action } from "../../../model/action.ts";
import type { DecisionRecord } from "../../../model/decision.ts";
import type { VmId } from "../../../model/fleet.ts";
import type { Resource } from "../../../model/resources.ts";
import { type Between, type Decided, first, type Invariant, isOff, seriesOf } from "./invariant.ts";

type LeaseChange = Extract<DecisionRecord, { kind: "raise" | "trim" }>;
type VmResize = Extract<Action, { kind: "resize-vm" }>;

export function changesAreRecorded(): Invariant {
  return {
    name: "a record for every change",
    onDecided: (decided) => first(leaseFaults(decided)) ?? first(poolFaults(decided)),
    onBetween: (between) => first(reliefFaults(between)),
  };
}

function* leaseFaults({ cell: { state }, actions, records, observation }: Decided): Generator<string> {
  const resizes = actions.filter((each): each is VmResize => each.kind === "resize-vm");
  const changes = records.filter((each): each is LeaseChange => each.kind === "raise" || each.kind === "trim");
  for (const { vm, resource } of seriesOf(state.layout)) {
    const told = changes.filter((each) => each.vm === vm && each.resource === resource);
    if (told.length > 1) yield `${vm} has ${told.length} records on ${resource}.`;
    yield* faultsOfOne({
      vm,
      resource,
      record: told[0],
      asked: resizes.findLast((each) => each.vm === vm)?.setPoint[resource],
      had: observation.vms.findLast((each) => each.vm === vm)?.allocation[resource],
    });
  }
}

interface OneChange {
  readonly vm: VmId;
  readonly resource: Resource;
  readonly record: LeaseChange | undefined;
  /** The set-point that it is to have; undefined where nobody asks. */
  readonly asked: number | undefined;
  /** Undefined where nobody saw it. */
  readonly had: number | undefined;
}

function* faultsOfOne({ vm, resource, record, asked, had }: OneChange): Generator<string> {
  if (record === undefined) {
    if (asked !== undefined && had !== undefined && !isReached({ had, setPoint: asked, resource }))
      yield `${vm} goes from ${had} to ${asked} of ${resource}, without a record.`;
    return;
  }
  const { from, to, kind } = record;
  if (asked === undefined) yield `A record says that ${vm} changes, and nobody asks for it.`;
  else if (isOff({ amount: to, expected: asked, resource }))
    yield `${vm} is to have ${asked} of ${resource}, and its record says ${to}.`;
  if (had !== undefined && !isReached({ had, setPoint: from, resource }))
    yield `${vm} had ${had} of ${resource}, and its record says ${from}.`;
  if (kind !== (to > from ? "raise" : "trim"))
    yield `${vm} goes from ${from} to ${to}, and its record calls it ${kind}.`;
}

/** A machine on the last bit of its way counts as there, since sizes are rounded on their way. */
function isReached(given: { readonly had: number; readonly setPoint: number; readonly resource: Resource }): boolean {
  const { had, setPoint, resource } = given;
  return isWithin(had, setPoint, setPoint) || !isOff({ amount: had, expected: setPoint, resource });
}

function* poolFaults({ actions, records }: Decided): Generator<string> {
  const asked = actions.flatMap((each) => {
    if (each.kind === "boot-shadow-vm") return [`boot ${each.shadowVm}`];
    return each.kind === "retire-shadow-vm" ? [`retire ${each.shadowVm}`] : [];
  });
  const told = records.flatMap((each) => (each.kind === "shadow-vm" ? [`${each.change} ${each.shadowVm}`] : []));
  for (const each of asked) if (!told.includes(each)) yield `There is no record for: ${each}.`;
  for (const each of told) if (!asked.includes(each)) yield `A record says ${each}, and nobody asks for it.`;
}

/** The fast path tells of every VM that it gives to, and gives what it tells. */
function* reliefFaults({ cell: { state }, actions, records }: Between): Generator<string> {
  const grown = actions.filter((each): each is VmResize => each.kind === "resize-vm");
  const told = records.flatMap((each) => (each.kind === "relief" && each.to > each.from ? [each] : []));
  for (const { vm, resource, from, to } of told) {
    const asked = grown.findLast((each) => each.vm === vm)?.setPoint[resource] ?? Number.NaN;
    if (isOff({ amount: asked, expected: to, resource }))
      yield `${vm} is said to get ${to} of ${resource} instead of ${from}, and ${asked} is asked for.`;
  }
  for (const { vm } of grown) {
    if (!told.some((each) => each.vm === vm)) yield `${vm} is resized between two ticks, without a record.`;
    if (!state.layout.vmIds.includes(vm)) yield `${vm} belongs to another cell.`;
  }
}
