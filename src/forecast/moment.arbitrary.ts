// One series at the moment it is forecast, out of the values that it had so far.
import { createDemandHistory, writeDemand } from "./demand-history.ts";
import { type Moment, seasonTicks } from "./season-ticks.ts";

/** `values` fill the history from tick 0 on; the moment is just after the last one. */
export function momentAfter(values: readonly number[], given: { stepMs: number; scale?: number }): Moment {
  const season = seasonTicks(given.stepMs);
  const history = createDemandHistory({ length: season.week, floors: [1e-3] });
  for (const [tick, value] of values.entries()) writeDemand(history, { series: 0, tick }, value);
  const { length } = values;
  return { series: 0, next: length, samples: length, scale: given.scale ?? Math.max(...values), history, season };
}

/** The value at floor(level x count) of the sorted values, written the slow way. */
export function naiveQuantile(values: readonly number[], level: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))] ?? Number.NaN;
}
