// From the largest demand of the last hours to allocations: one window and one factor for each knob.
import { slidingMaximum } from "../../forecast/sliding-maximum.ts";
import type { SeriesContext, SeriesPlanner } from "../policy.ts";

export interface WindowTimesFactor {
  readonly hours: number;
  readonly factor: number;
}

/** `rungs` ascend in both hours and factor; a window holds at least one sample. */
export function maximumPlanner(rungs: readonly WindowTimesFactor[], context: SeriesContext): SeriesPlanner {
  const largest = slidingMaximum(rungs.map(({ hours }) => Math.max(1, Math.round(hours * context.ticksPerHour))));
  const factors = Float64Array.from(rungs, ({ factor }) => factor);
  let started = false;

  const decide = (allocations: Float64Array): void => {
    if (!started) {
      allocations.fill(context.fixedSize);
      return;
    }
    largest.maxima(allocations);
    for (let index = 0; index < factors.length; index++)
      allocations[index] = (allocations[index] as number) * (factors[index] as number);
  };
  const observe = (demand: number): void => {
    largest.observe(demand);
    started ||= !Number.isNaN(demand);
  };
  return { decide, observe };
}
