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

/** One hour more, with the mean loss of what was seen of demand in it; an hour of which nothing was seen is left out. */
export function scoreHour(
  sums: ScoreSums,
  seen: { readonly declared: DeclaredHour; readonly reference: DeclaredHour; readonly observed: readonly number[] },
): ScoreSums {
  const { declared, reference, observed } = seen;
  if (observed.length === 0) return sums;
  return {
    hours: sums.hours + 1,
    loss: sums.loss + meanLoss(declared, observed),
    reference: sums.reference + meanLoss(reference, observed),
  };
}

export function meanLoss(declared: DeclaredHour, observed: readonly number[]): number {
  let sum = 0;
  for (const demand of observed) {
    assert(Number.isFinite(demand) && demand >= 0, `demand is a number, got ${demand}`);
    sum += quantileLoss(declared, demand);
  }
  return sum / observed.length;
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
