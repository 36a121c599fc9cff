// The shape of a day in UTC: a wave around one busy hour, or a plateau of office hours. Always between 0 and 1.
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import { type Ingredient, middleOf } from "./ingredient.ts";

/** A cosine wave: 1 at `peakHour`, `quiet` twelve hours away. */
export function dailyWave({ peakHour, quiet }: { peakHour: number; quiet: number }): Ingredient {
  return (span) => {
    const angle = 2 * Math.PI * (hourOfDay(middleOf(span)) / 24 - peakHour / 24);
    return quiet + (1 - quiet) * ((1 + Math.cos(angle)) / 2);
  };
}

/** 1 between two hours of the day, 0 outside, rising and falling over one hour. */
export function officeHours({ fromHour, toHour }: { fromHour: number; toHour: number }): Ingredient {
  return (span) => {
    const hour = hourOfDay(middleOf(span));
    return Math.max(Math.min(hour - fromHour + 0.5, toHour - hour + 0.5, 1), 0);
  };
}

function hourOfDay(at: number): number {
  return (at % DAY_MS) / HOUR_MS;
}
