import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { seededRandom } from "../model/seeded-random.ts";
import {
  createMixture,
  learn,
  learnAtLeast,
  type Mixture,
  mix,
  opinionsOffset,
  shortenMemory,
  weightsOf,
} from "./mixture.ts";

type Expert = (level: number) => number;

/** Every expert speaks, the mixture answers, then `actual` comes. */
function tickOf(mixture: Mixture, experts: readonly Expert[], actual: number): Float64Array {
  const at = opinionsOffset(mixture, 0);
  for (const [expert, says] of experts.entries())
    for (const [index, level] of QUANTILE_LEVELS.entries())
      mixture.opinions[at + expert * LEVEL_COUNT + index] = says(level);
  const row = new Float64Array(LEVEL_COUNT);
  mix(mixture, 0, row);
  learn(mixture, 0, actual);
  return row;
}

const weightOf = (mixture: Mixture, expert: number, level: number) => weightsOf(mixture, 0, level)[expert] ?? 0;

test("whatever experts say and whatever comes: weights sum to 1, quantiles ascend and are not negative", () => {
  const value = fc.double({ min: 0, max: 30, noNaN: true });
  const opinion = fc.array(value, { minLength: 3 * LEVEL_COUNT, maxLength: 3 * LEVEL_COUNT });
  fc.assert(
    fc.property(fc.array(fc.tuple(opinion, value), { minLength: 1, maxLength: 30 }), (ticks) => {
      const mixture = createMixture({ seriesCount: 1, priors: [1 / 3, 1 / 3, 1 / 3] });
      const row = new Float64Array(LEVEL_COUNT);
      for (const [opinions, actual] of ticks) {
        mixture.opinions.set(opinions);
        mix(mixture, 0, row);
        learn(mixture, 0, actual);
        for (const quantiles of [row, mixture.mixed])
          expect([...quantiles]).toEqual([...quantiles].toSorted((a, b) => a - b));
        expect(row[0]).toBeGreaterThanOrEqual(0);
        for (let level = 0; level < LEVEL_COUNT; level++) {
          const weights = [0, 1, 2].map((expert) => weightOf(mixture, expert, level));
          expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        }
      }
    }),
    { seed: 1 },
  );
});

test("the expert who is always right wins at every level", () => {
  const mixture = createMixture({ seriesCount: 1, priors: [1 / 3, 1 / 3, 1 / 3] });
  const random = seededRandom(3);
  for (let tick = 0; tick < 2000; tick++) {
    const actual = random.next();
    tickOf(mixture, [() => 0.9, () => actual, (level) => level], actual);
  }
  for (let level = 0; level < LEVEL_COUNT; level++) expect(weightOf(mixture, 1, level)).toBeGreaterThan(0.95);
});

test("the expert who knows the distribution beats those who are always too careful", () => {
  const mixture = createMixture({ seriesCount: 1, priors: [1 / 3, 1 / 3, 1 / 3] });
  const random = seededRandom(4);
  const experts = [(level: number) => level ** 0.25, (level: number) => level, () => 1];
  for (let tick = 0; tick < 4000; tick++) tickOf(mixture, experts, random.next());
  for (const level of [1, 2, 3, 4]) expect(weightOf(mixture, 1, level)).toBeGreaterThan(0.9);
});

test("series do not touch each other", () => {
  const mixture = createMixture({ seriesCount: 2, priors: [0.5, 0.5] });
  tickOf(mixture, [() => 0, () => 1], 1);
  const second = opinionsOffset(mixture, 1);
  expect([...mixture.regrets.subarray(0, second)].some((regret) => regret !== 0)).toBe(true);
  expect([...mixture.regrets.subarray(second)].every((regret) => regret === 0)).toBe(true);
  expect([...mixture.corrections.subarray(LEVEL_COUNT)].every((correction) => correction === 0)).toBe(true);
});

const TICKS = 40_000;
const demands: Readonly<Record<string, (tick: number, noise: number) => number>> = {
  stationary: (_, noise) => 0.3 + 0.2 * noise,
  drifting: (tick, noise) => 0.2 + (0.5 * tick) / TICKS + 0.2 * noise,
  swinging: (tick, noise) => 0.4 + 0.1 * Math.sin(tick / 2000) + 0.2 * noise,
};
const badExperts: Readonly<Record<string, readonly Expert[]>> = {
  "too low": [() => 0, () => 0.1],
  "too high": [() => 1, () => 1.1],
  "too narrow": [() => 0.4, () => 0.5],
};
const hard = Object.entries(demands).flatMap(([shape, demand]) =>
  Object.entries(badExperts).map(([fault, experts]) => [shape, fault, { demand, experts }] as const),
);

