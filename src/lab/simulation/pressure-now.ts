// What a monitor close to the machines sees between two ticks: VMs that want more than they have at this moment.
import type { PressedSample } from "../../control/tick-input.ts";
import { RESOURCES } from "../../model/resources.ts";
import { tickNow, type World } from "./world.ts";

/** What it sees may be wrong, as any sample may be: nothing at all, less than nothing, or more than there is. */
const ABSURD = [Number.NaN, -1, 1e30, Number.POSITIVE_INFINITY];

export function pressureNow({ fleet, drawn, plan, clock, unsure }: World): readonly PressedSample[] {
  const tick = tickNow({ clock, drawn });
  return fleet.machines().flatMap(({ host, vms }) =>
    vms.flatMap(({ vm, allocation }) => {
      const where = { tick, name: `pressure/${vm.id}` };
      if (isLost(host) || plan.happens("lost-sample", where)) return [];
      const demand = drawn.demand.get(vm.id)?.demandAt(tick);
      const absurd = ABSURD[plan.drawFor("absurd-sample", where).fork("what").below(ABSURD.length)];
      return RESOURCES.filter(
        (resource) => demand !== undefined && demand[resource] >= PRESSED_SHARE * allocation[resource],
      )
        .filter((resource) => allocation[resource] > 0 || (demand?.[resource] ?? 0) > 0)
        .map((resource) => ({
          vm: vm.id,
          resource,
          demand: plan.happens("absurd-sample", where) ? (absurd ?? -1) : (demand?.[resource] ?? 0),
          allocation,
        }));
    }),
  );
  function isLost(host: (typeof drawn.cell.hosts)[number]["id"]): boolean {
    return unsure.has(host) && plan.isCalm(tick) === false && plan.happens("blind", { tick, name: `pressure/${host}` });
  }
}

const PRESSED_SHARE = 0.9;
