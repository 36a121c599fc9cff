// How well a point fits: the log posterior of prophet.stan, by which optimizers are compared.
import { trendAt } from "./piecewise-trend.ts";
import type { StanData, StanPoint } from "./stan-data.ts";

/** Standard deviations of the normal priors of k and m, and of the half-normal one of sigma_obs. */
export const TREND_PRIOR = 5;
export const SIGMA_PRIOR = 0.5;

/** What Stan calls lp__ when it optimises: terms that no parameter moves are left out. */
export function logPosterior(data: StanData, point: StanPoint): number {
  const { k, m, delta, beta, sigma } = point;
  const variance = sigma * sigma;
  let log = -data.T * Math.log(sigma) - squaredErrors(data, point) / (2 * variance);
  log -= (k * k + m * m) / (2 * TREND_PRIOR ** 2) + variance / (2 * SIGMA_PRIOR ** 2);
  for (const change of delta) log -= Math.abs(change) / data.tau;
  for (let column = 0; column < data.K; column++)
    log -= ((beta[column] as number) / (data.sigmas[column] as number)) ** 2 / 2;
  return log;
}

function squaredErrors(data: StanData, point: StanPoint): number {
  const expected = expectedRows(data, point);
  let sum = 0;
  for (let row = 0; row < data.T; row++) sum += ((data.y[row] as number) - (expected[row] as number)) ** 2;
  return sum;
}

/** [T] trend x (1 + multiplicative terms) + additive terms, on the scale of y. */
function expectedRows(data: StanData, point: StanPoint): Float64Array {
  const expected = trendAt(data, { ...data, ...point });
  for (let row = 0; row < expected.length; row++) {
    let [added, multiplied] = [0, 1];
    for (let column = 0; column < data.K; column++) {
      const effect = (data.X[row * data.K + column] as number) * (point.beta[column] as number);
      added += effect * (data.s_a[column] as number);
      multiplied += effect * (data.s_m[column] as number);
    }
    expected[row] = (expected[row] as number) * multiplied + added;
  }
  return expected;
}
