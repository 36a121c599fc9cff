// What a fitted Prophet has lately got wrong tells what it will get wrong next: errors come back with their season, and
// fade slowly. What is left after that are the errors that quantiles are made of.

export interface CarrySetting {
  /** Seasons in ticks, the longest first. */
  readonly periods: readonly number[];
  /** Share of what is remembered of a season that its next turn keeps, 0..1. */
  readonly seasonKeep: number;
  /** Share of the level of the last errors that the next tick keeps, 0..1. */
  readonly levelKeep: number;
}

export interface ErrorHistory {
  /** [history] what the fit left; NaN where no value is known. */
  readonly residuals: Float64Array;
  /** [history] 1 where an error is not to be remembered for its season, since an event was on, say. */
  readonly odd: Uint8Array;
}

export interface Carry {
  /** [history] what the season's memory could not tell; NaN where no value is known. */
  readonly errors: Float64Array;
  /** [history + 1] smoothed level of the errors just before each tick. */
  readonly levels: Float64Array;
  /** How much of the level just before is expected `ahead` ticks later, 0 = at once. */
  fading(ahead: number): number;
  /** [ticks] what the season's memory adds to each tick ahead. */
  seasonal(ticks: number): Float64Array;
}

/**
 * Regression with seasonal autoregressive errors (Hyndman & Athanasopoulos, Forecasting: principles and practice, 3rd
 * ed., chapters 9 and 10), found after the regression: for each season the errors at the same phase of past turns,
 * exponentially weighted, explain a share of the error now.
 */
export function carryResiduals(history: ErrorHistory, setting: CarrySetting): Carry {
  const { residuals, odd } = history;
  const { periods, seasonKeep, levelKeep } = setting;
  let errors = residuals;
  const seasons: { memory: SeasonMemory; weight: number }[] = [];
  for (const period of periods) {
    const memory = remember({ errors, odd, period, keep: seasonKeep });
    const weight = Math.min(slope({ errors, known: memory.recalled, lag: 0 }), 1);
    errors = errors.map((error, tick) => error - weight * (memory.recalled[tick] as number));
    seasons.push({ memory, weight });
  }
  const seasonal = (ticks: number): Float64Array =>
    Float64Array.from({ length: ticks }, (_, tick) =>
      seasons.reduce((sum, { memory, weight }) => sum + weight * memory.at(residuals.length + tick), 0),
    );
  const levels = smoothed(errors, levelKeep);
  return { errors, levels, fading: fadingOf(errors, levels), seasonal };
}

interface SeasonMemory {
  /** [history] what was remembered of each tick's phase just before it. */
  readonly recalled: Float64Array;
  at(tick: number): number;
}

function remember(given: { errors: Float64Array; odd: Uint8Array; period: number; keep: number }): SeasonMemory {
  const { errors, odd, period, keep } = given;
  const sums = new Float64Array(period);
  const weights = new Float64Array(period);
  const at = (tick: number): number => {
    const weight = weights[tick % period] as number;
    return weight > 0 ? (sums[tick % period] as number) / weight : 0;
  };
  const recalled = new Float64Array(errors.length);
  for (let tick = 0; tick < errors.length; tick++) {
    recalled[tick] = at(tick);
    const error = errors[tick] as number;
    if (Number.isNaN(error) || odd[tick] === 1) continue;
    const phase = tick % period;
    sums[phase] = (sums[phase] as number) * keep + error;
    weights[phase] = (weights[phase] as number) * keep + 1;
  }
  return { recalled, at };
}

/** A gap keeps the level. */
function smoothed(errors: Float64Array, keep: number): Float64Array {
  const levels = new Float64Array(errors.length + 1);
  for (let tick = 0; tick < errors.length; tick++) {
    const error = errors[tick] as number;
    const before = levels[tick] as number;
    levels[tick + 1] = Number.isNaN(error) ? before : before * keep + error * (1 - keep);
  }
  return levels;
}

/** Lags at which fading is measured; between them it is interpolated. */
const LAGS = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
/** A lag is measured where the history is this many times as long. */
const HISTORY_PER_LAG = 4;

/** Direct multi-step regression on the level; a longer lag never carries more. Beyond the last lag it falls as 1 / ahead. */
function fadingOf(errors: Float64Array, levels: Float64Array): Carry["fading"] {
  let least = 1;
  const slopes = LAGS.filter((lag) => lag * HISTORY_PER_LAG <= errors.length).map((lag) => {
    least = Math.min(least, slope({ errors, known: levels, lag }));
    return least;
  });
  return (ahead) => {
    const after = LAGS.findIndex((lag) => lag > ahead);
    const before = (after < 0 ? LAGS.length : after) - 1;
    const [from, to] = [LAGS[before] as number, LAGS[after] as number];
    if (after < 0 || after >= slopes.length) {
      const last = LAGS[slopes.length - 1] as number;
      return ((slopes[slopes.length - 1] as number) * last) / Math.max(ahead, last);
    }
    const share = (ahead - from) / (to - from);
    return (slopes[before] as number) * (1 - share) + (slopes[after] as number) * share;
  };
}

/** Least squares of the errors on what was known `lag` ticks before, not below 0: an alternating error is noise. */
function slope({ errors, known, lag }: { errors: Float64Array; known: Float64Array; lag: number }): number {
  let [products, squares] = [0, 0];
  for (let tick = lag; tick < errors.length; tick++) {
    const [error, before] = [errors[tick] as number, known[tick - lag] as number];
    if (Number.isNaN(error)) continue;
    products += error * before;
    squares += before * before;
  }
  return squares > 0 ? Math.max(products / squares, 0) : 0;
}
