// How much the members of an ensemble lost of late in one group of windows of one series, level by level.
import { LEVEL_COUNT, pinballLoss, QUANTILE_LEVELS } from "../../model/forecast.ts";

/** Changed in place. What is older counts less: see `forget`. */
export interface MemberLosses {
  /** [member x level] */
  readonly sums: Float64Array;
  /** [member] comparisons behind the sums. */
  readonly counts: Float64Array;
}

export function noLosses(members: number): MemberLosses {
  return { sums: new Float64Array(members * LEVEL_COUNT), counts: new Float64Array(members) };
}

export function copyLosses({ sums, counts }: MemberLosses): MemberLosses {
  return { sums: sums.slice(), counts: counts.slice() };
}

/** Everything seen so far counts `kept` (0..1) of what it did. */
export function forget({ sums, counts }: MemberLosses, kept: number): void {
  for (let place = 0; place < sums.length; place++) sums[place] = (sums[place] as number) * kept;
  for (let member = 0; member < counts.length; member++) counts[member] = (counts[member] as number) * kept;
}

/** What came, and what each member had said of it: [member][level]; silent members are passed over. */
export interface Comparison {
  readonly actual: number;
  readonly said: readonly ArrayLike<number>[];
  /** How much it counts, beside 1 for one of now. */
  readonly weight: number;
}

export function addLosses({ sums, counts }: MemberLosses, { actual, said, weight }: Comparison): void {
  for (const [member, row] of said.entries()) {
    if (Number.isNaN(row[0] as number)) continue;
    counts[member] = (counts[member] as number) + weight;
    for (let level = 0; level < LEVEL_COUNT; level++) {
      const place = member * LEVEL_COUNT + level;
      const loss = pinballLoss(QUANTILE_LEVELS[level] as number, actual - (row[level] as number));
      sums[place] = (sums[place] as number) + weight * loss;
    }
  }
}
