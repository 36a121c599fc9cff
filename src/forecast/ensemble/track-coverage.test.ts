import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { correctRow, trackCoverage } from "./track-coverage.ts";

const ROUNDS = 20_000;

/** Share of rounds in which what came was not above each level, the first half left out. */
function coverageOf(said: (level: number) => number, actual: (round: number) => number): number[] {
  const corrections = new Float64Array(LEVEL_COUNT);
  const below = new Array<number>(LEVEL_COUNT).fill(0);
  const row = Float64Array.from(QUANTILE_LEVELS, said);
  for (let round = 0; round < ROUNDS; round++) {
    const came = actual(round);
    const corrected = row.slice();
    correctRow(corrected, corrections);
    if (round >= ROUNDS / 2)
      for (let level = 0; level < LEVEL_COUNT; level++)
        if (came <= (corrected[level] ?? 0)) below[level] = (below[level] ?? 0) + 1;
    trackCoverage(corrections, { said: row, actual: came, share: 0.5 });
  }
  return below.map((count) => count / (ROUNDS / 2));
}

test.each([
  ["too narrow", (level: number) => 15 + 2 * (level - 0.5), 0],
  ["too low", (level: number) => 5 + 10 * (level - 0.5), 0],
  ["left behind by a drift", (level: number) => 15 + 10 * (level - 0.5), 10 / ROUNDS],
])("whoever is %s covers what is said in the long run", (_, said, drift) => {
  const random = seededRandom(3);
  const coverage = coverageOf(said, (round) => 10 + 10 * random.next() + drift * round);
  for (const [level, share] of coverage.entries())
    expect(Math.abs(share - (QUANTILE_LEVELS[level] ?? 0)), `level ${QUANTILE_LEVELS[level]}`).toBeLessThan(0.01);
});

test("a row without any width, met exactly, is left as it is; nothing falls below zero", () => {
  const corrections = new Float64Array(LEVEL_COUNT).fill(-0.5);
  const flat = new Float64Array(LEVEL_COUNT).fill(0.1 + 0.2);
  trackCoverage(corrections, { said: flat, actual: 0.3, share: 1 });
  correctRow(flat, corrections);
  expect([...flat]).toEqual(new Array(LEVEL_COUNT).fill(0.1 + 0.2));
  const row = Float64Array.from(QUANTILE_LEVELS);
  correctRow(row, corrections);
  expect(row[0]).toBe(0);
  expect([...row]).toEqual([...row].sort((left, right) => left - right));
});

test("who was silent stays silent", () => {
  const silent = new Float64Array(LEVEL_COUNT).fill(Number.NaN);
  correctRow(silent, new Float64Array(LEVEL_COUNT).fill(0.1));
  expect(silent.every(Number.isNaN)).toBe(true);
});
