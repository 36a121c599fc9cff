// One series of a demand engine, fed tick by tick with whatever a source may say.
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS, type QuantileLevel } from "../../model/forecast.ts";
import { MINUTE_MS } from "../../model/time.ts";
import { advance, createDemandEngine, type DemandEngine } from "../demand-engine.ts";
import type { LateSample } from "./late-samples.ts";

export const FIVE_MINUTES = 5 * MINUTE_MS;
export const HOUR = 12;
export const DAY = 288;

export interface FedTick {
  readonly demand: number;
  readonly marks?: number;
  readonly size?: number;
  readonly late?: readonly Omit<LateSample, "series">[];
  readonly prior?: { readonly row: ArrayLike<number>; readonly weight: number };
}

export interface FedEngine {
  readonly engine: DemandEngine;
  /** [level] for the next tick, base units; a copy. */
  readonly see: (tick: FedTick) => number[];
}

export function fedEngine(given: { readonly stepMs?: number; readonly floor?: number } = {}): FedEngine {
  const { stepMs = FIVE_MINUTES, floor = 1e-3 } = given;
  const engine = createDemandEngine({ stepMs, floors: Float64Array.of(floor) });
  const quantiles = new Float64Array(LEVEL_COUNT).fill(Number.NaN);
  const see = ({ demand, marks = 0, size = Number.NaN, late, prior }: FedTick) => {
    const about = {
      demand: Float64Array.of(demand),
      marks: Uint8Array.of(marks),
      sizes: Float64Array.of(size),
      ...(late && { late: late.map((sample) => ({ ...sample, series: 0 })) }),
      ...(prior && { prior: { quantiles: Float64Array.from(prior.row), weights: Float64Array.of(prior.weight) } }),
    };
    advance(engine, about, quantiles);
    return [...quantiles];
  };
  return { engine, see };
}

export const at = (row: readonly number[] | undefined, level: QuantileLevel): number =>
  row?.[levelIndex(level)] ?? Number.NaN;

/** Sum over the levels of what a row costs once `demand` came. */
export function pinballLoss(
  row: readonly number[],
  demand: number,
  levels: readonly number[] = QUANTILE_LEVELS,
): number {
  return levels.reduce((sum, level, index) => {
    const miss = demand - (row[index] ?? Number.NaN);
    return sum + (miss > 0 ? level * miss : (level - 1) * miss);
  }, 0);
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
