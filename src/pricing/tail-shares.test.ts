import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { someRecords } from "../model/usage.arbitrary.ts";
import { amountOf } from "../model/usage-record.ts";
import { apportion } from "./apportion.ts";
import { marginOf, predictionCosts } from "./prediction-cost.ts";
import type { Rates } from "./price-book.ts";
import { aBook } from "./pricing.arbitrary.ts";
import { isPredicted } from "./rate-usage.ts";
import { rememberTail, tailWeights } from "./tail-shares.ts";

/** Shares of 1000 quanta after each event was seen; `tailFrom` of the sum. */
function sharesAfter(events: readonly (readonly number[])[], tailFrom = 0): number[] {
  const members = events[0]?.map((_, index) => index) ?? [];
  const tail = new Float64Array(members.length);
  for (const event of events) rememberTail(tail, { members, excess: Float64Array.from(event), tailFrom });
  return [...apportion(1000, tailWeights(tail, { members, mayNeed: () => 0, size: () => 1 }))];
}

test("worked: two who burst alike pay alike, whoever never bursts pays nothing", () => {
  expect(sharesAfter([[10, 10, 0]])).toEqual([500, 500, 0]);
});

test("worked: who bursts when the others do pays more than who bursts as much alone", () => {
  // 40 in all each, the second one only when the sum is small; a tail begins at 50.
  const events = [
    [20, 0, 40],
    [0, 20, 0],
    [20, 0, 40],
    [0, 20, 0],
  ];
  const [together = 0, alone = 0, large = 0] = sharesAfter(events, 50);
  expect(alone).toBe(0);
  expect([together, large]).toEqual([333, 667]);
});

test("worked: before any tail came, what each may yet need stands in, and then its size", () => {
  const weights = (needs: number[], sizes: number[]) => [
    ...tailWeights(new Float64Array(2), {
      members: [0, 1],
      mayNeed: (at) => needs[at] ?? 0,
      size: (at) => sizes[at] ?? 0,
    }),
  ];
  expect(weights([3, 1], [1, 1])).toEqual([3, 1]);
  expect(weights([0, 0], [2, 6])).toEqual([2, 6]);
  expect(weights([0, 0], [0, 0])).toEqual([1, 1]);
});

test("shares are marginal: what an expected shortfall grows by, for a little more of one customer, is its share", () => {
  const random = seededRandom(5);
  const draws = Array.from({ length: 20_000 }, () => {
    const common = random.next() ** 3;
    return [10 * common + random.next(), 4 * random.next() ** 2, 6 * common * random.next()];
  });
  const shortfall = (scale: readonly number[]) => {
    const sums = draws.map((draw) => draw.reduce((all, each, index) => all + each * (scale[index] ?? 1), 0));
    const worst = sums.toSorted((left, right) => right - left).slice(0, draws.length / 20);
    return worst.reduce((all, each) => all + each, 0) / worst.length;
  };
  const whole = shortfall([1, 1, 1]);
  const cut =
    draws.map((draw) => draw.reduce((all, each) => all + each, 0)).toSorted((a, b) => b - a)[draws.length / 20 - 1] ??
    0;
  const tail = draws.filter((draw) => draw.reduce((all, each) => all + each, 0) >= cut);
  const euler = [0, 1, 2].map((index) => tail.reduce((all, draw) => all + (draw[index] ?? 0), 0) / tail.length);
  expect(euler.reduce((all, each) => all + each, 0)).toBeCloseTo(whole, 6);
  for (const index of [0, 1, 2]) {
    const step = 1e-4;
    const more = shortfall([0, 1, 2].map((each) => (each === index ? 1 + step : 1)));
    expect((more - whole) / step).toBeCloseTo(euler[index] ?? 0, 2);
  }
});

test("the cost of buffers and of idle leases by customer adds up to the whole, to the last quantum", () => {
  const law = fc.property(someRecords({ hours: 100 }), (records) => {
    const costs = predictionCosts(records, aBook().versions[0]?.burst as Rates);
    const own = records.flatMap((record) =>
      (["cpu", "memory", "network", "storage"] as const)
        .filter((resource) => isPredicted(record, resource))
        .map((resource) => [
          amountOf(record, "buffer", resource),
          amountOf(record, "leased", resource) - amountOf(record, "over", resource),
        ]),
    );
    expect(costs.reduce((all, { buffer }) => all + buffer, 0n)).toBe(
      own.reduce((all, [buffer]) => all + BigInt(buffer ?? 0), 0n),
    );
    expect(costs.reduce((all, { idle }) => all + idle, 0n)).toBe(
      own.reduce((all, [, idle]) => all + BigInt(idle ?? 0), 0n),
    );
    const { margin, idleCost, bufferCost } = marginOf(0 as never, costs);
    expect(margin + idleCost + bufferCost).toBe(0);
  });
  fc.assert(law, { seed: 1 });
});
