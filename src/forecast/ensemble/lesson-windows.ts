// Which windows the members of an ensemble are compared on, and which of them count as alike.
import type { Window } from "../forecast-model.ts";
import { type SeasonTicks, seasonTicks } from "../season-ticks.ts";

/** Leads of far lessons grow by this factor: a day at 5 min takes 13 of them. */
const LEAD_GROWTH = 1.35;

/** Every tick of the next half hour and its peak, ticks ever further ahead, and hourly peaks where an hour has many ticks. */
export function lessonWindows(stepMs: number, horizonTicks: number): readonly Window[] {
  const { halfHour, hour } = seasonTicks(stepMs);
  const windows: Window[] = [];
  for (let from = 0; from < Math.min(halfHour, horizonTicks); from++) windows.push({ from, ticks: 1 });
  if (halfHour > 1 && halfHour <= horizonTicks) windows.push({ from: 0, ticks: halfHour });
  let lead = halfHour;
  while (lead < horizonTicks) {
    windows.push({ from: lead, ticks: 1 });
    const hourStart = hour * Math.floor(lead / hour);
    if (hour > 1 && hourStart + hour <= horizonTicks) windows.push({ from: hourStart, ticks: hour });
    lead = Math.max(lead + 1, Math.round(lead * LEAD_GROWTH));
  }
  return windows;
}

/** Windows of one group share weights and corrections: steps apart from peaks, and near apart from far. */
export function groupOf({ from, ticks }: Window, { halfHour, hour }: SeasonTicks): string {
  const bounds = [halfHour, 2 * hour, 6 * hour, 12 * hour];
  const near = bounds.findIndex((bound) => from < bound);
  return `${ticks === 1 ? "step" : "peak"} ${near < 0 ? bounds.length : near}`;
}
