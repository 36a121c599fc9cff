// Many series, each a mixture of the same experts: every expert says all quantile levels, weights follow their losses,
// and a correction on top keeps the coverage right whatever the experts think. Everything on the log scale.
//
// Weights: Bernstein online aggregation (Wintenberger, "Optimal learning with Bernstein online aggregation", Machine
// Learning 106, 2017), one run for each level, on the linearised pinball loss, with slow forgetting.
// Correction: adaptive conformal inference as quantile tracking (Gibbs & Candès, NeurIPS 2021; Angelopoulos, Candès &
// Tibshirani, "Conformal PID control", NeurIPS 2023): a miss lifts the level by step x q, a hit lowers it by step x (1 - q).
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";

/** Weights are not kept: they follow from regrets, variances and ranges, and memory is dearer than a few exponentials. */
export interface Mixture {
  readonly expertCount: number;
  /** [expert] log of what each counts before anything is learned. */
  readonly logPriors: Float64Array;
  /** [series x expert x level] what each expert says about the next tick, NaN = it sleeps. Written by the owner before `mix`. */
  readonly opinions: Float32Array;
  readonly regrets: Float32Array;
  readonly variances: Float32Array;
  /** [series x level] largest regret seen: the range that bounds the learning rate. */
  readonly ranges: Float32Array;
  /** [series x level] the weighted opinion, ascending, before correction. */
  readonly mixed: Float32Array;
  /** [series x level] what calibration adds. */
  readonly corrections: Float32Array;
  /** [expert] of the level in hand. */
  readonly weights: Float64Array;
}

const FORGETTING = 0.9995;
const CORRECTION_STEP = 0.005;
const VARIANCE_AT_START = 1e-6;
const RANGE_AT_START = 1e-3;
/**
 * No tick counts more than this, on the log scale. The largest regret ever seen bounds the learning rate for good:
 * without a limit one burst would slow down all learning after it. Bitbrains 2013-7: WQL of network and storage falls
 * by 1 %.
 */
const REGRET_MAX = 0.5;
/** What is left of the past after `shortenMemory`. */
const MEMORY_KEPT = 0.05;

/** `priors` [expert] > 0, summing to 1. */
export function createMixture(size: { seriesCount: number; priors: readonly number[] }): Mixture {
  const { priors } = size;
  const rows = size.seriesCount * LEVEL_COUNT;
  const cells = rows * priors.length;
  return {
    expertCount: priors.length,
    logPriors: Float64Array.from(priors, Math.log),
    opinions: new Float32Array(cells),
    regrets: new Float32Array(cells),
    variances: new Float32Array(cells).fill(VARIANCE_AT_START),
    ranges: new Float32Array(rows).fill(RANGE_AT_START),
    mixed: new Float32Array(rows),
    corrections: new Float32Array(rows),
    weights: new Float64Array(priors.length),
  };
}

/** Where the opinions of one series begin: expert k at `+ k * LEVEL_COUNT`. */
export function opinionsOffset(mixture: Mixture, series: number): number {
  return series * mixture.expertCount * LEVEL_COUNT;
}

/** Weighs the opinions of one series and writes its corrected quantiles (log scale, ascending, >= 0) to `target`. */
export function mix(mixture: Mixture, series: number, target: Float64Array): void {
  const { expertCount, opinions, weights, mixed, corrections } = mixture;
  const cells = opinionsOffset(mixture, series);
  const row = series * LEVEL_COUNT;
  let below = 0;
  let belowCorrected = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    weigh(mixture, series, level);
    let value = 0;
    for (let cell = cells + level, expert = 0; expert < expertCount; expert++, cell += LEVEL_COUNT)
      value += (weights[expert] as number) * (opinions[cell] as number);
    if (Number.isNaN(value)) value = mixWithoutSleepers(mixture, cells + level);
    if (value < below) value = below;
    mixed[row + level] = value;
    below = mixed[row + level] as number;
    let corrected = below + (corrections[row + level] as number);
    if (corrected < belowCorrected) corrected = belowCorrected;
    belowCorrected = corrected;
    target[level] = corrected;
  }
}

/** [expert] how much each counts at one level of one series, summing to 1. Valid until the next call. */
export function weightsOf(mixture: Mixture, series: number, level: number): Float64Array {
  weigh(mixture, series, level);
  return mixture.weights;
}

function weigh(mixture: Mixture, series: number, level: number): void {
  const { expertCount, logPriors, weights, regrets, variances, ranges } = mixture;
  const first = opinionsOffset(mixture, series) + level;
  const rateMax = 1 / (2 * (ranges[series * LEVEL_COUNT + level] as number));
  const logExperts = Math.log(expertCount);
  let largest = Number.NEGATIVE_INFINITY;
  for (let expert = 0, cell = first; expert < expertCount; expert++, cell += LEVEL_COUNT) {
    const variance = variances[cell] as number;
    const rate = Math.min(rateMax, Math.sqrt(logExperts / variance));
    const exponent = rate * ((regrets[cell] as number) - rate * variance) + (logPriors[expert] as number);
    weights[expert] = exponent;
    if (exponent > largest) largest = exponent;
  }
  let sum = 0;
  for (let expert = 0, cell = first; expert < expertCount; expert++, cell += LEVEL_COUNT) {
    const rate = Math.min(rateMax, Math.sqrt(logExperts / (variances[cell] as number)));
    const weight = rate * Math.exp((weights[expert] as number) - largest);
    weights[expert] = weight;
    sum += weight;
  }
  for (let expert = 0; expert < expertCount; expert++) weights[expert] = (weights[expert] as number) / sum;
}

