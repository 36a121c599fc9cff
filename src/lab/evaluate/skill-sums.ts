// What the skill of quantile forecasts is made of, summed over windows: sums of sums are the skill over all of them.
import { pinballLoss, QUANTILE_LEVELS, type QuantileLevel } from "../../model/forecast.ts";

/** Plain data: crosses threads, and adds up. */
export interface SkillSums {
  readonly levels: readonly QuantileLevel[];
  windows: number;
  /** Windows for which the model had nothing to say; they are in no other sum. */
  silent: number;
  /** Sum of what came. */
  demand: number;
  /** [level] 2 x sum of pinball losses. */
  readonly loss: Float64Array;
  /** [level] windows in which demand stayed at or below the quantile. */
  readonly below: Float64Array;
  /** Sum of absolute errors of the median. */
  absoluteError: number;
}

export function noSkill(levels: readonly QuantileLevel[]): SkillSums {
  const perLevel = () => new Float64Array(levels.length);
  return { levels, windows: 0, silent: 0, demand: 0, loss: perLevel(), below: perLevel(), absoluteError: 0 };
}

const MEDIAN = QUANTILE_LEVELS.indexOf(0.5);
/** What rounding alone may lift demand above a quantile. */
const TOLERANCE = 1e-9;

/** One window: `row` = [level of QUANTILE_LEVELS], NaN when the model is silent. `actual` is known. */
export function addWindow(sums: SkillSums, actual: number, row: Float64Array): void {
  if (Number.isNaN(row[0])) {
    sums.silent++;
    return;
  }
  sums.windows++;
  sums.demand += Math.abs(actual);
  sums.absoluteError += Math.abs(actual - (row[MEDIAN] as number));
  for (const [index, level] of sums.levels.entries()) {
    const quantile = row[QUANTILE_LEVELS.indexOf(level)] as number;
    sums.loss[index] = (sums.loss[index] as number) + 2 * pinballLoss(level, actual - quantile);
    if (actual <= quantile + TOLERANCE) sums.below[index] = (sums.below[index] as number) + 1;
  }
}

/** Weighted quantile loss: 2 x sum of pinball losses / sum of demand, mean over the levels; NaN where nothing was asked for. */
export function wqlOf({ loss, demand, levels }: SkillSums): number {
  return demand > 0 ? loss.reduce((sum, each) => sum + each, 0) / levels.length / demand : Number.NaN;
}
