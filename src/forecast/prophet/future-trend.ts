// Where the trend may go: past the history it changes as often and as much as it did within.
import type { SeededRandom } from "../../model/seeded-random.ts";
import { type ProphetFit, trendOf } from "./fit-prophet.ts";

/** So that a history without a change does not promise that none will ever come. */
const CHANGE_LEAST = 1e-8;

/**
 * One possible trend at ascending times `t` of the model's clock, in units of the values, as Prophet draws it
 * (sample_predictive_trend): changes come at rate S over a span as long as the history, their sizes from a Laplace
 * distribution with the mean size of the changes found.
 */
export function drawTrend(fit: ProphetFit, { t, random }: { t: Float64Array; random: SeededRandom }): Float64Array {
  const { shape, point } = fit;
  const { delta } = point;
  const end = t.at(-1) ?? 0;
  if (shape.trend.growth === "flat" || end <= 1) return trendOf(fit, t);
  const size = delta.reduce((sum, change) => sum + Math.abs(change), 0) / delta.length + CHANGE_LEAST;
  const times: number[] = [];
  const changes: number[] = [];
  for (let at = 1 + exponential(random) / delta.length; at < end; at += exponential(random) / delta.length) {
    times.push(at);
    changes.push(size * exponential(random) * (random.next() < 0.5 ? -1 : 1));
  }
  const changed = { ...shape, t_change: joined(shape.t_change, times) };
  return trendOf({ ...fit, shape: changed, point: { ...point, delta: joined(delta, changes) } }, t);
}

function joined(first: Float64Array, then: readonly number[]): Float64Array {
  const both = new Float64Array(first.length + then.length);
  both.set(first);
  both.set(then, first.length);
  return both;
}

function exponential(random: SeededRandom): number {
  return -Math.log(1 - random.next());
}
