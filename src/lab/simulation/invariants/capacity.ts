// A machine never gives more than it has, and nobody asks it to.
import { RESOURCES } from "../../../model/resources.ts";
import type { HostMachines } from "../../simulated-fleet.ts";
import { type Applied, type Invariant, isAbove, type SeenMachines } from "./invariant.ts";

/** What machines really hand out and were told to hand out, not what anybody remembers. */
export function capacityKept(): Invariant {
  return {
    name: "capacity kept",
    onMachines({ machines }: SeenMachines) {
      for (const host of machines)
        for (const what of ["allocation", "setPoint"] as const) {
          const over = overOf(host, what);
          if (over !== undefined) return over;
        }
      return undefined;
    },
  };
}

function overOf({ host, capacity, vms, shadowVms }: HostMachines, what: "allocation" | "setPoint"): string | undefined {
  for (const resource of RESOURCES) {
    const sum = [...vms, ...shadowVms].reduce((total, each) => total + each[what][resource], 0);
    if (isAbove({ amount: sum, limit: capacity[resource], resource }))
      return `${host} has ${capacity[resource]} of ${resource}; its ${what}s add up to ${sum}.`;
  }
  return undefined;
}

/** Unless something happened of which the control plane cannot know, a host can do all that it is asked, whatever failed before. */
export function asksWhatFits(): Invariant {
  return {
    name: "asks what fits",
    onApplied({ action, outcome, asSent, unsure }: Applied) {
      if (outcome.kind === "done" || unsure.has(action.host) || !asSent) return undefined;
      const excused = action.kind === "retire-shadow-vm" ? [...EXCUSED, CLEARED_AWAY] : EXCUSED;
      const isExcused = excused.some((words) => outcome.message.includes(words));
      return isExcused ? undefined : `${action.id} (${action.reason}) was refused: ${outcome.message}`;
    },
  };
}

/** A host may be lost between looking and asking, and a slow tick may come too late. */
const EXCUSED = ["does not answer", "is past its deadline"];
/** What failed may be cleared away by its host between looking and asking. */
const CLEARED_AWAY = "runs no shadow VM";
