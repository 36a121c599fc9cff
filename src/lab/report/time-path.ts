// Paths of values over time in a stretched drawing: x from 0 to `width` over all values, y in pixels. A gap (NaN)
// breaks the path.
import type { Scale } from "./scale.ts";

export interface TimePlot {
  readonly y: Scale;
  readonly width: number;
  /** The y of the plot's lower edge. */
  readonly floor: number;
}

/** A line through the middle of each tick. */
export function linePath(values: readonly number[], plot: TimePlot): string {
  const { x, y } = placing(values, plot);
  return pathOf(values, (ticks) => {
    const points = ticks.map((tick) => `${x(tick + 0.5)} ${y(values[tick])}`);
    return `M${points.join("L")}${points.length === 1 ? "h.1" : ""}`;
  });
}

/** Steps that hold for the whole of each tick. */
export function stepPath(values: readonly number[], plot: TimePlot): string {
  const { x, y } = placing(values, plot);
  return pathOf(values, (ticks) => {
    const first = ticks[0] ?? 0;
    return `M${x(first)} ${y(values[first])}${ticks.map((tick) => `V${y(values[tick])}H${x(tick + 1)}`).join("")}`;
  });
}

/** The area under `stepPath`. */
export function stepAreaPath(values: readonly number[], plot: TimePlot): string {
  const { x, y } = placing(values, plot);
  return pathOf(values, (ticks) => {
    const steps = ticks.map((tick) => `V${y(values[tick])}H${x(tick + 1)}`);
    return `M${x(ticks[0] ?? 0)} ${plot.floor}${steps.join("")}V${plot.floor}Z`;
  });
}

/** The area between two lines, where both are known. */
export function bandPath(band: { low: readonly number[]; high: readonly number[] }, plot: TimePlot): string {
  const { low, high } = band;
  const { x, y } = placing(low, plot);
  const both = low.map((value, tick) => value + (high[tick] ?? Number.NaN));
  return pathOf(both, (ticks) => {
    const there = ticks.map((tick) => `${x(tick + 0.5)} ${y(high[tick])}`);
    const back = ticks.toReversed().map((tick) => `${x(tick + 0.5)} ${y(low[tick])}`);
    return `M${[...there, ...back].join("L")}Z`;
  });
}

/** One piece of path for each run of known values. */
function pathOf(values: readonly number[], piece: (ticks: readonly number[]) => string): string {
  const runs = runsOf(values).map(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
  return runs.map(piece).join("");
}

function placing(values: readonly number[], plot: TimePlot) {
  return {
    x: (tick: number) => trimmed((tick / values.length) * plot.width),
    y: (value: number | undefined) => trimmed(plot.y(value ?? 0)),
  };
}

/** Ranges of known values, `to` exclusive. */
export function runsOf(values: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let index = 0; index < values.length; index++) {
    if (!Number.isFinite(values[index])) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.to === index) last.to = index + 1;
    else runs.push({ from: index, to: index + 1 });
  }
  return runs;
}

/** At most `columns` values, each the largest known of its share of the ticks, so that peaks stay. */
export function peaks(values: readonly number[], columns: number): number[] {
  if (values.length <= columns) return [...values];
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    return largestOf(values.slice(from, to));
  });
}

/** NaN when none is known. */
export function largestOf(values: readonly number[]): number {
  return values.reduce((largest, value) => (value > largest || Number.isNaN(largest) ? value : largest), Number.NaN);
}

function trimmed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
