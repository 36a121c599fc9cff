// What a VM has by contract it always has; more than its contract allows it never gets.
import { RESOURCES } from "../../../model/resources.ts";
import { type Invariant, isAbove, type SeenMachines } from "./invariant.ts";

export function baseKept(): Invariant {
  return {
    name: "base kept",
    onMachines({ machines }: SeenMachines) {
      for (const { vm, setPoint, allocation } of machines.flatMap(({ vms }) => vms))
        for (const resource of RESOURCES) {
          const least = Math.min(setPoint[resource], allocation[resource]);
          if (isAbove({ amount: vm.base[resource], limit: least, resource }))
            return `${vm.id} has a base of ${vm.base[resource]} of ${resource}, and has ${least}.`;
        }
      return undefined;
    },
  };
}

export function ceilingKept(): Invariant {
  return {
    name: "ceiling kept",
    onMachines({ machines }: SeenMachines) {
      for (const { vm, setPoint, allocation } of machines.flatMap(({ vms }) => vms))
        for (const resource of RESOURCES) {
          const most = Math.max(setPoint[resource], allocation[resource]);
          if (isAbove({ amount: most, limit: vm.ceiling[resource], resource }))
            return `${vm.id} may get ${vm.ceiling[resource]} of ${resource}, and has ${most}.`;
        }
      return undefined;
    },
    onSent(action) {
      if (action.kind !== "resize-vm" && action.kind !== "resize-shadow-vm") return undefined;
      const isSane = RESOURCES.every((each) => Number.isFinite(action.setPoint[each]) && action.setPoint[each] >= 0);
      return isSane ? undefined : `${action.id} asks for ${JSON.stringify(action.setPoint)}.`;
    },
  };
}
