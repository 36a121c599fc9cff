// Whether a challenger beat its opponent: by how much, and whether other series might have said otherwise.
import { assert } from "../model/result.ts";
import type { SeededRandom } from "../model/seeded-random.ts";

/** Of one series; positive. */
export interface PairedLoss {
  readonly challenger: number;
  readonly opponent: number;
}

export interface Verdict {
  /** Sum of the challenger's losses / sum of the opponent's. Below 1 the challenger is better. */
  readonly ratio: number;
  /** Its 5 % and 95 % quantiles over resampled series. */
  readonly ratioLow: number;
  readonly ratioHigh: number;
  readonly isBetter: boolean;
}

const RESAMPLES = 2_000;
const TAIL = 0.05;

/**
 * Better: lower by the margin, and lower still where the draw of series was unlucky. Paired bootstrap over series, percentile
 * interval (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3).
 */
export function judge(
  pairs: readonly PairedLoss[],
  given: { readonly margin: number; readonly random: SeededRandom },
): Verdict {
  assert(pairs.length > 0, "a contest has series");
  const ratio = ratioOf(pairs);
  const ratios = Float64Array.from({ length: RESAMPLES }, () =>
    ratioOf(pairs.map(() => pairs[given.random.below(pairs.length)] as PairedLoss)),
  ).sort();
  const ratioLow = ratios[Math.floor(TAIL * RESAMPLES)] as number;
  const ratioHigh = ratios[Math.ceil((1 - TAIL) * RESAMPLES) - 1] as number;
  return { ratio, ratioLow, ratioHigh, isBetter: ratio <= 1 - given.margin && ratioHigh < 1 };
}

/** Beyond this, how much worse says nothing more. */
const RATIO_MAX = 1_000;

/** Two that never miss are alike. */
function ratioOf(pairs: readonly PairedLoss[]): number {
  let challenger = 0;
  let opponent = 0;
  for (const pair of pairs) {
    challenger += pair.challenger;
    opponent += pair.opponent;
  }
  return challenger === opponent ? 1 : Math.min(RATIO_MAX, challenger / opponent);
}
