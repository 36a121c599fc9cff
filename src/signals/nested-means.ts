// Means of nested groups, shrunk towards the group around them the more, the less is known of them: kind of event, customer,
// workload, name. One observation at a time; the order of observations does not matter, up to rounding.
//
// Model: y = mean of its innermost group + noise, and the mean of a group = that of the group around it + noise of the level.
// Normal-normal, by empirical Bayes: Gelman et al., Bayesian Data Analysis (3rd ed.), chapter 5.4, eq. 5.17-5.20, one level after
// the other. The variances are those of the unbalanced nested analysis of variance (Searle, Casella & McCulloch, Variance
// Components, chapter 5), mixed with stated guesses as if those came from a few degrees of freedom.
import { assert } from "../model/result.ts";

/** The outermost group and three within one another: customer, workload, name. */
const LEVELS = 4;

/** From the outside in, below the outermost group. */
export type NestedPath = readonly [string, string, string];

/** Plain data: can be copied, sent and stored as it is. Changed in place. Several values an observation, each on its own. */
export interface NestedMeans {
  readonly valueCount: number;
  /** By path joined; the outermost group is "". [value x CELL]. */
  readonly groups: Map<string, Float64Array>;
  /** What the variances are made of, over all groups. [value x POOL]. */
  readonly pooled: Float64Array;
}

/** In a group, for each value: observations, their sum; by level: sum of the squared counts of the groups inside. */
const COUNT = 0;
const SUM = 1;
const SQUARES = 2;
const CELL = SQUARES + LEVELS;

/**
 * Over all groups, for each value: sum of squared observations; by level: groups with data, sum of sum^2 / count;
 * [level x inner level]: sum of squares / count.
 */
const SQUARED = 0;
const GROUPS = 1;
const EXPLAINED = GROUPS + LEVELS;
const IMBALANCE = EXPLAINED + LEVELS;
const POOL = IMBALANCE + LEVELS * LEVELS;

export function emptyNestedMeans(valueCount: number): NestedMeans {
  return { valueCount, groups: new Map(), pooled: new Float64Array(valueCount * POOL) };
}

/** Values that are NaN were not seen. Touches the groups of the path and nothing else. */
export function observe(means: NestedMeans, path: NestedPath, values: ArrayLike<number>): void {
  assert(values.length === means.valueCount, `an observation has ${means.valueCount} values, got ${values.length}`);
  const along = keysOf(path).map((key) => groupAt(means, key));
  for (let index = 0; index < means.valueCount; index++) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    const cells = along.map((group) => group.subarray(index * CELL, (index + 1) * CELL));
    observeOne(cells, means.pooled.subarray(index * POOL, (index + 1) * POOL), value);
  }
}

function observeOne(cells: readonly Float64Array[], pool: Float64Array, value: number): void {
  const counts = cells.map((cell) => cell[COUNT] as number);
  cells.forEach((cell, level) => {
    addToPool(pool, { cell, level, sign: -1 });
    cell[COUNT] = (cell[COUNT] as number) + 1;
    cell[SUM] = (cell[SUM] as number) + value;
    for (let inner = level; inner < LEVELS; inner++)
      cell[SQUARES + inner] = (cell[SQUARES + inner] as number) + 2 * (counts[inner] as number) + 1;
    addToPool(pool, { cell, level, sign: 1 });
  });
  pool[SQUARED] = (pool[SQUARED] as number) + value * value;
}

function addToPool(
  pool: Float64Array,
  { cell, level, sign }: { cell: Float64Array; level: number; sign: 1 | -1 },
): void {
  const count = cell[COUNT] as number;
  if (count === 0) return;
  const add = (at: number, amount: number) => {
    pool[at] = (pool[at] as number) + sign * amount;
  };
  add(GROUPS + level, 1);
  add(EXPLAINED + level, (cell[SUM] as number) ** 2 / count);
  for (let inner = level; inner < LEVELS; inner++)
    add(IMBALANCE + level * LEVELS + inner, (cell[SQUARES + inner] as number) / count);
}

export function hasSeen({ groups }: NestedMeans, path: NestedPath): boolean {
  return keysOf(path).every((key) => groups.has(key));
}

/** Observations of a value, over all groups. */
export function countOf({ groups }: NestedMeans, value: number): number {
  return groups.get("")?.[value * CELL + COUNT] ?? 0;
}

/** Standard deviations that are believed before there is data. */
export interface PriorSpread {
  /** Of the outermost mean around 0. */
  readonly outermost: number;
  /** Of groups around the group they lie in, from the outside in. */
  readonly levels: readonly [number, number, number];
  /** Of observations around the mean of their innermost group. */
  readonly noise: number;
}

export interface ShrunkMean {
  readonly mean: number;
  /** Of the innermost mean. */
  readonly variance: number;
  /** Of one more observation around it. */
  readonly noiseVariance: number;
  /** Observations in each group of the path, the outermost first. */
  readonly counts: readonly number[];
}

