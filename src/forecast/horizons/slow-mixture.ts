// Experts whose truth comes late and seldom: weights follow their decayed losses, and a correction on top keeps the coverage
// right whatever the experts think. Everything on the log scale. A dozen numbers for each expert that the mixture of the
// next tick keeps are too many here, and 40 lessons a day too few to fill them.
//
// Weights: prior x loss ^ -POWER in three groups of levels, the pinball losses divided by sqrt(q (1 - q)), so that every
// level counts alike. It is the exponential weighting of Vovk's aggregating algorithm on the logarithm of the loss, as the
// ensemble of models does it.
// Correction: quantile tracking as in the mixture of the next tick, with steps in proportion to how far the
// experts' levels lie apart in the long run (Angelopoulos, Candès & Tibshirani, "Conformal PID control", NeurIPS 2023, section
// 2.1, scale them by recent scores: steps that follow outcomes closely weigh hits and misses differently and leave a bias).
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";

export interface SlowMixture {
  /** [expert] log of what each counts before anything is learned. */
  readonly logPriors: readonly number[];
  /** [row x expert x group] sums of losses, decayed. */
  readonly losses: Float32Array;
  /** [row] lessons that they are of, decayed alike. */
  readonly lessons: Float32Array;
  /** [row] how far the levels lie apart in what the experts say together, decayed. */
  readonly spreads: Float32Array;
  /** [row x level] what calibration adds. */
  readonly corrections: Float32Array;
  readonly halfLifeLessons: number;
  /** How far a miss or a hit moves the correction, as a part of how far the experts think the levels lie apart. */
  readonly step: number;
}

/** Of each level: below the upper quarter, up to 0.95, beyond. */
const GROUP_OF: readonly number[] = QUANTILE_LEVELS.map((level) => (level <= 0.5 ? 0 : level <= 0.95 ? 1 : 2));
const GROUPS = 3;
const POWER = 10;
/** Everybody starts with so many lessons of the mean loss of all. */
const LESSONS_AT_START = 2;
/** Losses are told apart down to this. */
const LOSS_MIN = 1e-5;
const [SPREAD_FROM, SPREAD_TO] = [levelIndex(0.25), levelIndex(0.95)];
const SPREAD_AT_START = 0.2;
const SPREAD_MIN = 0.04;
const SPREAD_SHARE = 0.01;
const LOWERED_MAX = 2;
/** Two numbers that differ by no more are the same: they were kept as floats. */
const SAME = 1e-6;
const LOSS_UNITS = QUANTILE_LEVELS.map((level) => Math.sqrt(level * (1 - level)));

/** `priors` [expert] > 0, summing to 1. */
export function createSlowMixture(size: {
  readonly rows: number;
  readonly priors: readonly number[];
  readonly halfLifeLessons: number;
  readonly step: number;
}): SlowMixture {
  const { rows, priors, halfLifeLessons, step } = size;
  return {
    logPriors: priors.map(Math.log),
    losses: new Float32Array(rows * priors.length * GROUPS),
    lessons: new Float32Array(rows),
    spreads: new Float32Array(rows).fill(SPREAD_AT_START),
    corrections: new Float32Array(rows * LEVEL_COUNT),
    halfLifeLessons,
    step,
  };
}

/** [expert x level] on the log scale; a row that begins with NaN sleeps. At least one is awake. */
export type Opinions = Float32Array | Float64Array;

/** Writes the weighted opinion before correction: ascending, >= 0. */
export function mixSlowly(mixture: SlowMixture, row: number, opinions: Opinions, said: Float64Array): void {
  const experts = mixture.logPriors.length;
  weighAll(mixture, row, opinions);
  let below = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const group = GROUP_OF[level] as number;
    let value = 0;
    for (let expert = 0; expert < experts; expert++) {
      const weight = weights[expert * GROUPS + group] as number;
      if (weight > 0) value += weight * (opinions[expert * LEVEL_COUNT + level] as number);
    }
    if (value > below) below = value;
    said[level] = below;
  }
}

/** Writes what was said as calibration puts it: ascending, >= 0. */
export function correctSlowly(mixture: SlowMixture, row: number, said: Float64Array, target: Float64Array): void {
  let below = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const value = (said[level] as number) + (mixture.corrections[row * LEVEL_COUNT + level] as number);
    if (value > below) below = value;
    target[level] = below;
  }
}

/** [expert] how much each counts, in the mean over the levels; they sum to 1. */
export function slowShares(mixture: SlowMixture, row: number, opinions: Opinions): number[] {
  weighAll(mixture, row, opinions);
  const shareOf = (expert: number) =>
    GROUP_OF.reduce((sum, group) => sum + (weights[expert * GROUPS + group] as number), 0) / LEVEL_COUNT;
  return mixture.logPriors.map((_, expert) => shareOf(expert));
}

