// What is expected of a series before its samples say it: quantiles from outside, and how much they count beside the
// samples.
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import { fromLogScale, toLogScale } from "../log-scale.ts";

export interface DemandPrior {
  /** [series x level] for the tick to come, base units, ascending; NaN where nothing was declared. */
  readonly quantiles: Float64Array;
  /** [series] 0..1, its part beside what the samples say. With no samples at all it is alone. */
  readonly weights: Float64Array;
  /** [series x level] for the peak of the half hour to come; left out: what `quantiles` say of it at most. */
  readonly halfHour?: Float64Array;
}

/** The part that the prior of a series has; 0 where nothing was declared. */
export function priorShare(prior: DemandPrior | undefined, series: number, samples: number): number {
  if (prior === undefined || Number.isNaN(prior.quantiles[series * LEVEL_COUNT] as number)) return 0;
  return samples === 0 ? 1 : (prior.weights[series] as number);
}

const MEDIAN = levelIndex(0.5);

/**
 * Level by level on a log scale, where a declaration ten times too high or too low does equal harm. Its unit is `scale`
 * or what is declared, whichever is larger. Ascending rows stay ascending.
 */
export function blendPrior(
  row: Float64Array,
  given: {
    readonly prior: Pick<DemandPrior, "quantiles">;
    readonly series: number;
    readonly share: number;
    readonly scale: number;
  },
): void {
  const { prior, series, share } = given;
  const first = series * LEVEL_COUNT;
  const unit = Math.max(given.scale, prior.quantiles[first + MEDIAN] as number);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const declared = prior.quantiles[first + level] as number;
    const said = toLogScale(row[level] as number, unit);
    row[level] = share === 1 ? declared : fromLogScale(share * toLogScale(declared, unit) + (1 - share) * said, unit);
  }
}
