// Parts a series into trend, season and rest by local regression.
import { loess } from "./loess.ts";

export interface Decomposition {
  /** [tick] */
  readonly season: Float64Array;
  readonly trend: Float64Array;
}

export interface StlSetting {
  /** Ticks of a season. At least two seasons of values are needed. */
  readonly seasonTicks: number;
  /** Seasons over which the shape may change: the smaller, the faster. Odd. */
  readonly seasonWindow: number;
}

const PASSES = 2;

/**
 * STL: Cleveland, Cleveland, McRae & Terpenning, "STL: a seasonal-trend decomposition procedure based on loess", Journal of
 * Official Statistics 6, 1990, without the robust passes and with the defaults of R's stl for all windows but the season's. `values` without gaps.
 */
export function seasonalTrendLoess(values: Float64Array, setting: StlSetting): Decomposition {
  const { seasonTicks, seasonWindow } = setting;
  const trendWindow = nextOdd((1.5 * seasonTicks) / (1 - 1.5 / seasonWindow));
  const lowWindow = nextOdd(seasonTicks);
  const whole = { first: 0, count: values.length };
  let season: Float64Array = new Float64Array(values.length);
  let trend: Float64Array = new Float64Array(values.length);
  for (let pass = 0; pass < PASSES; pass++) {
    const shape = smoothSubseries(less(values, trend), setting);
    const low = loess(lowPass(shape, seasonTicks), whole, smoothing(lowWindow));
    season = less(shape.subarray(seasonTicks, seasonTicks + values.length), low);
    trend = loess(less(values, season), whole, smoothing(trendWindow));
  }
  return { season, trend };
}

/**
 * [tick] the season as it would have been found when that tick was the last one: each tick of the season smoothed over
 * its past only, which is what `seasonalTrendLoess` does in the last season of all.
 */
export function seasonAsKnown(swings: Float64Array, { seasonTicks, seasonWindow }: StlSetting): Float64Array {
  const season = new Float64Array(swings.length);
  for (let phase = 0; phase < seasonTicks; phase++) {
    const cycles = everySeason(swings, { phase, seasonTicks });
    for (let cycle = 0; cycle < cycles.length; cycle++) {
      const past = cycles.subarray(Math.max(0, cycle + 1 - seasonWindow), cycle + 1);
      const [smooth] = loess(past, { first: past.length - 1, count: 1 }, smoothing(seasonWindow));
      season[phase + cycle * seasonTicks] = smooth ?? Number.NaN;
    }
  }
  return season;
}

function everySeason(
  values: Float64Array,
  { phase, seasonTicks }: { phase: number; seasonTicks: number },
): Float64Array {
  const cycles = new Float64Array(Math.ceil((values.length - phase) / seasonTicks));
  for (let cycle = 0; cycle < cycles.length; cycle++) cycles[cycle] = values[phase + cycle * seasonTicks] as number;
  return cycles;
}

function nextOdd(value: number): number {
  const whole = Math.ceil(value);
  return whole % 2 === 1 ? whole : whole + 1;
}

function smoothing(window: number): { window: number; jump: number } {
  return { window, jump: Math.ceil(window / 10) };
}

function less(left: Float64Array, right: Float64Array): Float64Array {
  const difference = new Float64Array(left.length);
  for (let tick = 0; tick < left.length; tick++) difference[tick] = (left[tick] as number) - (right[tick] as number);
  return difference;
}

/** Each tick of the season over the seasons, smoothed, with one more season in front and one behind. */
function smoothSubseries(values: Float64Array, { seasonTicks, seasonWindow }: StlSetting): Float64Array {
  const shape = new Float64Array(values.length + 2 * seasonTicks);
  for (let phase = 0; phase < seasonTicks; phase++) {
    const cycles = everySeason(values, { phase, seasonTicks });
    const places = { first: -1, count: cycles.length + 2 };
    loess(cycles, places, smoothing(seasonWindow)).forEach((value, cycle) => {
      shape[phase + cycle * seasonTicks] = value;
    });
  }
  return shape;
}

/** Moving means over a season, a season and three ticks: what of the shape is no season. As long as the values again. */
function lowPass(shape: Float64Array, seasonTicks: number): Float64Array {
  return movingMean(movingMean(movingMean(shape, seasonTicks), seasonTicks), 3);
}

function movingMean(values: Float64Array, ticks: number): Float64Array {
  const means = new Float64Array(values.length - ticks + 1);
  let sum = 0;
  for (let tick = 0; tick < values.length; tick++) {
    sum += values[tick] as number;
    if (tick >= ticks) sum -= values[tick - ticks] as number;
    if (tick >= ticks - 1) means[tick - ticks + 1] = sum / ticks;
  }
  return means;
}
