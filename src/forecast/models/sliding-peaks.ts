// The largest value of every window of one length, where each window knows at least half of its ticks.

/**
 * `peaks[t]` = the largest known of the values [t, t + ticks); NaN where more than half of them are NaN. Length =
 * values.length - ticks + 1, empty when the window is longer than the series. Two passes over blocks of the window's
 * length, whatever that is: van Herk, "A fast algorithm for local minimum and maximum filters", Pattern Recognition
 * Letters 13, 1992; Gil & Werman, IEEE PAMI 15, 1993.
 */
export function slidingPeaks(values: Float64Array, ticks: number): Float64Array {
  if (ticks === 1) return values;
  const amounts = values.map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
  const sinceBlock = amounts.slice();
  for (let tick = 1; tick < amounts.length; tick++)
    if (tick % ticks !== 0) sinceBlock[tick] = Math.max(sinceBlock[tick - 1] as number, amounts[tick] as number);
  const untilBlock = amounts.slice();
  for (let tick = amounts.length - 2; tick >= 0; tick--)
    if ((tick + 1) % ticks !== 0) untilBlock[tick] = Math.max(untilBlock[tick + 1] as number, amounts[tick] as number);
  const unknown = unknownBefore(values);
  return new Float64Array(Math.max(0, values.length - ticks + 1)).map((_, tick) => {
    const missing = (unknown[tick + ticks] as number) - (unknown[tick] as number);
    if (2 * missing > ticks) return Number.NaN;
    return Math.max(untilBlock[tick] as number, sinceBlock[tick + ticks - 1] as number);
  });
}

/** [tick] how many values before it are unknown. */
function unknownBefore(values: Float64Array): Int32Array {
  const counts = new Int32Array(values.length + 1);
  for (let tick = 0; tick < values.length; tick++)
    counts[tick + 1] = (counts[tick] as number) + (Number.isNaN(values[tick]) ? 1 : 0);
  return counts;
}
