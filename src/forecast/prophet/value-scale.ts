// The scale on which a series is modelled, there and back.

export interface ValueScale {
  to(amount: number): number;
  /** >= 0 and not absurdly far beyond all that was ever seen, whatever comes in. */
  from(value: number): number;
}

const BEYOND_LARGEST = 100;

/** Amounts far below the mean count as they are, those far above by their logarithm. */
const UNITS_IN_MEAN = 4;

/**
 * Amounts as they are, or log1p of amounts in units of a quarter of the series' mean. The log is right for demand: what
 * moves it multiplies (a campaign adds 40 %, not 3 cores), busy hours vary more than quiet ones, bursts of 100 times the
 * usual do not drown all else, and no quantile falls below 0. Idle VMs, near 0, are not blown up as a plain log would.
 */
export function valueScale(kind: "log" | "plain", amounts: Float64Array): ValueScale {
  const known = amounts.filter((amount) => !Number.isNaN(amount));
  const largest = known.reduce((most, amount) => Math.max(most, amount), 0);
  const within = (amount: number): number => Math.min(Math.max(amount, 0), largest * BEYOND_LARGEST);
  if (kind === "plain") return { to: (amount) => amount, from: within };
  const mean = known.reduce((sum, amount) => sum + amount, 0) / known.length;
  const unit = mean > 0 ? mean / UNITS_IN_MEAN : 1;
  return { to: (amount) => Math.log1p(amount / unit), from: (value) => within(Math.expm1(value) * unit) };
}
