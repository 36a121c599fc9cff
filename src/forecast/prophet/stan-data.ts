// Prophet's Stan model as data: what it is given and what is found, under the names that prophet.stan gives them.
import type { Result } from "../../model/result.ts";

/** The `trend_indicator` of prophet.stan. */
export const TREND_INDICATORS = { linear: 0, logistic: 1, flat: 2 } as const;

/**
 * The data block of prophet.stan (Taylor & Letham, "Forecasting at scale", The American Statistician 72(1), 2018;
 * facebook/prophet, python/stan/prophet.stan). Rows ascend in time.
 */
export interface StanData {
  /** Rows. */
  readonly T: number;
  /** Regressors, at least one. */
  readonly K: number;
  /** Changepoints. */
  readonly S: number;
  /** [T] 0 at the first row and 1 at the last. */
  readonly t: Float64Array;
  /** [T] what a logistic trend saturates at, as a share of the scale of y; 0 otherwise. */
  readonly cap: Float64Array;
  /** [T] values as a share of their largest. */
  readonly y: Float64Array;
  /** [S] ascending, on the scale of t. */
  readonly t_change: Float64Array;
  /** [T x K] by rows. */
  readonly X: Float64Array;
  /** [K] standard deviation of the normal prior of each coefficient. */
  readonly sigmas: Float64Array;
  /** Scale of the Laplace prior of the changes of the trend's rate. */
  readonly tau: number;
  readonly trend_indicator: (typeof TREND_INDICATORS)[keyof typeof TREND_INDICATORS];
  /** [K] 1 where the regressor adds to the trend. */
  readonly s_a: Float64Array;
  /** [K] 1 where the regressor multiplies the trend. */
  readonly s_m: Float64Array;
}

/** The parameters block: one point of the posterior. */
export interface StanPoint {
  readonly k: number;
  readonly m: number;
  /** [S] */
  readonly delta: Float64Array;
  /** [K] */
  readonly beta: Float64Array;
  /** sigma_obs, > 0 */
  readonly sigma: number;
}

/** Finds the point of the highest posterior. A failure is one of the program behind it, never of the data. */
export interface PosteriorOptimizer {
  optimize(data: StanData, start: StanPoint): Result<StanPoint>;
}
