// Instants and durations are milliseconds; a grid maps instants to ticks. Nobody here asks what time it is.
import { assert } from "./result.ts";

declare const clock: unique symbol;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [clock]: "instant" };
export type DurationMs = number & { readonly [clock]: "duration" };

const INSTANT_MS_MAX = 8.64e15;

export function instant(milliseconds: number): Instant {
  const inRange = Number.isFinite(milliseconds) && Math.abs(milliseconds) <= INSTANT_MS_MAX;
  assert(inRange, `an instant is within what a date can hold, got ${milliseconds}`);
  return milliseconds as Instant;
}

export function durationMs(milliseconds: number): DurationMs {
  assert(Number.isFinite(milliseconds) && milliseconds >= 0, `a duration is not negative, got ${milliseconds}`);
  return milliseconds as DurationMs;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;
export const TICK_MS_DEFAULT = 5 * MINUTE_MS;

/** Regular ticks: tick k covers [startMs + k * stepMs, startMs + (k + 1) * stepMs). */
export interface TimeGrid {
  readonly startMs: Instant;
  readonly stepMs: DurationMs;
  readonly length: number;
}

export function timeGrid(grid: { startMs: number; stepMs: number; length: number }): TimeGrid {
  assert(Number.isInteger(grid.stepMs) && grid.stepMs > 0, `a tick lasts whole milliseconds, got ${grid.stepMs}`);
  assert(Number.isInteger(grid.length) && grid.length >= 0, `a grid has whole ticks, got ${grid.length}`);
  return { startMs: instant(grid.startMs), stepMs: durationMs(grid.stepMs), length: grid.length };
}

/** May lie outside [0, length): the caller decides what that means. */
export function tickAt(grid: TimeGrid, at: Instant): number {
  return Math.floor((at - grid.startMs) / grid.stepMs);
}

export function startOfTick(grid: TimeGrid, tick: number): Instant {
  return instant(grid.startMs + tick * grid.stepMs);
}

export function ticksPer(duration: number, stepMs: number): number {
  return Math.max(1, Math.round(duration / stepMs));
}

export function iso(at: Instant): string {
  return new Date(at).toISOString();
}

/** Whether it is an IANA name: "Europe/Berlin". */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
