// How much each member of an ensemble counts, level by level: by what it lost of late beside the others, in this series and,
// while little is known of it, in all series together.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { MemberLosses } from "./member-losses.ts";
import { putInOrder } from "./put-in-order.ts";

/**
 * Weights go down with this power of the loss: close to choosing the best, yet members that are nearly as good still add
 * up. Between 8 and 20 nothing changes; 4 loses 3 % more (first half of Bitbrains 2013-7, as are the figures below).
 */
const LOSS_POWER = 10;
/** So many comparisons of its own make a series count as much as all series together. */
const COMPARISONS_SHARED = 10;
/** A member that lost nothing at all is this much better than the others, as a logarithm. */
const STANDING_MIN = Math.log(1e-6);

/** [member x level] log of the loss beside the mean of all members; NaN: not compared. */
export type Standing = Float64Array;

export function standingOf({ sums, counts }: MemberLosses): Standing {
  const standing = new Float64Array(sums.length).fill(Number.NaN);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const losses = [...counts].map((count, member) => (sums[member * LEVEL_COUNT + level] as number) / count);
    const known = losses.filter((loss) => !Number.isNaN(loss));
    const mean = known.reduce((total, loss) => total + loss, 0) / known.length;
    for (const [member, loss] of losses.entries()) {
      const beside = mean > 0 ? Math.max(STANDING_MIN, Math.log(loss / mean)) : 0;
      standing[member * LEVEL_COUNT + level] = Number.isNaN(loss) ? Number.NaN : beside;
    }
  }
  return standing;
}

/** Mean over series of what is known. A new series starts from here. */
export function sharedStanding(standings: readonly Standing[]): Standing {
  return Float64Array.from(standings[0] ?? [], (_, place) => {
    let sum = 0;
    let count = 0;
    for (const standing of standings) {
      const value = standing[place] as number;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return sum / count;
  });
}

export interface Evidence {
  readonly own: Standing;
  /** [member] comparisons behind `own`. */
  readonly counts: ArrayLike<number>;
  readonly shared: Standing;
  /** [member] > 0: how much each counts where nothing was compared yet. */
  readonly priors: readonly number[];
}

/**
 * [member x level]; they sum to 1 in each level. Members that never spoke count by their prior, beside those that are as
 * good as the mean. Each level has weights of its own, since who knows the median need not know the tail: with one weight for
 * all levels the losses are 4 % higher, with half an hour and with a day ahead.
 */
export function weighMembers({ own, counts, shared, priors }: Evidence): Float64Array {
  const weights = new Float64Array(own.length);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const logs = priors.map((prior, member) => {
      const place = member * LEVEL_COUNT + level;
      const common = shared[place] as number;
      if (Number.isNaN(common)) return Math.log(prior);
      const count = counts[member] as number;
      const trust = count / (count + COMPARISONS_SHARED);
      return -LOSS_POWER * (count > 0 ? trust * (own[place] as number) + (1 - trust) * common : common);
    });
    const largest = Math.max(...logs);
    const shares = logs.map((log) => Math.exp(log - largest));
    const total = shares.reduce((sum, share) => sum + share, 0);
    for (const [member, share] of shares.entries()) weights[member * LEVEL_COUNT + level] = share / total;
  }
  return weights;
}

/** Weighted mean of rows, level by level, put in order; silent members are left out. NaN where all are silent. */
export function mixRows(weights: Float64Array, rows: readonly ArrayLike<number>[], target: Float64Array): void {
  for (let level = 0; level < LEVEL_COUNT; level++) {
    let total = 0;
    let sum = 0;
    for (let member = 0; member < rows.length; member++) {
      const said = (rows[member] as ArrayLike<number>)[level] as number;
      if (Number.isNaN(said)) continue;
      const weight = weights[member * LEVEL_COUNT + level] as number;
      total += weight;
      sum += weight * said;
    }
    target[level] = total > 0 ? sum / total : Number.NaN;
  }
  putInOrder(target);
}
