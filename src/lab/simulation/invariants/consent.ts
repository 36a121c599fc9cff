// Nobody is touched who opted out, and nobody at all beyond what guardrails allow. What people wish is kept here as they said it.
import type { RunningCell } from "../../../control/loop.ts";
import { blackoutAt } from "../../../model/blackout.ts";
import type { CustomerId, VmId } from "../../../model/fleet.ts";
import { RESOURCES, type Resource } from "../../../model/resources.ts";
import { isOptedIn, type ServiceContract } from "../../../model/service-plan.ts";
import { HOUR_MS } from "../../../model/time.ts";
import type { Guardrails } from "../../../shaping/guardrails.ts";
import { type Applied, type Between, type Decided, first, type Invariant, isOff } from "./invariant.ts";

/** Who opted out goes down to the base, never up, and once there is left alone. */
export function optedOutAreLeftAlone(): Invariant {
  const contracts = new Map<CustomerId, ServiceContract>();
  /** Set-points of machines by VM and resource, and those that opted out and were at their bases. */
  const setPoints = new Map<string, number>();
  const settled = new Set<string>();
  return {
    name: "nobody who opted out is touched",
    onBetween({ cell, input, records }: Between) {
      if (input.kind !== "command" || input.command.kind !== "set-terms") return undefined;
      const { contract } = input.command;
      if (records.some(({ kind }) => kind === "terms")) contracts.set(contract.customer, contract);
      for (const { vm, resource, out } of allSeries(cell, contracts)) if (!out) settled.delete(`${vm}/${resource}`);
      return undefined;
    },
    onDecided(decided: Decided) {
      const { layout, allocationsBefore } = decided.cell.state;
      for (const { vm, resource, series, out } of allSeries(decided.cell, contracts)) {
        const has = allocationsBefore[series] ?? 0;
        if (out && has <= (layout.base[series] ?? 0)) settled.add(`${vm}/${resource}`);
      }
      return undefined;
    },
    onLaidAnew(before, { layout }) {
      for (const id of before.vmIds)
        if (!layout.vmIds.includes(id))
          for (const resource of RESOURCES) {
            settled.delete(`${id}/${resource}`);
            setPoints.delete(`${id}/${resource}`);
          }
    },
    onApplied(applied: Applied) {
      const { action, machines, unsure, asSent } = applied;
      const faults: string[] = [];
      for (const { vm, setPoint } of machines.flatMap(({ vms }) => vms))
        for (const resource of RESOURCES) {
          const name = `${vm.id}/${resource}`;
          const before = setPoints.get(name) ?? setPoint[resource];
          setPoints.set(name, setPoint[resource]);
          const touched = isOff({ amount: setPoint[resource], expected: before, resource });
          if (touched && settled.has(name) && asSent && !unsure.has(action.host))
            faults.push(
              `${action.id} takes ${vm.id} from ${before} to ${setPoint[resource]} of ${resource}: opted out.`,
            );
        }
      return faults[0];
    },
  };
}

function* allSeries({ state: { layout } }: RunningCell, contracts: ReadonlyMap<CustomerId, ServiceContract>) {
  for (const [index, vm] of layout.vmIds.entries()) {
    const customer = layout.customers[layout.customerOfVm[index] ?? -1];
    const contract = customer === undefined ? undefined : contracts.get(customer);
    for (const [offset, resource] of RESOURCES.entries()) {
      const out = contract !== undefined && !isOptedIn(contract, resource);
      yield { vm, resource, series: index * RESOURCES.length + offset, out };
    }
  }
}

/** With the kill switch on nothing is done at all; whom guardrails protect is not touched. */
export function guardrailsKept(): Invariant {
  let guardrails: Guardrails | undefined;
  return {
    name: "guardrails kept",
    onBetween(between: Between) {
      const { input, records } = between;
      if (input.kind === "command" && input.command.kind === "set-guardrails" && records.length > 0)
        guardrails = input.command.guardrails;
      return guardrails && first(forbidden(between, guardrails));
    },
    onDecided: (decided: Decided) => guardrails && first(forbidden(decided, guardrails)),
  };
}

function* forbidden({ cell, actions, at }: Decided | Between, guardrails: Guardrails): Generator<string> {
  const { layout } = cell.state;
  for (const action of actions) {
    if (guardrails.killSwitch) yield `${action.id} is to be done, and the kill switch is on.`;
    const customer = action.kind === "resize-vm" ? ownerOf(cell, action.vm) : undefined;
    if (customer !== undefined && guardrails.modes.customers.get(customer) !== "act")
      yield `${action.id} touches a VM of ${customer}, who is only observed.`;
    const subject = { cell: layout.cell, host: action.host, ...(customer !== undefined && { customer }) };
    const blackout = blackoutAt(guardrails.blackouts, subject, at);
    if (blackout?.forbids === "any-change") yield `${action.id} changes ${action.host}: ${blackout.reason}.`;
    if (blackout !== undefined && action.kind === "resize-vm" && action.phase === "shrink")
      yield `${action.id} takes from ${action.vm}: ${blackout.reason}.`;
  }
}

function ownerOf({ state: { layout } }: RunningCell, vm: VmId): CustomerId | undefined {
  return layout.customers[layout.customerOfVm[layout.vmIds.indexOf(vm)] ?? -1];
}

const HANDS_OFF_MS = 4 * HOUR_MS;

/** What somebody set by hand stays for four hours, unless its host is full or its owner says something else. */
export function handsAreRespected(): Invariant {
  const until = new Map<string, number>();
  const named = (vm: VmId, resource: Resource) => `${vm}/${resource}`;
  return {
    name: "hands are respected",
    // What was agreed is said again, and outweighs hands.
    onLaidAnew: () => until.clear(),
    onBetween({ records }: Between) {
      if (records.some(({ kind }) => kind === "terms" || kind === "handed-back")) until.clear();
      for (const each of records)
        if (each.kind === "relief" && each.to > each.from && (until.get(named(each.vm, each.resource)) ?? 0) > each.at)
          return `${each.vm} gets ${each.to} of ${each.resource}, and somebody set it to ${each.from}.`;
      return undefined;
    },
    onDecided({ records }: Decided) {
      for (const each of records)
        if (each.kind === "drift") until.set(named(each.vm, each.resource), each.at + HANDS_OFF_MS);
      const changes = records.flatMap((each) => (each.kind === "raise" || each.kind === "trim" ? [each] : []));
      const rough = changes.find(({ vm, resource, at, short }) => !short && (until.get(named(vm, resource)) ?? 0) > at);
      if (rough === undefined) return undefined;
      const { vm, resource, from, to } = rough;
      return `${vm} goes from ${from} to ${to} of ${resource}, and somebody had set it by hand.`;
    },
  };
}
