// Half way between a smoothed level and the same time yesterday, plus how wrong that was over the last day:
// for demand that follows the clock, at another height each day.
import { createErrorQuantiles, type ErrorQuantiles, rememberError, writeExpectation } from "./error-quantiles.ts";
import type { QuantileRow } from "./fill-quantiles.ts";
import { fromLogScale, toLogScale } from "./log-scale.ts";
import { type Moment, type SeasonTicks, valueBefore } from "./season-ticks.ts";

const SMOOTHING = 0.25;

export interface LevelExpert {
  /** One row a series. */
  readonly errors: ErrorQuantiles;
  /** [series] exponentially smoothed demand, log scale, and the scale it is on. */
  readonly smoothed: Float32Array;
  readonly scales: Float64Array;
}

export function createLevelExpert(seriesCount: number, { day }: SeasonTicks): LevelExpert {
  return {
    errors: createErrorQuantiles({ rows: seriesCount, length: day }),
    smoothed: new Float32Array(seriesCount),
    scales: new Float64Array(seriesCount).fill(1),
  };
}

export function writeLevelOpinion(expert: LevelExpert, moment: Moment, opinions: QuantileRow): void {
  const { series, scale, season, samples } = moment;
  const smoothed = smooth(expert, moment);
  const yesterday = samples >= season.day ? toLogScale(valueBefore(moment, season.day), scale) : smoothed;
  const expectation = { row: series, expected: (smoothed + yesterday) / 2 };
  writeExpectation(expert.errors, { expectation, moment }, opinions);
}

/** `actual` on the scale of the last opinion. */
export function rememberLevelError(expert: LevelExpert, series: number, actual: number): void {
  rememberError(expert.errors, series, actual);
}

function smooth(expert: LevelExpert, moment: Moment): number {
  const { series, scale, samples } = moment;
  const last = toLogScale(valueBefore(moment, 1), scale);
  const before = expert.smoothed[series] as number;
  const oldScale = expert.scales[series] as number;
  const level = samples <= 1 ? last : oldScale === scale ? before : toLogScale(fromLogScale(before, oldScale), scale);
  const smoothed = level + SMOOTHING * (last - level);
  expert.scales[series] = scale;
  expert.smoothed[series] = smoothed;
  return smoothed;
}
