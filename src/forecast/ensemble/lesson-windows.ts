// Which windows the members of an ensemble are compared on, and which of them count as alike.
import type { Window } from "../forecast-model.ts";
import { type SeasonTicks, seasonTicks } from "../season-ticks.ts";

/** Far lessons are at most so many at even distances: one an hour over a day. */
const FAR_LESSONS_MAX = 24;

/**
 * Every tick of the next half hour and its peak; beyond it a tick in every hour, and every hour's peak where an hour has
 * several ticks. With ever fewer windows further out (13 instead of 24) a day ahead lost 1.5 % more (first half of
 * Bitbrains 2013-7).
 */
export function lessonWindows(stepMs: number, horizonTicks: number): readonly Window[] {
  const { halfHour, hour } = seasonTicks(stepMs);
  const windows: Window[] = [];
  for (let from = 0; from < Math.min(halfHour, horizonTicks); from++) windows.push({ from, ticks: 1 });
  if (halfHour > 1 && halfHour <= horizonTicks) windows.push({ from: 0, ticks: halfHour });
  const distance = Math.max(hour, Math.ceil(horizonTicks / FAR_LESSONS_MAX));
  for (let from = halfHour; from < horizonTicks; from += distance) windows.push({ from, ticks: 1 });
  for (let from = 0; hour > 1 && from + hour <= horizonTicks; from += distance) windows.push({ from, ticks: hour });
  return windows;
}

/** Near and far windows are parted here, in hours, after the next half hour. */
const PARTED_AT_HOURS = [2, 6, 12] as const;
const DISTANCES = PARTED_AT_HOURS.length + 2;
/** Groups are numbered from 0. */
export const GROUP_COUNT = 2 * DISTANCES + 1;
/** The ticks of the next half hour. */
export const NEAREST_STEPS = 0;
const PEAK_OF_HALF_HOUR = 2 * DISTANCES;

/**
 * Windows of one group share weights and corrections: steps apart from peaks, and near apart from far. The peak of the
 * half hour has a group of its own: together with that of the first hour it lost 1.5 % more (first half of Bitbrains
 * 2013-7).
 */
export function groupOf({ from, ticks }: Window, { halfHour, hour }: SeasonTicks): number {
  if (ticks > 1 && from + ticks <= halfHour) return PEAK_OF_HALF_HOUR;
  const near = [halfHour, ...PARTED_AT_HOURS.map((hours) => hours * hour)].findIndex((bound) => from < bound);
  return (ticks === 1 ? NEAREST_STEPS : DISTANCES) + (near < 0 ? DISTANCES - 1 : near);
}