/**
 * An expert that says NaN sleeps: the others share its weight, and it is taken to say what they say, so that it neither
 * gains nor loses (Freund, Schapire, Singer & Warmuth, "Using and combining predictors that specialize", STOC 1997).
 */
function mixWithoutSleepers({ expertCount, opinions, weights }: Mixture, first: number): number {
  const end = first + expertCount * LEVEL_COUNT;
  let sum = 0;
  let awake = 0;
  for (let expert = 0, cell = first; cell < end; expert++, cell += LEVEL_COUNT) {
    if (Number.isNaN(opinions[cell] as number)) continue;
    sum += (weights[expert] as number) * (opinions[cell] as number);
    awake += weights[expert] as number;
  }
  const said = Math.fround(awake > 0 ? sum / awake : 0);
  for (let cell = first; cell < end; cell += LEVEL_COUNT)
    if (Number.isNaN(opinions[cell] as number)) opinions[cell] = said;
  return said;
}

/** What differs by no more is the same: opinions are kept as floats, and a quantile was granted in base units. */
const SAME = 1e-6;

/** What really came, on the log scale: moves the weights and the correction of one series. Follows a `mix`. */
export function learn(mixture: Mixture, series: number, actual: number): void {
  const row = series * LEVEL_COUNT;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const said = mixture.mixed[row + level] as number;
    const missed = actual > said + (mixture.corrections[row + level] as number) + SAME;
    correct(mixture, { series, level, missed });
    const wanted = QUANTILE_LEVELS[level] as number;
    reweigh(mixture, { series, level, said, gradient: actual > said + SAME ? -wanted : 1 - wanted });
  }
}

/** What came was `least` or more: a quantile no higher than that was missed; a higher one learns nothing. */
export function learnAtLeast(mixture: Mixture, series: number, least: number): void {
  const row = series * LEVEL_COUNT;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const said = mixture.mixed[row + level] as number;
    if (said + (mixture.corrections[row + level] as number) <= least + SAME)
      correct(mixture, { series, level, missed: true });
    if (said <= least + SAME) reweigh(mixture, { series, level, said, gradient: -(QUANTILE_LEVELS[level] as number) });
  }
}

function correct({ corrections }: Mixture, of: { series: number; level: number; missed: boolean }): void {
  const cell = of.series * LEVEL_COUNT + of.level;
  const wanted = 1 - (QUANTILE_LEVELS[of.level] as number);
  corrections[cell] = (corrections[cell] as number) + CORRECTION_STEP * ((of.missed ? 1 : 0) - wanted);
}

/** After a break in the series: who was right lately decides again, within hours, as at the start. */
export function shortenMemory(mixture: Mixture, series: number): void {
  const { expertCount, regrets, variances, ranges } = mixture;
  const first = opinionsOffset(mixture, series);
  for (let cell = first; cell < first + expertCount * LEVEL_COUNT; cell++) {
    regrets[cell] = (regrets[cell] as number) * MEMORY_KEPT;
    variances[cell] = (variances[cell] as number) * MEMORY_KEPT;
  }
  ranges.fill(RANGE_AT_START, series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT);
}

interface Lesson {
  readonly series: number;
  readonly level: number;
  /** The mixture's own opinion, and the slope of the pinball loss there. */
  readonly said: number;
  readonly gradient: number;
}

function reweigh(mixture: Mixture, lesson: Lesson): void {
  const { expertCount, opinions, regrets, variances, ranges } = mixture;
  const { gradient, said } = lesson;
  const first = opinionsOffset(mixture, lesson.series) + lesson.level;
  const end = first + expertCount * LEVEL_COUNT;
  const row = lesson.series * LEVEL_COUNT + lesson.level;
  let range = ranges[row] as number;
  for (let cell = first; cell < end; cell += LEVEL_COUNT) {
    const regret = regretOf(gradient, said - (opinions[cell] as number));
    variances[cell] = (variances[cell] as number) * FORGETTING + regret * regret;
    regrets[cell] = (regrets[cell] as number) * FORGETTING + regret;
    if (Math.abs(regret) > range) range = Math.abs(regret);
  }
  ranges[row] = range;
}

function regretOf(gradient: number, difference: number): number {
  const regret = gradient * difference;
  return regret > REGRET_MAX ? REGRET_MAX : regret < -REGRET_MAX ? -REGRET_MAX : regret;
}
