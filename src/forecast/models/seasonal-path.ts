// Level, damped trend and seasons as they stood after every tick: what a forecast from any origin, past or present, is
// made of.

import type { Window } from "../forecast-model.ts";
import { holtWinters, type Smoothing } from "../holt-winters.ts";
import type { Expectation, ExpectedComponent } from "./peak-model.ts";

export interface SeasonalPath {
  /** [tick] after its sample; NaN where nothing was known yet. */
  readonly levels: Float64Array;
  /** Share of a level that is left after a tick, 0..1; all of it where left out. */
  readonly kept?: number;
  readonly trends: Float64Array;
  /** What is left of the trend after a tick, 0..1. */
  readonly damping: number;
  readonly seasons: readonly SeasonValues[];
  /** What is known of a tick beforehand, past or to come: what events add, or all that a regression says. */
  readonly offset?: TickOffset;
}

export type TickOffset = (tick: number) => number;

export interface SeasonValues {
  /** Of one season. */
  readonly ticks: number;
  /** [tick] the season's share in that tick; NaN where not known yet. */
  readonly values: Float64Array;
}

/** Runs the filter over all values. The errors of the first season and the one after it are no measure of it: NaN. */
export function smoothedPath(values: Float64Array, seasonTicks: number, smoothing: Smoothing): SeasonalPath {
  const filter = holtWinters({ seasonTicks, smoothing });
  const { state } = filter;
  const levels = new Float64Array(values.length).fill(Number.NaN);
  const trends = new Float64Array(values.length);
  const season = new Float64Array(values.length).fill(Number.NaN);
  for (let tick = 0; tick < values.length; tick++) {
    const wasFirst = state.inFirstSeason;
    const { phase } = state;
    filter.observe(values[tick] as number);
    if (state.inFirstSeason) continue;
    if (wasFirst) season.set(state.season, tick + 1 - seasonTicks);
    else season[tick] = state.season[phase] as number;
    levels[tick] = state.level;
    trends[tick] = state.trend;
  }
  const { damping } = smoothing;
  return { levels, trends, damping, seasons: seasonTicks > 1 ? [{ ticks: seasonTicks, values: season }] : [] };
}

/** What the path says of the tick `ahead` ticks after the last one known at an origin; 1 = the next. */
export function pathAhead(path: SeasonalPath, ahead: number): (origin: number) => number {
  const { levels, trends, seasons, offset } = path;
  const kept = (path.kept ?? 1) ** ahead;
  const trendTicks = dampedTicks(path.damping, ahead);
  const places = seasons.map(({ ticks, values }) => ({ values, at: ahead - ticks * Math.ceil(ahead / ticks) }));
  return (origin) => {
    const last = origin - 1;
    let value = (levels[last] ?? Number.NaN) * kept + (trends[last] ?? 0) * trendTicks;
    for (const { values, at } of places) value += values[last + at] ?? Number.NaN;
    return offset === undefined ? value : value + offset(last + ahead);
  };
}

/** d + d^2 + ... + d^ahead */
function dampedTicks(damping: number, ahead: number): number {
  return damping === 1 ? ahead : (damping * (1 - damping ** ahead)) / (1 - damping);
}

/** The peak expected of a window is the peak of the path over it; its past errors tell how much higher peaks really are. */
export function expectPath(path: SeasonalPath): Required<Pick<Expectation, "peak" | "components">> {
  const known: ((origin: number) => number)[] = [];
  const reader = (ahead: number): ((origin: number) => number) => {
    const made = known[ahead] ?? pathAhead(path, ahead);
    known[ahead] = made;
    return made;
  };
  return {
    peak: (origin, { from, ticks }) => {
      let peak = Number.NEGATIVE_INFINITY;
      for (let ahead = from + 1; ahead <= from + ticks; ahead++) peak = Math.max(peak, reader(ahead)(origin));
      return peak;
    },
    components: (window) => componentsOf(path, busiestAhead(path, window)),
  };
}

function busiestAhead(path: SeasonalPath, { from, ticks }: Window): number {
  const origin = path.levels.length;
  let [busiest, most] = [from + 1, Number.NEGATIVE_INFINITY];
  for (let ahead = from + 1; ahead <= from + ticks; ahead++) {
    const value = pathAhead(path, ahead)(origin);
    if (value > most) [busiest, most] = [ahead, value];
  }
  return busiest;
}

/** What `pathAhead` adds up. */
function componentsOf(path: SeasonalPath, ahead: number): ExpectedComponent[] {
  const { levels, trends, seasons, offset, damping, kept = 1 } = path;
  const last = levels.length - 1;
  return [
    { name: "level", role: "level", value: (levels[last] ?? Number.NaN) * kept ** ahead },
    ...(trends.length > 0
      ? [{ name: "trend", role: "level" as const, value: (trends[last] ?? 0) * dampedTicks(damping, ahead) }]
      : []),
    ...seasons.map(({ ticks, values }) => ({
      name: `season of ${ticks} ticks`,
      role: "season" as const,
      value: values[last + ahead - ticks * Math.ceil(ahead / ticks)] ?? Number.NaN,
    })),
    ...(offset === undefined ? [] : [{ name: "events", role: "event" as const, value: offset(last + ahead) }]),
  ];
}
