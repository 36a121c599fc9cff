// Work that starts by the clock, at an exact minute: backups, reports, log rotation. Where a tick is longer than the work,
// the tick sees its mean.
import { MINUTE_MS } from "../../model/time.ts";
import { type Ingredient, overlapShare } from "./ingredient.ts";

export interface CronSchedule {
  /** 1,440 for once a day (minutes count from midnight UTC), 60 for once an hour. */
  readonly everyMinutes: number;
  /** Whole minute within that period. */
  readonly atMinute: number;
  /** How long it lasts; less than the period. */
  readonly minutes: number;
  readonly height: number;
}

export function cronSpikes({ everyMinutes, atMinute, minutes, height }: CronSchedule): Ingredient {
  const periodMs = everyMinutes * MINUTE_MS;
  return (span) => {
    let share = 0;
    for (let period = Math.floor(span.from / periodMs) - 1; period * periodMs < span.to; period++) {
      const from = period * periodMs + atMinute * MINUTE_MS;
      share += overlapShare(span, { from, to: from + minutes * MINUTE_MS });
    }
    return height * share;
  };
}
