// Lengths of time over which demand repeats itself, by name.
import { DAY_MS, HOUR_MS, WEEK_MS } from "./time.ts";

export const SEASON_NAMES = ["hour", "day", "week", "year"] as const;
export type SeasonName = (typeof SEASON_NAMES)[number];

export const SEASON_MS: Readonly<Record<SeasonName, number>> = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: WEEK_MS,
  year: 365.25 * DAY_MS,
};

/** The one that the grid suggests (a day, or a week where a tick is a day), the strongest one found, or the one named. */
export const SEASON_CHOICES = ["grid", "detected", ...SEASON_NAMES] as const;
export type SeasonChoice = (typeof SEASON_CHOICES)[number];