/** One for each value. A group that was never seen has the mean of the group around it, less surely. */
export function shrunkMeans(
  { groups, pooled, valueCount }: NestedMeans,
  path: NestedPath,
  priorOf: (value: number) => PriorSpread,
): ShrunkMean[] {
  const along = keysOf(path).map((key) => groups.get(key));
  return Array.from({ length: valueCount }, (_, value) => {
    const cells = along.map((group) => group?.subarray(value * CELL, (value + 1) * CELL));
    return shrunkMean(cells, variances(pooled.subarray(value * POOL, (value + 1) * POOL), priorOf(value)));
  });
}

function shrunkMean(cells: readonly (Float64Array | undefined)[], { noise, between }: Variances): ShrunkMean {
  const counts = cells.map((cell) => cell?.[COUNT] ?? 0);
  const [outermost] = cells;
  if (outermost !== undefined) between[0] = outermostVariance(outermost, { noise, between });
  let [mean, variance] = [0, 0];
  cells.forEach((cell, level) => {
    const around = between[level] as number;
    const count = counts[level] as number;
    if (cell === undefined || count === 0) {
      variance += around;
      return;
    }
    const ofData = varianceOfMean(cell, { level, noise, between });
    const trust = around / (around + ofData);
    mean += trust * ((cell[SUM] as number) / count - mean);
    variance = trust * ofData + (1 - trust) ** 2 * variance;
  });
  return { mean, variance, noiseVariance: noise, counts };
}

interface Variances {
  readonly noise: number;
  /** By level: of the groups of a level around the group they lie in; of the outermost: around 0. */
  readonly between: Float64Array;
}

/** Of the plain mean of a group: noise, and because the groups inside it differ. */
function varianceOfMean(cell: Float64Array, { level, noise, between }: Variances & { readonly level: number }): number {
  const count = cell[COUNT] as number;
  let variance = noise / count;
  for (let inner = level + 1; inner < LEVELS; inner++)
    variance += ((between[inner] as number) * (cell[SQUARES + inner] as number)) / count ** 2;
  return variance;
}

/**
 * There is one outermost mean only, and it may be far from 0: then the guess at how far gives way, as a Student-t prior would
 * (Bayesian Data Analysis, chapter 17). Not for a single observation: that may as well be noise.
 */
function outermostVariance(cell: Float64Array, { noise, between }: Variances): number {
  const [guess, count] = [Math.sqrt(between[0] as number), cell[COUNT] as number];
  if (count === 0) return guess ** 2;
  const freedom = 1 - 1 / count;
  const excess = ((cell[SUM] as number) / count) ** 2 - varianceOfMean(cell, { level: 0, noise, between });
  return blended(guess, { freedom, sum: freedom * Math.max(excess, 0) });
}

/** A guess counts as much as data with so many degrees of freedom. */
const GUESS_FREEDOM = 3;

function variances(pool: Float64Array, prior: PriorSpread): Variances {
  const groupsAt = (level: number) => pool[GROUPS + level] as number;
  const explainedBy = (level: number) => pool[EXPLAINED + level] as number;
  const imbalance = (level: number, inner: number) => pool[IMBALANCE + level * LEVELS + inner] as number;
  const innermost = LEVELS - 1;
  const within = Math.max((pool[SQUARED] as number) - explainedBy(innermost), 0);
  const noise = blended(prior.noise, { freedom: imbalance(0, 0) - groupsAt(innermost), sum: within });
  const between = new Float64Array(LEVELS);
  between[0] = prior.outermost ** 2;
  for (let level = innermost; level > 0; level--) {
    const weight = (inner: number) => imbalance(level, inner) - imbalance(level - 1, inner);
    const freedom = groupsAt(level) - groupsAt(level - 1);
    let excess = explainedBy(level) - explainedBy(level - 1) - freedom * noise;
    for (let inner = level + 1; inner < LEVELS; inner++) excess -= weight(inner) * (between[inner] as number);
    const estimate = freedom > 0 && weight(level) > 0 ? Math.max(excess / weight(level), 0) : 0;
    between[level] = blended(prior.levels[level - 1] ?? 0, { freedom, sum: freedom * estimate });
  }
  return { noise, between };
}

function blended(guessSd: number, { freedom, sum }: { freedom: number; sum: number }): number {
  return (GUESS_FREEDOM * guessSd ** 2 + sum) / (GUESS_FREEDOM + freedom);
}

function groupAt({ groups, valueCount }: NestedMeans, key: string): Float64Array {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const fresh = new Float64Array(valueCount * CELL);
  groups.set(key, fresh);
  return fresh;
}

const SEPARATOR = "\u0000";

/** Keys of the groups along a path, the outermost first. */
function keysOf([outer, middle, inner]: NestedPath): readonly string[] {
  const first = `${SEPARATOR}${outer}`;
  const second = `${first}${SEPARATOR}${middle}`;
  return ["", first, second, `${second}${SEPARATOR}${inner}`];
}
