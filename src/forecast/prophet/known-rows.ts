// The rows of a fit: means over steps of the fit, of the ticks known in each.
import type { TimeGrid } from "../../model/time.ts";
import type { Moments } from "./terms.ts";

export interface Rows {
  readonly moments: Moments;
  readonly values: Float64Array;
}

/** Ticks [from, from + count) of a grid, also past its end, by their middles. */
export function ticksOf({ startMs, stepMs }: TimeGrid, { from, count }: { from: number; count: number }): Moments {
  const instants = Float64Array.from({ length: count }, (_, tick) => startMs + (from + tick + 0.5) * stepMs);
  return { instants, tickMs: stepMs };
}

/** Whole steps counted from the end of the grid; none where none of its ticks is known. `values` [grid], NaN is unknown. */
export function knownRows({ grid, values }: { grid: TimeGrid; values: Float64Array }, fitStepMs: number): Rows {
  const width = Math.max(1, Math.floor(fitStepMs / grid.stepMs));
  const instants: number[] = [];
  const means: number[] = [];
  for (let from = grid.length % width; from < grid.length; from += width) {
    let [sum, count] = [0, 0];
    for (let tick = from; tick < from + width; tick++) {
      const value = values[tick] as number;
      if (!Number.isNaN(value)) [sum, count] = [sum + value, count + 1];
    }
    if (count === 0) continue;
    instants.push(grid.startMs + (from + width / 2) * grid.stepMs);
    means.push(sum / count);
  }
  const moments = { instants: Float64Array.from(instants), tickMs: width * grid.stepMs };
  return { moments, values: Float64Array.from(means) };
}
