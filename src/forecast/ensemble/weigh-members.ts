// How much each member of an ensemble counts for one series and one group of windows: by its recent pinball loss.
import { LEVEL_COUNT, pinballLoss, QUANTILE_LEVELS } from "../../model/forecast.ts";

export interface Comparison {
  /** What came. */
  readonly actual: number;
  /** [member]: a row of quantiles. NaN: it was silent. */
  readonly said: readonly ArrayLike<number>[];
  /** How old, in lessons. */
  readonly age: number;
}

/**
 * Weights go down with this power of the loss: close to choosing the best, yet members that are nearly as good still
 * add up. Chosen on origins before those of the benchmark.
 */
const LOSS_POWER = 6;
/** Each member starts with so many lessons of the mean loss of all: with few lessons nobody is far ahead. */
const LESSONS_AT_START = 2;
/** A lesson counts half after so many others. */
const HALF_LIFE_LESSONS = 24;

/** [member], summing to 1; members that never spoke get 0. `priors` [member] > 0: before any lesson. */
export function weighMembers(priors: readonly number[], comparisons: readonly Comparison[]): readonly number[] {
  const losses = priors.map(() => ({ sum: 0, weight: 0 }));
  for (const { actual, said, age } of comparisons) {
    if (Number.isNaN(actual)) continue;
    const weight = 0.5 ** (age / HALF_LIFE_LESSONS);
    said.forEach((row, member) => {
      const loss = pinball(actual, row);
      const kept = losses[member];
      if (kept === undefined || Number.isNaN(loss)) return;
      kept.sum += weight * loss;
      kept.weight += weight;
    });
  }
  return fromLosses(priors, losses);
}

function fromLosses(
  priors: readonly number[],
  losses: readonly { readonly sum: number; readonly weight: number }[],
): readonly number[] {
  const spoken = losses.filter(({ weight }) => weight > 0);
  if (spoken.length === 0) return normalised(priors);
  const mean = spoken.reduce((total, { sum, weight }) => total + sum / weight, 0) / spoken.length;
  const logs = losses.map(({ sum, weight }, member) => {
    if (weight === 0) return Number.NEGATIVE_INFINITY;
    const loss = (sum + LESSONS_AT_START * mean) / (weight + LESSONS_AT_START);
    return Math.log(priors[member] ?? 0) - LOSS_POWER * Math.log(loss + 1e-6 * mean + Number.MIN_VALUE);
  });
  const largest = Math.max(...logs);
  return normalised(logs.map((log) => Math.exp(log - largest)));
}

function normalised(values: readonly number[]): readonly number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

/** Mean over levels; NaN for a silent row. */
function pinball(actual: number, row: ArrayLike<number>): number {
  let loss = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    loss += pinballLoss(QUANTILE_LEVELS[level] as number, actual - (row[level] as number));
  }
  return loss / LEVEL_COUNT;
}

/** Weighted mean of rows, level by level, ascending; silent members are left out. NaN where all are silent. */
export function mixRows(weights: readonly number[], rows: readonly ArrayLike<number>[], target: Float64Array): void {
  let total = 0;
  target.fill(0);
  rows.forEach((row, member) => {
    const weight = weights[member] ?? 0;
    if (Number.isNaN(row[0] as number)) return;
    total += weight;
    for (let level = 0; level < LEVEL_COUNT; level++)
      target[level] = (target[level] as number) + weight * (row[level] as number);
  });
  let below = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const mean = total > 0 ? (target[level] as number) / total : Number.NaN;
    below = mean < below ? below : mean;
    target[level] = below;
  }
}
