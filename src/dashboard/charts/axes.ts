// The two axes of every chart: y from zero with two to six round labels, x on round local hours with the date once a day.
import { HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { clockTime, dayName } from "../units.ts";

const NICE_TOPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const NICE_STEPS = [1, 2, 2.5, 3, 4, 5];
const STEP_HOURS = [0.25, 0.5, 1, 2, 3, 6, 12, 24];

/** The round number at the top of an axis that holds `peak`. */
export function niceTop(peak: number): number {
  if (!(peak > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(peak));
  return (NICE_TOPS.find((top) => top * power >= peak * (1 - 1e-9)) ?? 10) * power;
}

/** Labelled values from 0 to `top`, as evenly as round numbers allow; `few` for small charts. */
export function yLabels(top: number, few: boolean): readonly number[] {
  const parts = few ? [2, 3] : [4, 5, 3, 6, 2];
  const count = parts.find((each) => isNiceStep(top / each)) ?? parts[0] ?? 4;
  return Array.from({ length: count + 1 }, (_, index) => (top / count) * index);
}

function isNiceStep(step: number): boolean {
  const leading = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
  return NICE_STEPS.some((nice) => Math.abs(nice - leading) < 1e-6);
}

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** Instants on round hours of the viewer's clock, at most `countMax`, right also on days of 23 or 25 hours. */
export function timeLabels({ from, to }: TimeSpan, countMax: number): readonly number[] {
  const hours = STEP_HOURS.find((each) => (to - from) / (each * HOUR_MS) <= countMax) ?? 24;
  const first = new Date(from);
  first.setHours(0, 0, 0, 0);
  const labels: number[] = [];
  for (let step = 0; ; step++) {
    const each = new Date(first);
    each.setMinutes(step * hours * (HOUR_MS / MINUTE_MS));
    if (each.getTime() > to) return labels;
    if (each.getTime() >= from) labels.push(each.getTime());
  }
}

/** The clock, and under midnight or the first label the day. */
export function timeLabelText(at: number, isFirst: boolean): string {
  const clock = clockTime(at);
  return clock === "00:00" || isFirst ? `${clock}\n${dayName(at)}` : clock;
}
