// What an exact fit needs to know of a design: its columns and the sums of their products. None of it depends on the
// values, so series on one grid share it.
import { TREND_PRIOR } from "./log-posterior.ts";
import type { StanData } from "./stan-data.ts";
import { TREND_INDICATORS } from "./stan-data.ts";
import type { SquareMatrix } from "./tolerant-cholesky.ts";

/** All of the Stan data that does not come from the values. */
export type Design = Omit<StanData, "y">;

/** Two groups of columns: `smooth` (rate, offset, regressors; normal priors), `kinks` (changepoints; Laplace priors). */
export interface DesignSums {
  readonly design: Design;
  /** [T x smooth] by rows; the regressors are the last K. */
  readonly smooth: Float64Array;
  /** [T x kinks] by rows: time since each changepoint, 0 before it. None for a flat trend. */
  readonly kinks: Float64Array;
  readonly smoothSums: SquareMatrix;
  readonly kinkSums: SquareMatrix;
  /** [kinks x smooth] by rows. */
  readonly crossSums: Float64Array;
  /** [smooth] 1 / variance of the prior. */
  readonly precisions: Float64Array;
}

/** Additive terms only. O(T (K + S)^2) */
export function sumDesign(design: Design): DesignSums {
  const rows = design.T;
  const smooth = smoothColumns(design);
  const kinks = kinkColumns(design);
  const [smoothCount, kinkCount] = [smooth.length / rows, kinks.length / rows];
  const precisions = new Float64Array(smoothCount).fill(1 / TREND_PRIOR ** 2);
  for (let column = 0; column < design.K; column++)
    precisions[smoothCount - design.K + column] = 1 / (design.sigmas[column] as number) ** 2;
  return {
    design,
    smooth,
    kinks,
    smoothSums: { entries: productSums({ left: smooth, right: smooth, rows }), size: smoothCount },
    kinkSums: { entries: productSums({ left: kinks, right: kinks, rows }), size: kinkCount },
    crossSums: productSums({ left: kinks, right: smooth, rows }),
    precisions,
  };
}

function smoothColumns({ T, K, t, X, trend_indicator }: Design): Float64Array {
  const trendColumns = trend_indicator === TREND_INDICATORS.flat ? 1 : 2;
  const width = trendColumns + K;
  const columns = new Float64Array(T * width);
  for (let row = 0; row < T; row++) {
    const start = row * width;
    if (trendColumns === 2) columns[start] = t[row] as number;
    columns[start + trendColumns - 1] = 1;
    for (let column = 0; column < K; column++) columns[start + trendColumns + column] = X[row * K + column] as number;
  }
  return columns;
}

function kinkColumns({ T, S, t, t_change, trend_indicator }: Design): Float64Array {
  const width = trend_indicator === TREND_INDICATORS.flat ? 0 : S;
  const columns = new Float64Array(T * width);
  for (let row = 0; row < T; row++)
    for (let kink = 0; kink < width; kink++)
      columns[row * width + kink] = Math.max((t[row] as number) - (t_change[kink] as number), 0);
  return columns;
}

/** left' right, by rows. */
function productSums(given: { left: Float64Array; right: Float64Array; rows: number }): Float64Array {
  const { left, right, rows } = given;
  const [height, width] = [left.length / rows, right.length / rows];
  const sums = new Float64Array(height * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < height; i++) {
      const factor = left[row * height + i] as number;
      if (factor === 0) continue;
      for (let j = 0; j < width; j++)
        sums[i * width + j] = (sums[i * width + j] as number) + factor * (right[row * width + j] as number);
    }
  }
  return sums;
}
