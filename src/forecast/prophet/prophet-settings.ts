// What can be chosen about Prophet, and what is chosen when nothing is said.
import { HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import type { TrendSetting } from "./build-design.ts";
import { type CalendarSetting, PROPHET_CALENDAR } from "./calendar-seasons.ts";
import { EVENT_SETTING, type EventSetting } from "./event-terms.ts";
import type { PosteriorOptimizer } from "./stan-data.ts";
import type { Season } from "./terms.ts";

export interface ProphetSettings {
  /** `auto`: Prophet's own, linear where the history covers a year; before that growth cannot be told from a season. */
  readonly trend: "auto" | TrendSetting;
  /** Those of the calendar that the history can show, or exactly these. */
  readonly seasons: CalendarSetting | readonly Season[];
  readonly events: EventSetting;
  readonly values: "log" | "plain";
  /** Shorter ticks are fitted as means over this. */
  readonly fitStepMs: number;
  /**
   * `residuals`: the errors of the past in whole stretches, and what they tell of those to come. `normal`: independent
   * normal noise of the fitted size, as Prophet has it.
   */
  readonly noise: "residuals" | "normal";
  readonly seasonKeep: number;
  readonly levelKeep: number;
  /** Error stretches begin within this of the origin's time of day. */
  readonly aroundMs: number;
  readonly paths: number;
  readonly seed: number;
  /** Asked where the exact optimizer does not know the model. */
  readonly optimizer: PosteriorOptimizer | undefined;
}

/**
 * Chosen on the first half of a month of 40 VMs x 4 resources (WQL over 30 min, their peak and 24 h). Fourier terms of
 * 12 pairs a day because demand has edges that 4 round off; three turns of a season because a week seen twice is half
 * noise.
 */
export const PROPHET_SETTINGS: ProphetSettings = {
  trend: "auto",
  seasons: { ...PROPHET_CALENDAR, orders: { yearly: 10, weekly: 3, daily: 12 }, turnsLeast: 3 },
  events: EVENT_SETTING,
  values: "log",
  fitStepMs: 30 * MINUTE_MS,
  noise: "residuals",
  seasonKeep: 0.5,
  levelKeep: 0.7,
  aroundMs: 4 * HOUR_MS,
  paths: 400,
  seed: 1,
  optimizer: undefined,
};
