// VMs that their customers switch off for some ticks: they demand nothing, and whoever looks sees that they are off.
import type { VmId } from "../../model/fleet.ts";
import { NOTHING } from "../../model/resources.ts";
import type { DemandSource } from "../synthetic-demand/workload-demand.ts";
import { type FaultPlan, inSpell } from "./fault-plan.ts";

const OFF_TICKS_MAX = 24;

export function isOff(plan: FaultPlan, where: { readonly tick: number; readonly name: VmId }): boolean {
  return inSpell(plan, { kind: "switched-off", where, lengthMax: OFF_TICKS_MAX });
}

export function switchedOff(plan: FaultPlan, demand: ReadonlyMap<VmId, DemandSource>): Map<VmId, DemandSource> {
  return new Map(
    [...demand].map(([name, { demandAt }]) => [
      name,
      { demandAt: (tick) => (isOff(plan, { tick, name }) ? NOTHING : demandAt(tick)) },
    ]),
  );
}
