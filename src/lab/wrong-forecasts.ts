// Forecasts that are of no use, for whoever asks what comes of them: none at all, that all stays as it is, and a network that
// says whatever comes to its mind. Equal seeds say the same.
import type { KernelInference } from "../forecast/network/kernel-inference.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import type { SeededRandom } from "../model/seeded-random.ts";
import type { Belief } from "./replay-headroom.ts";

/** Nobody foresees anything. */
export function silentBelief(seriesCount: number): Belief {
  const nothing = new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN);
  return () => nothing;
}

/** Demand stays what it was in the last sample, for sure: no quantile lies above it. */
export function lastSampleBelief(seriesCount: number): Belief {
  const believed = new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN);
  return ({ demand }) => {
    for (const [series, came] of demand.entries())
      if (!Number.isNaN(came)) believed.fill(came, series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT);
    return believed;
  };
}

/** On the log scale of the engine: from nothing to more than twice the largest demand of a week. */
const GARBAGE_MAX = 1.3;

/** Joins an engine as a trained network does, and answers with ascending random numbers. */
export function garbageNetwork(random: SeededRandom): KernelInference {
  const rowOf = () => Float32Array.from({ length: LEVEL_COUNT }, () => GARBAGE_MAX * random.next()).sort();
  return {
    stateSize: 1,
    infer: ({ windows, questions }) => ({
      state: { hidden: new Float32Array(windows), cell: new Float32Array(windows) },
      quantiles: questions.map(({ rowsPerWindow }) => {
        const rows = new Float32Array(windows * rowsPerWindow * LEVEL_COUNT);
        for (let at = 0; at < rows.length; at += LEVEL_COUNT) rows.set(rowOf(), at);
        return rows;
      }),
    }),
  };
}
