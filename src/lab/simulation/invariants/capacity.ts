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

/**
 * Where the control plane knows all of a host, the host can do all that it is asked. What a tick lets grow fits even where it
 * was told that something failed.
 */
export function asksWhatFits(): Invariant {
  const ofTick = new Set<string>();
  return {
    name: "asks what fits",
    onDecided({ actions, failed }) {
      ofTick.clear();
      for (const { id, host, phase } of actions) if (phase !== "pool" && !failed.has(host)) ofTick.add(id);
      return undefined;
    },
    onApplied({ action, outcome, asSent, unsure, failed }: Applied) {
      if (outcome.kind === "done" || unsure.has(action.host) || !asSent) return undefined;
      if (failed.has(action.host) && !ofTick.has(action.id)) return undefined;
      const isExcused = EXCUSED.some((words) => outcome.message.includes(words));
      return isExcused ? undefined : `${action.id} (${action.reason}) was refused: ${outcome.message}`;
    },
  };
}

/** A host may be lost between looking and asking, and a slow tick may come too late. */
const EXCUSED = ["does not answer", "is past its deadline"];
