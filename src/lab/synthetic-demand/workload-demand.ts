// The demand of one synthetic VM, tick by tick: a function of its seed, its class and what is announced, never of the order
// of asking. Never above the VM's ceiling.
import type { WorkloadClass } from "../../model/fleet.ts";
import { type ResourceVector, resourceVector } from "../../model/resources.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import type { TimeGrid } from "../../model/time.ts";
import { type DemandEvent, eventUplift } from "./demand-event.ts";
import { recipeOf } from "./workload-recipes.ts";

/** Mean demand of the tick; base units. */
export interface DemandSource {
  demandAt(tick: number): ResourceVector;
}

/** Ticks may go on for ever. */
export type EndlessGrid = Pick<TimeGrid, "startMs" | "stepMs">;

export interface WorkloadDemand {
  readonly class: WorkloadClass;
  readonly ceiling: ResourceVector;
  /** A stream of this VM's own: `random.fork(vm)`. */
  readonly random: SeededRandom;
  readonly grid: EndlessGrid;
  /** Only those of the VM's customer. Traffic of web, database and cache answers to them. */
  readonly events: readonly DemandEvent[];
}

export function workloadDemand({ grid, ceiling, ...workload }: WorkloadDemand): DemandSource {
  const recipe = recipeOf(workload.class, { random: workload.random, uplift: eventUplift(workload.events) });
  return {
    demandAt(tick) {
      const from = grid.startMs + tick * grid.stepMs;
      const span = { from, to: from + grid.stepMs };
      return resourceVector({
        cpu: ceiling.cpu * Math.min(recipe.cpu(span), 1),
        memory: ceiling.memory * Math.min(recipe.memory(span), 1),
        network: ceiling.network * Math.min(recipe.network(span), 1),
        storage: ceiling.storage * Math.min(recipe.storage(span), 1),
      });
    },
  };
}
