// Samples of a VM's past on the grid of its cell: the mean of each tick. What was measured over longer than a tick stands for all the
// ticks that it was measured over, so that coarse history is no row of gaps.
import type { VmSamples } from "../../../control/store-ports.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../../model/resources.ts";
import { HOUR_MS } from "../../../model/time.ts";

export interface Grid {
  /** The first tick begins then; a multiple of `stepMs`. */
  readonly from: number;
  readonly stepMs: number;
  readonly ticks: number;
}

/** [tick x resource] base units; NaN: nothing was measured. */
export function onGrid({ at, usage }: VmSamples, { from, stepMs, ticks }: Grid): Float32Array {
  const sums = new Float64Array(ticks * RESOURCE_COUNT);
  const counts = new Uint16Array(ticks * RESOURCE_COUNT);
  const covered = coveredTicks(at, stepMs);
  for (let row = 0; row < at.length; row++) {
    const last = Math.ceil(((at[row] as number) - from) / stepMs) - 1;
    for (let tick = Math.max(last - covered + 1, 0); tick <= Math.min(last, ticks - 1); tick++)
      for (const [offset, resource] of RESOURCES.entries()) {
        const amount = usage[resource][row] as number;
        if (Number.isNaN(amount)) continue;
        const place = tick * RESOURCE_COUNT + offset;
        sums[place] = (sums[place] as number) + amount;
        counts[place] = (counts[place] as number) + 1;
      }
  }
  return Float32Array.from(sums, (sum, place) => (counts[place] === 0 ? Number.NaN : sum / (counts[place] as number)));
}

/** Ticks between two samples, as it is most often. Longer than an hour is a gap. */
function coveredTicks(at: Float64Array, stepMs: number): number {
  if (at.length < 2) return 1;
  const between = at.subarray(1).map((each, row) => each - (at[row] as number));
  const usual = between.sort()[between.length >> 1] as number;
  return Math.max(Math.round(Math.min(usual, HOUR_MS) / stepMs), 1);
}
