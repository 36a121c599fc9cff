// Forecasts are made on a log scale relative to a series' own recent largest value: 0 is nothing, 1 is that value.
// Bursts of 100 times the usual then cost as much to miss as a doubling of an idle VM does.

const CURVATURE = 20;
/** amount / scale = (e^(LOG_RANGE x value) - 1) / (e^LOG_RANGE - 1). */
export const LOG_RANGE = Math.log1p(CURVATURE);
/** How far above the scale a forecast may go, on the log scale: far more than any series ever grew in a tick. */
const HIGHEST = 4;

/** `amount` >= 0 and `scale` > 0 in the same unit. */
export function toLogScale(amount: number, scale: number): number {
  return Math.log1p((CURVATURE * amount) / scale) / LOG_RANGE;
}

/** The inverse; what is below 0 or absurdly high is clipped. */
export function fromLogScale(value: number, scale: number): number {
  const clipped = value < 0 ? 0 : value > HIGHEST ? HIGHEST : value;
  return (Math.expm1(clipped * LOG_RANGE) / CURVATURE) * scale;
}
