// How wrong a forecast may be just now: quantiles of its past errors, each measured in the size that errors had at its
// time.
import { slidingQuantiles } from "./sliding-quantiles.ts";

export interface ScaledErrors {
  /** NaN is no error known: nothing changes. */
  observe(error: number): void;
  /** `quantiles[k]` of the next error at `levels[k]`, in the unit of the errors; 0 before the first one. */
  quantiles(quantiles: Float64Array): void;
}

/**
 * Locally weighted split conformal prediction, run online: Papadopoulos, Gammerman & Vovk, "Normalized nonconformity
 * measures for regression conformal prediction", AIA 2008; Lei et al., "Distribution-free predictive inference for
 * regression", JASA 113, 2018, section 5.2. An error is divided by the size that errors had just before it: their mean
 * absolute value of late plus the usual one, in weights that fall by 1/e in `latelyTicks` and `windowTicks`. Differs
 * from the papers: the sizes come from the errors alone, not from a second model; the errors are signed; their
 * quantiles are of the last `windowTicks` errors and interpolated, without the correction for small samples. An error
 * counts for at most 50 times the size before it, so that the end of a long silence does not blow up the quantiles.
 * `levels` ascend within 0..1.
 */
export function scaledErrors(setting: {
  levels: readonly number[];
  windowTicks: number;
  latelyTicks: number;
}): ScaledErrors {
  const { levels, windowTicks, latelyTicks } = setting;
  const ratios = slidingQuantiles({ capacity: windowTicks, levels });
  let seen = 0;
  let lately = 0;
  let usually = 0;

  const observe = (error: number): void => {
    if (Number.isNaN(error)) return;
    const absolute = Math.abs(error);
    if (seen > 0) ratios.observe(error === 0 ? 0 : clamped(error / (lately + usually)));
    seen = Math.min(seen + 1, windowTicks);
    lately += (absolute - lately) / Math.min(seen, latelyTicks);
    usually += (absolute - usually) / seen;
  };
  const quantiles = (into: Float64Array): void => {
    ratios.quantiles(into);
    for (let index = 0; index < levels.length; index++) into[index] = (into[index] as number) * (lately + usually);
  };
  return { observe, quantiles };
}

const RATIO_MAX = 50;

function clamped(ratio: number): number {
  return Math.min(Math.max(ratio, -RATIO_MAX), RATIO_MAX);
}
