// The next 24 h of one series, tick by tick: what this time of day asked for on the last days, carried to today's height.
// Near the origin the next-tick forecast counts, an hour later hardly any more. A first version: it knows no events.
import { LEVEL_COUNT } from "../model/forecast.ts";
import type { DemandEngine } from "./demand-engine.ts";
import { fillQuantiles } from "./fill-quantiles.ts";
import { fromLogScale, toLogScale } from "./log-scale.ts";
import { valueBefore } from "./season-ticks.ts";

export interface DayAheadQuestion {
  /** Has seen everything before the origin. */
  readonly engine: DemandEngine;
  readonly series: number;
  /** [series x level] that `advance` gave for the next tick. */
  readonly nextTick: Float64Array;
}

/** The next tick's forecast loses half of its say in this many hours, and so does the height of the last hour. */
const NEXT_TICK_HALF_LIFE_HOURS = 0.25;
const HEIGHT_HALF_LIFE_HOURS = 3;

/** [tick x level], one day of ticks, base units, ascending in each tick; NaN when the series was never seen. */
export function forecastDayAhead({ engine, series, nextTick }: DayAheadQuestion): Float64Array {
  const { season } = engine;
  const path = new Float64Array(season.day * LEVEL_COUNT).fill(Number.NaN);
  const samples = engine.samples[series] ?? 0;
  if (samples === 0) return path;
  const scale = engine.scales[series] ?? 1;
  const height = heightOfToday(engine, { series, scale, samples });
  const row = { values: new Float64Array(LEVEL_COUNT), at: 0 };
  for (let ahead = 0; ahead < season.day; ahead++) {
    sameTimeQuantiles(engine, { series, ahead, samples }, row);
    const hours = ahead / season.hour;
    const near = 0.5 ** (hours / NEXT_TICK_HALF_LIFE_HOURS);
    const shift = height * 0.5 ** (hours / HEIGHT_HALF_LIFE_HOURS);
    let below = 0;
    for (let level = 0; level < LEVEL_COUNT; level++) {
      const usual = Math.max(toLogScale(row.values[level] ?? 0, scale) + shift, 0);
      const next = toLogScale(nextTick[series * LEVEL_COUNT + level] ?? 0, scale);
      below = Math.max(below, near * next + (1 - near) * usual);
      path[ahead * LEVEL_COUNT + level] = fromLogScale(below, scale);
    }
  }
  return path;
}

interface Known {
  readonly series: number;
  readonly scale: number;
  readonly samples: number;
}

/** How much higher the last hour was than the same hour on the days before, log scale; 0 without a day to compare. */
function heightOfToday(engine: DemandEngine, { series, scale, samples }: Known): number {
  const { season } = engine;
  const days = Math.min(6, Math.floor((samples - season.hour) / season.day));
  if (days < 1) return 0;
  const moment = { ...engine, series, next: engine.tick, samples, scale };
  let difference = 0;
  for (let back = 1; back <= season.hour; back++) {
    let usual = 0;
    for (let day = 1; day <= days; day++)
      usual += toLogScale(valueBefore(moment, back + day * season.day), scale) / days;
    difference += (toLogScale(valueBefore(moment, back), scale) - usual) / season.hour;
  }
  return difference;
}

/** Quantiles within half an hour of the tick `ahead` of the origin, on the last 7 days; of all that is known before a day is full. */
function sameTimeQuantiles(
  engine: DemandEngine,
  { series, ahead, samples }: { series: number; ahead: number; samples: number },
  target: { values: Float64Array; at: number },
): void {
  const { season } = engine;
  const known = Math.min(samples, season.week);
  const moment = { ...engine, series, next: engine.tick, samples, scale: 1 };
  const backs: number[] = [];
  for (let day = 1; day <= 7; day++)
    for (let near = -season.halfHour; near <= season.halfHour; near++) backs.push(day * season.day - ahead + near);
  const usable = backs.filter((back) => back >= 1 && back <= known);
  const all = Array.from({ length: Math.min(known, season.day) }, (_, index) => index + 1);
  const scratch = Float32Array.from(usable.length > 0 ? usable : all, (back) => valueBefore(moment, back));
  fillQuantiles(scratch, scratch.length, target);
}
