import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { at, DAY, fedEngine, HOUR, pinballLoss, sumOf } from "./fed-engine.arbitrary.ts";

const gap = Number.NaN;
const ascending = Array.from({ length: LEVEL_COUNT }, (_, level) => 2 + level / 10);
const unknown = new Array<number>(LEVEL_COUNT).fill(gap);

test("without a sample the prior stands alone, whatever its weight; without both nothing is said", () => {
  const { see } = fedEngine();
  expect(see({ demand: gap, prior: { row: ascending, weight: 0.1 } })).toEqual(ascending);
  expect(see({ demand: gap, prior: { row: unknown, weight: 1 } })).toEqual(unknown);
  expect(see({ demand: gap })).toEqual(unknown);
});

test("samples take over from the prior by its weight, and without a declaration it changes nothing", () => {
  const [blended, plain, undeclared] = [1, 2, 3].map(() => fedEngine());
  const weights = [0.75, 0.5, 0.25, 0];
  const medians = weights.map((weight) => {
    const alone = plain?.see({ demand: 1 });
    expect(undeclared?.see({ demand: 1, prior: { row: unknown, weight } })).toEqual(alone);
    const row = blended?.see({ demand: 1, prior: { row: ascending, weight } });
    expect(row).toEqual(row?.toSorted((a, b) => a - b));
    return { with: at(row, 0.5), without: at(alone, 0.5) };
  });
  for (const [index, median] of medians.entries()) {
    expect(median.with).toBeLessThanOrEqual(medians[index - 1]?.with ?? at(ascending, 0.5));
    expect(median.with).toBeGreaterThanOrEqual(median.without);
  }
  expect(medians.at(-1)?.with).toBe(medians.at(-1)?.without);
});

test("a true declaration makes the first hours cheaper; a wrong one is overcome", () => {
  const lossOf = (factor: number | undefined, part: { from: number; to: number }) => {
    const { see } = fedEngine();
    const random = seededRandom(3);
    // Quiet at first: what the first hours show is not what the day brings.
    const levelAt = (tick: number) => (tick < 4 * HOUR ? 1 : 3);
    let row: number[] = [];
    const losses = Array.from({ length: 3 * DAY }, (_, tick) => {
      const demand = levelAt(tick) + 0.5 * random.next();
      const loss = pinballLoss(row, demand);
      const weight = 16 / (16 + tick / HOUR);
      const declared = QUANTILE_LEVELS.map((level) => (factor ?? 1) * (levelAt(tick + 1) + 0.5 * level));
      row = see({ demand, ...(factor && { prior: { row: declared, weight } }) });
      return loss;
    });
    return sumOf(losses.slice(part.from, part.to));
  };
  const busyHour = { from: 4 * HOUR, to: 5 * HOUR };
  expect(lossOf(1, busyHour)).toBeLessThan(0.6 * lossOf(undefined, busyHour));
  const thirdDay = { from: 2 * DAY, to: 3 * DAY };
  const wrong = [0.1, 10].map((factor) => lossOf(factor, thirdDay) / lossOf(factor, { from: 1, to: DAY }));
  for (const left of wrong) expect(left).toBeLessThan(0.6);
});