/** [expert x group] of the row in hand. */
const weights = new Float64Array(64);

function weighAll(mixture: SlowMixture, row: number, opinions: Opinions): void {
  for (let group = 0; group < GROUPS; group++) weigh(mixture, { row, group }, opinions);
}

function weigh(
  { logPriors, losses, lessons }: SlowMixture,
  { row, group }: { readonly row: number; readonly group: number },
  opinions: Opinions,
): void {
  const experts = logPriors.length;
  const first = row * experts * GROUPS + group;
  const known = lessons[row] as number;
  let mean = 0;
  for (let expert = 0; expert < experts; expert++) mean += (losses[first + expert * GROUPS] as number) / experts;
  const atStart = known > 0 ? (LESSONS_AT_START * mean) / known : 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (let expert = 0; expert < experts; expert++) {
    const loss = ((losses[first + expert * GROUPS] as number) + atStart) / (known + LESSONS_AT_START);
    const isAwake = !Number.isNaN(opinions[expert * LEVEL_COUNT] as number);
    const log = isAwake ? (logPriors[expert] as number) - POWER * Math.log(loss + LOSS_MIN) : Number.NEGATIVE_INFINITY;
    weights[expert * GROUPS + group] = log;
    if (log > largest) largest = log;
  }
  let sum = 0;
  for (let place = group; place < experts * GROUPS; place += GROUPS) {
    const weight = Math.exp((weights[place] as number) - largest);
    weights[place] = weight;
    sum += weight;
  }
  for (let place = group; place < experts * GROUPS; place += GROUPS) weights[place] = (weights[place] as number) / sum;
}

export interface SlowLesson {
  readonly opinions: Opinions;
  /** [level] what was forecast then, calibration and all: what it is now is of no account. */
  readonly issued: Float64Array;
  readonly actual: number;
  /** It may have been more: then only a level that was passed for certain learns. */
  readonly atLeast: boolean;
  /** How many lessons it stands for. */
  readonly counts: number;
}

export function learnSlowly(mixture: SlowMixture, row: number, lesson: SlowLesson): void {
  const { issued, actual, atLeast } = lesson;
  const { corrections } = mixture;
  const spread = followSpread(mixture, row, lesson.opinions);
  const step = mixture.step * spread;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const cell = row * LEVEL_COUNT + level;
    const isMissed = actual > (issued[level] as number) + SAME;
    // Nothing lies below nothing: what is forecast there already is not lowered for being right.
    const isLowest = (issued[level] as number) <= SAME;
    if (!isMissed && (atLeast || isLowest)) continue;
    const missed = (isMissed ? 1 : 0) - 1 + (QUANTILE_LEVELS[level] as number);
    // What is held up from outside, however low it is put, is not put lower and lower.
    corrections[cell] = Math.max((corrections[cell] as number) + step * missed, -LOWERED_MAX * spread);
  }
  if (!atLeast) addLosses(mixture, row, lesson);
}

const thought = new Float64Array(LEVEL_COUNT);

function followSpread(mixture: SlowMixture, row: number, opinions: Opinions): number {
  const { spreads } = mixture;
  mixSlowly(mixture, row, opinions, thought);
  const now = (thought[SPREAD_TO] as number) - (thought[SPREAD_FROM] as number);
  const spread = (spreads[row] as number) + SPREAD_SHARE * (now - (spreads[row] as number));
  spreads[row] = spread;
  return Math.max(spread, SPREAD_MIN);
}

function addLosses(mixture: SlowMixture, row: number, { opinions, issued, actual, counts }: SlowLesson): void {
  const { logPriors, losses, lessons } = mixture;
  const kept = 0.5 ** (counts / mixture.halfLifeLessons);
  lessons[row] = (lessons[row] as number) * kept + counts;
  for (let expert = 0; expert < logPriors.length; expert++) {
    const first = (row * logPriors.length + expert) * GROUPS;
    // Who sleeps is taken to say what was forecast, so that it neither gains nor loses.
    const isAwake = !Number.isNaN(opinions[expert * LEVEL_COUNT] as number);
    for (let group = 0; group < GROUPS; group++) losses[first + group] = (losses[first + group] as number) * kept;
    for (let level = 0; level < LEVEL_COUNT; level++) {
      const opinion = (isAwake ? opinions[expert * LEVEL_COUNT + level] : issued[level]) as number;
      const cell = first + (GROUP_OF[level] as number);
      losses[cell] = (losses[cell] as number) + counts * lossAt(level, actual - opinion);
    }
  }
}

function lossAt(level: number, above: number): number {
  const wanted = QUANTILE_LEVELS[level] as number;
  return (above > 0 ? wanted * above : (wanted - 1) * above) / (LOSS_UNITS[level] as number);
}
