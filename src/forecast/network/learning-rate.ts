// The learning rate over a run: up to a peak, then down to almost nothing; momentum the other way round.

export interface LearningRate {
  readonly rate: number;
  /** Adam's beta1. */
  readonly momentum: number;
}

const RISING_SHARE = 0.3;
const FIRST_RATE_SHARE = 1 / 25;
const LAST_RATE_SHARE = 1 / 250_000;
const MOMENTUM_MAX = 0.95;
const MOMENTUM_MIN = 0.85;

/**
 * One cycle with cosine legs (Smith & Topin, "Super-convergence", 2018), with the proportions of PyTorch's OneCycleLR.
 * `step` counts from 0 to steps - 1.
 */
export function oneCycle({
  step,
  steps,
  peak,
}: {
  readonly step: number;
  readonly steps: number;
  readonly peak: number;
}): LearningRate {
  const turn = Math.max(1, RISING_SHARE * steps - 1);
  const rising = step <= turn;
  const done = rising ? step / turn : Math.min(1, (step - turn) / Math.max(1, steps - 1 - turn));
  const leg = (from: number, to: number) => to + ((from - to) * (1 + Math.cos(Math.PI * done))) / 2;
  return rising
    ? { rate: leg(peak * FIRST_RATE_SHARE, peak), momentum: leg(MOMENTUM_MAX, MOMENTUM_MIN) }
    : { rate: leg(peak, peak * LAST_RATE_SHARE), momentum: leg(MOMENTUM_MIN, MOMENTUM_MAX) };
}