test.each(hard)("%s demand, experts %s: coverage within a point of every level", (_shape, _fault, given) => {
  const mixture = createMixture({ seriesCount: 1, priors: given.experts.map(() => 1 / given.experts.length) });
  const random = seededRandom(11);
  const covered = new Float64Array(LEVEL_COUNT);
  for (let tick = 0; tick < TICKS; tick++) {
    const actual = given.demand(tick, random.next());
    const row = tickOf(mixture, given.experts, actual);
    for (const [index, quantile] of row.entries())
      covered[index] = (covered[index] ?? 0) + (actual <= quantile ? 1 : 0);
  }
  for (const [index, level] of QUANTILE_LEVELS.entries())
    expect(Math.abs((covered[index] ?? 0) / TICKS - level), `level ${level}`).toBeLessThan(0.01);
});

test("an expert that sleeps changes nothing, and keeps its standing", () => {
  const asleep = createMixture({ seriesCount: 1, priors: [0.25, 0.25, 0.5] });
  const [low, high] = [() => 0.2, (level: number) => 0.3 + level];
  for (const actual of [0.4, 0.9, 0.1]) {
    const row = tickOf(asleep, [low, high, () => Number.NaN], actual);
    expect([...row]).toSatisfy((values: number[]) => values.every(Number.isFinite));
  }
  const first = createMixture({ seriesCount: 1, priors: [0.25, 0.25, 0.5] });
  const said = tickOf(first, [low, high, () => Number.NaN], 0.4);
  const others = tickOf(createMixture({ seriesCount: 1, priors: [0.5, 0.5] }), [low, high], 0.4);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    expect(said[level]).toBeCloseTo(others[level] ?? Number.NaN, 12);
    expect(first.regrets[2 * LEVEL_COUNT + level]).toBeCloseTo(0, 12);
  }
});

/** A mixture of two experts, one at 0.2 and one at 0.6, that has learned from some ticks. */
function learnedMixture(): Mixture {
  const mixture = createMixture({ seriesCount: 1, priors: [0.5, 0.5] });
  const random = seededRandom(9);
  for (let tick = 0; tick < 200; tick++) tickOf(mixture, [() => 0.2, () => 0.6], 0.5 * random.next());
  return mixture;
}

test("what was at least so much teaches like a miss below it, and nothing above it", () => {
  const [least, exact, before] = [learnedMixture(), learnedMixture(), learnedMixture()];
  const seen = 0.4;
  learnAtLeast(least, 0, seen);
  learn(exact, 0, seen);
  const isBelow = (level: number) => (before.mixed[level] ?? 0) + (before.corrections[level] ?? 0) <= seen;
  const levels = [...QUANTILE_LEVELS.keys()];
  expect(levels.some(isBelow) && !levels.every(isBelow)).toBe(true);
  for (const level of levels) {
    const like = isBelow(level) ? exact : before;
    expect(least.corrections[level]).toBe(like.corrections[level]);
    if ((before.mixed[level] ?? 0) > seen) expect(weightOf(least, 0, level)).toBe(weightOf(before, 0, level));
  }
});

test("a quantile that was granted and used up was missed, though the numbers went to the base unit and back", () => {
  const mixture = learnedMixture();
  const before = mixture.corrections.slice();
  const granted = (mixture.mixed[4] ?? 0) + (before[4] ?? 0);
  learnAtLeast(mixture, 0, granted * (1 - 1e-12));
  expect(mixture.corrections[4]).toBeGreaterThan(before[4] ?? 0);
});

test("with a short memory the better expert of today soon outweighs the better one of long ago", () => {
  const weightAfter = (forget: boolean) => {
    const mixture = createMixture({ seriesCount: 1, priors: [0.5, 0.5] });
    for (let tick = 0; tick < 1000; tick++) tickOf(mixture, [() => 0.2, () => 0.6], 0.2);
    if (forget) shortenMemory(mixture, 0);
    for (let tick = 0; tick < 72; tick++) tickOf(mixture, [() => 0.2, () => 0.6], 0.6);
    return weightOf(mixture, 1, 3);
  };
  expect(weightAfter(false)).toBeLessThan(0.1);
  expect(weightAfter(true)).toBeGreaterThan(0.5);
});

test("one burst does not slow down all learning after it", () => {
  const weightAfter = (burst: number) => {
    const mixture = createMixture({ seriesCount: 1, priors: [0.5, 0.5] });
    tickOf(mixture, [() => burst, () => 0], 0.3);
    for (let tick = 0; tick < 100; tick++) tickOf(mixture, [() => 0.3, () => 0.5], 0.3);
    return weightOf(mixture, 0, 3);
  };
  expect(weightAfter(0.3)).toBeGreaterThan(0.9);
  expect(weightAfter(4)).toBeGreaterThan(0.9);
});
