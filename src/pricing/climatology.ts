// What anybody could say of a customer's demand from its own past: for each hour of the week the levels below which demand stayed half
// of the time, and 95 % of it, over the weeks before. The reference that a declared profile has to beat.
import { HOURS_A_WEEK } from "../model/profile.ts";
import { HOUR_MS } from "../model/time.ts";
import { DECLARED_LEVELS, type DeclaredHour } from "./profile-score.ts";

/** Demand by hour, as it was seen: rows with the instant at which the hour began. */
export interface SeenHour {
  readonly from: number;
  readonly demand: number;
}

/** Of an hour of the week, Monday 00:00 UTC first. */
export type Climatology = (hourOfWeek: number) => DeclaredHour;

/** Fewer of an hour of the week than this, and the hours beside it are asked too; without any, all. */
const HOURS_WANTED = 4;
const REACH = 12;

export function climatology(past: readonly SeenHour[]): Climatology {
  const byHour = Array.from({ length: HOURS_A_WEEK }, (): number[] => []);
  for (const { from, demand } of past) byHour[hourOfWeek(from)]?.push(demand);
  const all = byHour.flat();
  return (hour) => {
    const seen: number[] = [];
    for (let reach = 0; reach <= REACH && seen.length < HOURS_WANTED; reach++)
      for (const beside of reach === 0 ? [0] : [-reach, reach])
        seen.push(...(byHour[(hour + beside + HOURS_A_WEEK) % HOURS_A_WEEK] ?? []));
    return levelsOf(seen.length > 0 ? seen : all);
  };
}

/** 1970 began on a Thursday. */
export function hourOfWeek(at: number): number {
  return (Math.floor(at / HOUR_MS) + 72) % HOURS_A_WEEK;
}

function levelsOf(values: readonly number[]): DeclaredHour {
  const sorted = values.toSorted((left, right) => left - right);
  return { typical: levelOf(sorted, DECLARED_LEVELS.typical), peak: levelOf(sorted, DECLARED_LEVELS.peak) };
}

/** The smallest value that at least this share of the others does not exceed; it minimises the pinball loss on them. */
function levelOf(sorted: readonly number[], level: number): number {
  return sorted[Math.max(Math.ceil(level * sorted.length) - 1, 0)] ?? 0;
}
