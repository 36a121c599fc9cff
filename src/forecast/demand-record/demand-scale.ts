// The unit of the log scale: the largest demand of the last 7 days, as far as it is no one-off. A unit set by a single
// spike of a thousand times the usual would leave the usual without resolution for a week.

export interface DemandPeaks {
  readonly largest: number;
  /** What the unit of the log scale is made of: above `largest` never, below it after a one-off. */
  readonly usual: number;
}

/** A largest demand that passes so many times what three hours of the week reached is a one-off. */
const ONE_OFF_FROM = 10;

/**
 * Of hourly peaks, at least 0. A spike of one to three ticks lies in two hours at most, so the third largest peak knows
 * nothing of it; what comes back on three days of the week does count. Under `hoursSeen` of 16 and 8 it is the second
 * largest and the largest: a young series has few hours to compare. Never below `floor`.
 */
export function peaksOf(
  hourlyPeaks: Float32Array,
  { hoursSeen, floor }: { readonly hoursSeen: number; readonly floor: number },
): DemandPeaks {
  let [first, second, third] = [0, 0, 0];
  for (let hour = 0; hour < hourlyPeaks.length; hour++) {
    const peak = hourlyPeaks[hour] as number;
    if (peak <= third) continue;
    if (peak > first) [third, second, first] = [second, first, peak];
    else if (peak > second) [third, second] = [second, peak];
    else third = peak;
  }
  const common = hoursSeen < 8 ? first : hoursSeen < 16 ? second : third;
  const largest = Math.max(first, floor);
  return { largest, usual: Math.min(largest, ONE_OFF_FROM * Math.max(common, floor)) };
}
