// How long a boot takes, as measured here: late boots are what hurts, so a high quantile counts, not the mean.
import { quantileOf } from "../model/series.ts";
import { type DurationMs, durationMs } from "../model/time.ts";

/** With fewer boots than this the assumed time stands, unless one was seen to take longer. */
const ENOUGH_BOOTS = 20;
const BOOT_LEVEL = 0.95;

/** `measured`: the last boots that came up, in any order. */
export function bootTimeOf(measured: readonly DurationMs[], assumed: DurationMs): DurationMs {
  if (measured.length < ENOUGH_BOOTS) return durationMs(Math.max(assumed, ...measured));
  return durationMs(quantileOf(Float64Array.from(measured), BOOT_LEVEL));
}
