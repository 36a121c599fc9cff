// The largest demand of every hour of the last 7 days, counted back from a moment: hour 0 ends just before it.
import { copyDemand } from "./demand-history.ts";
import type { Moment, SeasonTicks } from "./season-ticks.ts";

/** Whole hours that the history holds: 168 of them where the ticks fit into an hour. */
export function hoursKept({ week, hour }: SeasonTicks): number {
  return Math.floor(week / hour);
}

let scratch = new Float32Array(2_016);

/** Fills `peaks` [hour], base units, from the latest on, as far as it reaches. */
export function copyHourlyPeaks(
  { series, next, season, history }: Pick<Moment, "series" | "next" | "season" | "history">,
  peaks: Float32Array,
): void {
  const { hour } = season;
  const hours = Math.min(peaks.length, hoursKept(season));
  const count = hours * hour;
  if (scratch.length < count) scratch = new Float32Array(count);
  copyDemand(history, { series, end: next, count }, { values: scratch, at: 0 });
  for (let back = 0, end = count; back < hours; back++, end -= hour) {
    let peak = scratch[end - 1] as number;
    for (let tick = end - hour; tick < end - 1; tick++) {
      const value = scratch[tick] as number;
      if (value > peak) peak = value;
    }
    peaks[back] = peak;
  }
}
