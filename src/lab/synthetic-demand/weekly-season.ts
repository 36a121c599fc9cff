// The shape of a week in UTC: working days are 1, Saturday and Sunday are `weekend`.
import { DAY_MS } from "../../model/time.ts";
import { type Ingredient, middleOf } from "./ingredient.ts";

/** 1970-01-01 was a Thursday: day 0 is number 3 of a week that begins on Monday. */
const WEEKDAY_OF_DAY_ZERO = 3;

export function weeklySeason({ weekend }: { weekend: number }): Ingredient {
  return (span) => {
    const weekday = (Math.floor(middleOf(span) / DAY_MS) + WEEKDAY_OF_DAY_ZERO) % 7;
    return weekday < 5 ? 1 : weekend;
  };
}
