// What the quantiles of a total can be, given those of its parts, whatever the parts have to do with each other.
// It is tempting to say: no more than the sum of their quantiles at the same level. That is wrong: of a hundred machines that
// each burst once in a thousand ticks, none has a burst in its 0.99, and their total has one every tenth tick.
import { LEVEL_COUNT, QUANTILE_LEVELS, quantileAt } from "../../model/forecast.ts";
import { meanOf } from "./row-moments.ts";

export interface RowBounds {
  /** [level] */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/**
 * `rows`: the parts' rows, each ascending and >= 0. A total is never below any of its parts, so neither is its quantile. It
 * passes the sum of quantiles at 1 - (1 - q) / n only where at least one of the n parts passes its own, which by the union
 * bound (Boole) happens in no more than a share 1 - q.
 */
export function boundsOfTotal(rows: readonly Float64Array[]): RowBounds {
  const lowest = new Float64Array(LEVEL_COUNT);
  const highest = new Float64Array(LEVEL_COUNT);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const rarer = 1 - (1 - (QUANTILE_LEVELS[level] as number)) / Math.max(rows.length, 1);
    for (const row of rows) {
      lowest[level] = Math.max(lowest[level] as number, row[level] as number);
      highest[level] = (highest[level] as number) + quantileAt(row, rarer);
    }
  }
  return { lowest, highest };
}

/**
 * In place: `row` within its bounds, with a mean of exactly `mean`. Where the bounds alone leave another mean it goes on
 * towards one of them, at all levels by the same share of the way. `mean` lies between the means of the bounds.
 */
export function keepWithin(row: Float64Array, { lowest, highest }: RowBounds, mean: number): void {
  for (let level = 0; level < LEVEL_COUNT; level++)
    row[level] = Math.min(Math.max(row[level] as number, lowest[level] as number), highest[level] as number);
  const now = meanOf({ values: row, at: 0 });
  const bound = now < mean ? highest : lowest;
  const room = meanOf({ values: bound, at: 0 }) - now;
  const share = room === 0 ? 0 : Math.min(Math.max((mean - now) / room, 0), 1);
  for (let level = 0; level < LEVEL_COUNT; level++)
    row[level] = (row[level] as number) + share * ((bound[level] as number) - (row[level] as number));
}
