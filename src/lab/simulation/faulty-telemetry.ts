// Telemetry as it is on a bad day: samples that never come, come late, come twice, or say what no machine can do.
import type { FleetObservation, Telemetry, VmObservation } from "../../control/ports.ts";
import { RESOURCES } from "../../model/resources.ts";
import { failure, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { HeldAmounts } from "../simulated-fleet.ts";
import type { Where } from "./fault-plan.ts";
import { inSpell } from "./fault-plan.ts";
import { isOff } from "./switched-off.ts";
import type { World } from "./world.ts";

type LateSample = NonNullable<FleetObservation["late"]>[number];

const BLIND_TICKS_MAX = 4;
const LATE_TICKS_MAX = 6;

export function faultyTelemetry(world: World): Telemetry {
  const underway: { readonly due: number; readonly sample: LateSample }[] = [];
  const { plan, drawn, fleet } = world;
  return {
    async observe() {
      const seen = await fleet.telemetry.observe();
      if (!seen.ok) return seen;
      const observation = seen.value;
      const tick = Math.round((observation.at - drawn.grid.startMs) / drawn.grid.stepMs) - 1;
      if (inSpell(plan, { kind: "blind", where: { tick, name: "cell" }, lengthMax: BLIND_TICKS_MAX }))
        return failure("unavailable", "No telemetry for a while.");
      const vms = observation.vms.flatMap((vm) => {
        const where = { tick, name: vm.vm };
        if (plan.happens("lost-sample", where)) return [];
        if (isOff(plan, where)) return [{ ...vm, power: "off" as const }];
        if (!plan.happens("late-sample", where)) return garbled(world, vm, where);
        underway.push(delayed(world, { vm, where, at: observation.at }));
        return [];
      });
      const arrived = underway.filter(({ due }) => due <= tick);
      for (const each of arrived) underway.splice(underway.indexOf(each), 1);
      settle(world, { ...observation, vms });
      return success({ ...observation, vms, late: arrived.map(({ sample }) => sample) });
    },
  };
}

function delayed({ plan }: World, { vm, where, at }: { vm: VmObservation; where: Where; at: Instant }) {
  const ticks = 1 + plan.drawFor("late-sample", where).fork("ticks").below(LATE_TICKS_MAX);
  return { due: where.tick + ticks, sample: { vm: vm.vm, usage: vm.usage, unmet: vm.unmet, at } };
}

function garbled({ plan }: World, vm: VmObservation, where: Where): VmObservation[] {
  const said = plan.happens("absurd-sample", where)
    ? absurd(
        vm,
        plan
          .drawFor("absurd-sample", where)
          .fork("what")
          .below(ABSURD.length * RESOURCES.length),
      )
    : vm;
  return plan.happens("duplicate-sample", where) ? [vm, said] : [said];
}

/** Below nothing, not a number, and more than all machines on earth. */
const ABSURD = [-1, Number.NaN, 1e30, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

function absurd(vm: VmObservation, which: number): VmObservation {
  const resource = RESOURCES[which % RESOURCES.length] ?? "cpu";
  const amount = ABSURD[Math.floor(which / RESOURCES.length)] ?? -1;
  return { ...vm, usage: { ...vm.usage, [resource]: amount } };
}

/** Of a host that answers, with a sample of each of its VMs, nothing moving and nothing on its way, all is known again. */
function settle({ fleet, unsure, failed, underway }: World, { vms, unreachable }: FleetObservation): void {
  const seen = new Set(vms.map(({ vm }) => vm));
  for (const { host, vms: own, shadowVms } of fleet.machines()) {
    const isWhole = own.every(({ vm }) => seen.has(vm.id)) && !unreachable.includes(host);
    const isQuiet = ![...own, ...shadowVms].some(isMoving) && !underway.some(({ action }) => action.host === host);
    if (isWhole && isQuiet) unsure.delete(host);
    else unsure.add(host);
    if (isWhole && isQuiet) failed.delete(host);
  }
}

function isMoving({ setPoint, allocation }: HeldAmounts): boolean {
  return RESOURCES.some((resource) => setPoint[resource] !== allocation[resource]);
}
