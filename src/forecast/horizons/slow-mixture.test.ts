import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import {
  correctSlowly,
  createSlowMixture,
  learnSlowly,
  mixSlowly,
  type SlowMixture,
  slowShares,
} from "./slow-mixture.ts";

const start = (experts: number, rows = 1) =>
  createSlowMixture({
    rows,
    priors: Array.from({ length: experts }, () => 1 / experts),
    halfLifeLessons: 80,
    step: 0.03,
  });

/** Every expert speaks, then `actual` comes. Returns what was forecast. */
function lesson(mixture: SlowMixture, opinions: Float64Array, actual: number, atLeast = false): Float64Array {
  const [said, issued] = [new Float64Array(LEVEL_COUNT), new Float64Array(LEVEL_COUNT)];
  mixSlowly(mixture, 0, opinions, said);
  correctSlowly(mixture, 0, said, issued);
  learnSlowly(mixture, 0, { opinions, issued, actual, atLeast, counts: 1 });
  return issued;
}

const rowsOf = (...experts: readonly ((level: number) => number)[]) =>
  Float64Array.from(experts.flatMap((says) => QUANTILE_LEVELS.map(says)));

test("whatever experts say and whatever comes: shares sum to 1, rows ascend and are not negative", () => {
  const value = fc.double({ min: 0, max: 4, noNaN: true });
  const opinions = fc.array(value, { minLength: 3 * LEVEL_COUNT, maxLength: 3 * LEVEL_COUNT });
  fc.assert(
    fc.property(fc.array(fc.tuple(opinions, value, fc.boolean()), { minLength: 1, maxLength: 30 }), (ticks) => {
      const mixture = start(3);
      for (const [said, actual, atLeast] of ticks) {
        const row = [...lesson(mixture, Float64Array.from(said), actual, atLeast)];
        expect(row).toEqual(row.toSorted((left, right) => left - right));
        expect(row.every((each) => Number.isFinite(each) && each >= 0)).toBe(true);
        const shares = slowShares(mixture, 0, Float64Array.from(said));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }
    }),
    { seed: 1 },
  );
});

test("who knows the distribution soon counts most", () => {
  const mixture = start(3);
  const random = seededRandom(4);
  const opinions = rowsOf(
    (level) => level ** 0.25,
    (level) => level,
    () => 1,
  );
  for (let each = 0; each < 100; each++) lesson(mixture, opinions, random.next());
  const shares = slowShares(mixture, 0, opinions);
  expect(shares[1]).toBe(Math.max(...shares));
  expect(shares[1]).toBeGreaterThan(0.5);
});

test("who sleeps has no share, and keeps pace with the forecast", () => {
  const mixture = start(2);
  const asleep = rowsOf(
    () => 0.5,
    () => Number.NaN,
  );
  const random = seededRandom(4);
  for (let each = 0; each < 50; each++) lesson(mixture, asleep, random.next());
  expect(slowShares(mixture, 0, asleep)).toEqual([1, 0]);
  const alike = rowsOf(
    () => 0.5,
    () => 0.5,
  );
  // Meanwhile it is taken to have said what was forecast, which was a little better than what the other one said.
  const [, second] = slowShares(mixture, 0, alike);
  expect(second).toBeGreaterThan(0.5);
});

test("what was at least so much moves nothing but the levels it passed", () => {
  const mixture = start(1);
  const opinions = rowsOf((level) => level);
  for (let each = 0; each < 20; each++) lesson(mixture, opinions, 0.5);
  const before = structuredClone(mixture);
  lesson(mixture, opinions, 0.6, true);
  for (const [level, wanted] of QUANTILE_LEVELS.entries()) {
    const moved = (mixture.corrections[level] ?? 0) - (before.corrections[level] ?? 0);
    if (wanted <= 0.5) expect(moved).toBeGreaterThan(0);
    else expect(moved).toBe(0);
  }
  expect(mixture.losses).toEqual(before.losses);
});

test("experts that say far too little are put right by calibration", () => {
  const mixture = start(1);
  const random = seededRandom(9);
  const opinions = rowsOf((level) => 0.2 + 0.1 * level);
  let covered = 0;
  for (let each = 0; each < 4000; each++) {
    const actual = 0.5 + 0.2 * random.next();
    const row = lesson(mixture, opinions, actual);
    if (each >= 1000 && actual <= (row[levelIndex(0.9)] ?? 0)) covered += 1 / 3000;
  }
  expect(Math.abs(covered - 0.9)).toBeLessThan(0.01);
});
