import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { judge, type PairedLoss } from "./contest-verdict.ts";

const verdictOn = (pairs: readonly PairedLoss[], margin = 0.01) => judge(pairs, { margin, random: seededRandom(1) });
const random = seededRandom(7);
/** Losses of many sizes, the challenger's times `factor`, give or take `noise`. */
const pairsOf = (count: number, { factor, noise }: { factor: number; noise: number }): PairedLoss[] =>
  Array.from({ length: count }, () => {
    const opponent = 0.01 + random.next();
    return { opponent, challenger: opponent * factor * (1 + noise * (random.next() - 0.5)) };
  });

test("a challenger that is better on every series is better, by as much", () => {
  const verdict = verdictOn(pairsOf(50, { factor: 0.9, noise: 0 }));
  expect(verdict.ratio).toBeCloseTo(0.9, 12);
  expect([verdict.ratioLow, verdict.ratioHigh]).toEqual([expect.closeTo(0.9, 12), expect.closeTo(0.9, 12)]);
  expect(verdict.isBetter).toBe(true);
});

test("a gain below the margin, and one that a few series may owe to chance, are none", () => {
  expect(verdictOn(pairsOf(50, { factor: 0.995, noise: 0 })).isBetter).toBe(false);
  const lucky = verdictOn([
    { challenger: 0.1, opponent: 0.9 },
    { challenger: 0.5, opponent: 0.4 },
    { challenger: 0.5, opponent: 0.4 },
    { challenger: 0.5, opponent: 0.4 },
  ]);
  expect(lucky.ratio).toBeLessThan(0.8);
  expect(lucky.ratioHigh).toBeGreaterThan(1);
  expect(lucky.isBetter).toBe(false);
});

test("the interval holds the ratio, and gets narrower with more series", () => {
  const few = verdictOn(pairsOf(10, { factor: 1, noise: 1 }));
  const many = verdictOn(pairsOf(1_000, { factor: 1, noise: 1 }));
  for (const { ratioLow, ratio, ratioHigh } of [few, many]) {
    expect(ratioLow).toBeLessThanOrEqual(ratio);
    expect(ratioHigh).toBeGreaterThanOrEqual(ratio);
  }
  expect(many.ratioHigh - many.ratioLow).toBeLessThan((few.ratioHigh - few.ratioLow) / 3);
});

test("chance promotes a model that is just as good in at most one of fifteen contests", () => {
  let promoted = 0;
  for (let contest = 0; contest < 300; contest++)
    if (verdictOn(pairsOf(40, { factor: 1, noise: 0.5 }), 0).isBetter) promoted++;
  expect(promoted).toBeGreaterThan(0);
  expect(promoted).toBeLessThanOrEqual(20);
});

test("two that never miss are alike, and whoever misses where the other never does is worse, in finite numbers", () => {
  expect(verdictOn([{ challenger: 0, opponent: 0 }])).toMatchObject({ ratio: 1, isBetter: false });
  expect(verdictOn([{ challenger: 1, opponent: 0 }])).toMatchObject({ ratio: 1_000, isBetter: false });
});

test("equal losses give an equal verdict, to the bit", () => {
  const loss = fc.double({ min: 0, max: 1, noNaN: true });
  const pairs = fc.array(fc.record({ challenger: loss, opponent: loss }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(pairs, (each) => {
      expect(verdictOn(each)).toEqual(verdictOn(each));
    }),
    { seed: 1, numRuns: 20 },
  );
});
