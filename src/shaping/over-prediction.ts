// Whether forecasts of one series came out too high of late, noticed within a few ticks, so that what was lent for nothing
// goes back sooner.

/** Errors as shares of the larger of forecast and demand, with their sign and without, smoothed. */
export interface ForecastTrack {
  readonly signed: number;
  readonly absolute: number;
}

export const UNTRACKED: ForecastTrack = { signed: 0, absolute: 0 };

const SMOOTHING = 0.25;
/** Errors as small as this are no sign of anything. */
const SMALL_ERROR = 0.02;
/** Good forecasts err to both sides, and chance alone takes the signal this far. */
const CHANCE = 0.5;

/**
 * `likely` is the median that was forecast, `demand` what came: no sample (NaN), or one that was held back at its
 * allocation and so says nothing against the forecast, leaves the track as it is.
 */
export function trackForecast(
  track: ForecastTrack,
  { likely, demand, heldBack }: { readonly likely: number; readonly demand: number; readonly heldBack: boolean },
): ForecastTrack {
  if (heldBack || Number.isNaN(likely) || Number.isNaN(demand)) return track;
  const larger = Math.max(likely, demand);
  const error = larger > 0 ? (likely - demand) / larger : 0;
  return {
    signed: track.signed + SMOOTHING * (error - track.signed),
    absolute: track.absolute + SMOOTHING * (Math.abs(error) - track.absolute),
  };
}

/** 0: no more than chance; 1: all errors of late were too high. Trigg's tracking signal (1964), less chance. */
export function overPredictionOf({ signed, absolute }: ForecastTrack): number {
  const signal = signed / (absolute + SMALL_ERROR);
  return Math.max((signal - CHANCE) / (1 - CHANCE), 0);
}
