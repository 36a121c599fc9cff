// The scale on which a model adds errors to what it expects: as it is, or a logarithm on which a doubling of an idle VM
// counts as much as a doubling of a busy one.
import { quantileOf } from "../../model/series.ts";

export interface ValueScale {
  /** From base units, >= 0; NaN stays NaN. */
  to(amount: number): number;
  /** Back to base units, never below 0. */
  from(scaled: number): number;
}

export const LINEAR_SCALE: ValueScale = {
  to: (amount) => amount,
  from: (scaled) => Math.max(0, scaled),
};

/** Part of the median positive amount below which the log scale is straight rather than a logarithm. */
const STRAIGHT_BELOW = 0.1;

/**
 * log(1 + amount / unit), where the unit is a tenth of the median of the positive amounts: a logarithm for what is usual
 * and above, and still 0 for 0. The transform of Bartlett ("The use of transformations", Biometrics 3, 1947) with a unit
 * that makes it independent of what the series is measured in.
 */
export function logScaleOf(values: Float64Array): ValueScale {
  const median = quantileOf(
    values.filter((value) => value > 0),
    0.5,
  );
  const unit = Number.isNaN(median) ? 1 : median * STRAIGHT_BELOW;
  return {
    to: (amount) => Math.log1p(amount / unit),
    from: (scaled) => unit * Math.expm1(Math.max(0, scaled)),
  };
}
