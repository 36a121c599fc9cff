// How well a declared profile told what came: the pinball loss of the two quantiles that a profile declares, against the loss of what
// anybody could have said from the customer's own past. The loss is least, on average, for who tells the truth, whatever the truth is.
// Source: Gneiting and Raftery, Strictly Proper Scoring Rules, Prediction, and Estimation (2007), section 6.1; docs/pricing.md.
import { pinballLoss, type QuantileLevel } from "../model/forecast.ts";
import { assert } from "../model/result.ts";

/** Demand stays below `typical` half of the time, below `peak` 95 % of it. */
export interface DeclaredHour {
  readonly typical: number;
  readonly peak: number;
}

export const DECLARED_LEVELS: Readonly<Record<keyof DeclaredHour, QuantileLevel>> = { typical: 0.5, peak: 0.95 };

/** Of one resource over a window: sums, so that windows can be added. Base units of the resource. */
export interface ScoreSums {
  readonly hours: number;
  readonly loss: number;
  /** What the reference would have lost on the same hours. */
  readonly reference: number;
}

export const NO_SCORE: ScoreSums = { hours: 0, loss: 0, reference: 0 };

export function quantileLoss(declared: DeclaredHour, observed: number): number {
  return (
    pinballLoss(DECLARED_LEVELS.typical, observed - declared.typical) +
    pinballLoss(DECLARED_LEVELS.peak, observed - declared.peak)
  );
}

/** One hour more. `observed`: demand, from what was seen; hours that were not seen are left out. */
export function scoreHour(
  sums: ScoreSums,
  seen: { readonly declared: DeclaredHour; readonly reference: DeclaredHour; readonly observed: number },
): ScoreSums {
  assert(Number.isFinite(seen.observed) && seen.observed >= 0, `demand is a number, got ${seen.observed}`);
  return {
    hours: sums.hours + 1,
    loss: sums.loss + quantileLoss(seen.declared, seen.observed),
    reference: sums.reference + quantileLoss(seen.reference, seen.observed),
  };
}

/**
 * What the declaration spared, in units of `scale`: the mean loss an hour of the reference in the window before. The scale is known
 * before the window begins: to divide by what came in it would reward who guesses which hours will weigh little.
 */
export function skillOf({ hours, loss, reference }: ScoreSums, scale: number): number {
  return hours === 0 || scale <= 0 ? 0 : (reference - loss) / hours / scale;
}

/** Of the resources that were declared, each as much as any other. */
export function meanSkill(skills: readonly number[]): number {
  return skills.length === 0 ? 0 : skills.reduce((sum, each) => sum + each, 0) / skills.length;
}
