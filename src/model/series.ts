// A series is one number a tick on a grid; NaN is a gap, and a gap is never a silent zero.
import { assert } from "./result.ts";
import type { TimeGrid } from "./time.ts";

export interface Series {
  readonly grid: TimeGrid;
  /** Length = grid.length, base units of its resource. NaN where no sample is known. */
  readonly values: Float64Array;
}

export function series(grid: TimeGrid, values: Float64Array): Series {
  assert(values.length === grid.length, `a series has one value a tick: ${values.length} for ${grid.length}`);
  return { grid, values };
}

export function emptySeries(grid: TimeGrid): Series {
  return { grid, values: new Float64Array(grid.length).fill(Number.NaN) };
}

export interface Gap {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export function gapsOf(values: Float64Array): Gap[] {
  const gaps: Gap[] = [];
  let from = -1;
  for (let tick = 0; tick <= values.length; tick++) {
    const missing = tick < values.length && Number.isNaN(values[tick]);
    if (missing && from < 0) from = tick;
    if (!missing && from >= 0) {
      gaps.push({ from, to: tick });
      from = -1;
    }
  }
  return gaps;
}

/**
 * Fills gaps of at most `ticksMax` ticks with the value before them. Longer gaps, and a gap at the start, stay.
 * Returns how many ticks were filled.
 */
export function holdThroughShortGaps(values: Float64Array, ticksMax: number): number {
  let filled = 0;
  for (const { from, to } of gapsOf(values)) {
    if (from === 0 || to - from > ticksMax) continue;
    values.fill(values[from - 1] ?? Number.NaN, from, to);
    filled += to - from;
  }
  return filled;
}

/** Empirical quantile of the known values between two ticks, by linear interpolation; NaN when none is known. */
export function quantileOf(values: Float64Array, level: number, range?: Gap): number {
  const known = values.subarray(range?.from ?? 0, range?.to ?? values.length).filter((value) => !Number.isNaN(value));
  return quantileOfSorted(known.sort(), level);
}

/** Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996). `sorted` ascends, without NaN. */
export function quantileOfSorted(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] ?? Number.NaN;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  return lower + (position - below) * (upper - lower);
}

/** Largest known value between two ticks; NaN when none is known. */
export function maximumOf(values: Float64Array, range?: Gap): number {
  let largest = Number.NaN;
  for (let tick = range?.from ?? 0; tick < (range?.to ?? values.length); tick++) {
    const value = values[tick] ?? Number.NaN;
    if (!(value <= largest) && !Number.isNaN(value)) largest = value;
  }
  return largest;
}
