// What a fast model looks at: the recent part of what is known, on the model's scale, and its season in ticks.
import type { SeasonChoice } from "../../model/season.ts";
import { DAY_MS, MINUTE_MS, ticksPer } from "../../model/time.ts";
import type { KnownSeries } from "../forecast-model.ts";
import { seasonTicksOf } from "../season-detection.ts";
import { slidingPeaks } from "./sliding-peaks.ts";
import { LINEAR_SCALE, logScaleOf, type ValueScale } from "./value-scale.ts";

export interface RecentHistory {
  readonly known: KnownSeries;
  /** On `scale`, oldest first; the origin is just after the last. NaN where no sample is known. */
  readonly values: Float64Array;
  readonly scale: ValueScale;
  /** Windows that errors are taken from: the last so many. */
  readonly errorTicks: number;
  /** Ticks of a season, and of half an hour and of a day: at least 1 each. */
  readonly season: number;
  readonly halfHour: number;
  readonly day: number;
  /** `peaksOf(ticks)[t]` = the largest of the values [t, t + ticks); see `slidingPeaks`. Worked out once. */
  peaksOf(ticks: number): Float64Array;
}

export interface HistorySetting {
  readonly scale: "linear" | "log";
  readonly season: SeasonChoice;
}

const DAYS = 14;
/** However long a tick is: four months of hours, eight years of days. */
const TICKS_MIN = 3_000;
/** The same for errors, which should be those of late: a month of hours, two years of days. */
const ERROR_TICKS_MIN = 720;

export function recentHistory(known: KnownSeries, setting: HistorySetting): RecentHistory {
  const { stepMs, length } = known.grid;
  const ticks = ticksPer(DAYS * DAY_MS, stepMs);
  const amounts = known.values.subarray(Math.max(0, length - Math.max(ticks, TICKS_MIN)), length);
  const scale = setting.scale === "linear" ? LINEAR_SCALE : logScaleOf(amounts);
  const values = amounts.map((amount) => scale.to(amount));
  const peaks = new Map<number, Float64Array>();
  return {
    known,
    values,
    scale,
    errorTicks: Math.max(ticks, ERROR_TICKS_MIN),
    season: seasonTicksOf(known, setting.season),
    halfHour: ticksPer(30 * MINUTE_MS, stepMs),
    day: ticksPer(DAY_MS, stepMs),
    peaksOf(window) {
      const made = peaks.get(window) ?? slidingPeaks(values, window);
      peaks.set(window, made);
      return made;
    },
  };
}
