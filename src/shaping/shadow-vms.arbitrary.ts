// Shadow VMs for tests: each holds one unit of everything to stay up and `holds` more at most.
import fc from "fast-check";
import type { HostId } from "../model/fleet.ts";
import { resourceVector } from "../model/resources.ts";
import { SHADOW_VM_STATES, type ShadowVm, type ShadowVmId, type ShadowVmState } from "../model/shadow-vm.ts";

export const even = (amount: number) =>
  resourceVector({ cpu: amount, memory: amount, network: amount, storage: amount });

export function shadowVm(name: string, given: { holds: number; state?: ShadowVmState }): ShadowVm {
  const minimum = even(1);
  const state = given.state ?? "ready";
  return {
    id: name as ShadowVmId,
    host: "host-1" as HostId,
    state,
    minimum,
    ceiling: even(1 + given.holds),
    allocation: minimum,
  };
}

export const anyShadowVms = fc
  .array(fc.record({ holds: fc.nat({ max: 1000 }), state: fc.constantFrom(...SHADOW_VM_STATES) }), { maxLength: 6 })
  .map((all) => all.map((given, index) => shadowVm(`shadow-${index}`, given)));
