import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { addLosses, forget, type MemberLosses, noLosses } from "./member-losses.ts";
import { mixRows, sharedStanding, standingOf, weighMembers } from "./weigh-members.ts";

const MEDIAN = levelIndex(0.5);
const TOP = levelIndex(0.99);
const PRIORS = [1, 1];
/** The same for every level, but for those above the median. */
const row = (low: number, high = low) => QUANTILE_LEVELS.map((level) => (level > 0.5 ? high : low));
const silent = row(Number.NaN);

function losses(rows: readonly (readonly number[])[], times: number): MemberLosses {
  const kept = noLosses(rows.length);
  for (let time = 0; time < times; time++) addLosses(kept, { actual: 10, said: rows, weight: 1 });
  return kept;
}

const weigh = (own: MemberLosses, others: readonly MemberLosses[] = []) =>
  weighMembers({
    own: standingOf(own),
    counts: own.counts,
    shared: sharedStanding([own, ...others].map(standingOf)),
    priors: PRIORS,
  });

test("each level goes to who is better there", () => {
  const weights = weigh(losses([row(10, 30), row(30, 11)], 100));
  expect(weights[MEDIAN]).toBeGreaterThan(0.99);
  expect(weights[LEVEL_COUNT + TOP]).toBeGreaterThan(0.99);
  for (let level = 0; level < LEVEL_COUNT; level++)
    expect((weights[level] ?? 0) + (weights[LEVEL_COUNT + level] ?? 0)).toBeCloseTo(1, 12);
});

test("a series with few comparisons follows what all series say, one with many its own", () => {
  const others = Array.from({ length: 50 }, () => losses([row(11), row(12)], 100));
  const own = (times: number) => losses([row(12), row(11)], times);
  expect(weigh(own(1), others)[MEDIAN]).toBeGreaterThan(0.9);
  expect(weigh(own(500), others)[MEDIAN]).toBeLessThan(0.1);
  expect(weigh(noLosses(2), others)[MEDIAN]).toBeGreaterThan(0.99);
});

test("nobody is better where all are right, and where nothing was compared priors decide", () => {
  expect(weigh(losses([row(10), row(10)], 9))[MEDIAN]).toBeCloseTo(0.5, 12);
  const nothing = { own: standingOf(noLosses(2)), counts: [0, 0], shared: standingOf(noLosses(2)) };
  expect(weighMembers({ ...nothing, priors: [3, 1] })[MEDIAN]).toBeCloseTo(0.75, 12);
});

test("what is forgotten counts less, and silence is no loss", () => {
  const kept = losses([row(12), silent], 8);
  expect([...kept.counts]).toEqual([8, 0]);
  const before = kept.sums[MEDIAN] ?? 0;
  forget(kept, 0.5);
  expect(kept.counts[0]).toBe(4);
  expect(kept.sums[MEDIAN]).toBe(before / 2);
});

test("a mixture leaves out who is silent, and is in order even where its levels cross", () => {
  const mixed = new Float64Array(LEVEL_COUNT);
  const half = new Float64Array(2 * LEVEL_COUNT).fill(0.5);
  mixRows(half, [row(4), silent], mixed);
  expect([...mixed]).toEqual(row(4));
  mixRows(half, [row(6, 2), row(4, 2)], mixed);
  expect([...mixed]).toEqual([...row(5, 2)].sort((left, right) => left - right));
  mixRows(half, [silent, silent], mixed);
  expect(mixed.every(Number.isNaN)).toBe(true);
});
