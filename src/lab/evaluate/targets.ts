// What is scored: windows after an origin, for each horizon. A step is a window of one tick, a peak a longer one.
import type { Window } from "../../forecast/forecast-model.ts";
import type { Horizon } from "../../model/skill-report.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time.ts";

export interface Target {
  readonly name: string;
  readonly title: string;
  readonly windows: readonly Window[];
}

interface TargetKind {
  readonly name: string;
  readonly title: string;
  readonly horizon: Horizon;
  readonly spanMs: number;
  /** Length of a window; a step where it is left out. */
  readonly windowMs?: number;
}

const KINDS: readonly TargetKind[] = [
  { name: "30m", title: "next 30 min, step by step", horizon: "30m", spanMs: 30 * MINUTE_MS },
  {
    name: "30m-peak",
    title: "peak of the next 30 min",
    horizon: "30m",
    spanMs: 30 * MINUTE_MS,
    windowMs: 30 * MINUTE_MS,
  },
  { name: "24h", title: "next 24 h, step by step", horizon: "24h", spanMs: DAY_MS },
  { name: "24h-peaks", title: "hourly peaks of the next 24 h", horizon: "24h", spanMs: DAY_MS, windowMs: HOUR_MS },
  { name: "30d", title: "daily peaks of the next 30 days", horizon: "30d", spanMs: 30 * DAY_MS, windowMs: DAY_MS },
];

/** Those that a grid can tell: whole ticks, and no peaks over windows of a single tick beside the steps themselves. */
export function targetsOf(stepMs: number, horizons: readonly Horizon[]): Target[] {
  return KINDS.flatMap(({ name, title, horizon, spanMs, windowMs = stepMs }) => {
    const isStepsAgain = name.endsWith("-peaks") && windowMs === stepMs;
    const fits = windowMs % stepMs === 0 && spanMs % windowMs === 0 && stepMs <= spanMs;
    if (!horizons.includes(horizon) || !fits || isStepsAgain) return [];
    const ticks = windowMs / stepMs;
    const windows = Array.from({ length: spanMs / windowMs }, (_, index) => ({ from: index * ticks, ticks }));
    return windows.length > 0 ? [{ name, title, windows }] : [];
  });
}

/** Ticks after an origin that all targets together look at. */
export function ticksOf(targets: readonly Target[]): number {
  return Math.max(0, ...targets.flatMap(({ windows }) => windows.map(({ from, ticks }) => from + ticks)));
}
