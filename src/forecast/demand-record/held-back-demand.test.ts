import { expect, test } from "vitest";
import type { QuantileLevel } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { at, DAY, fedEngine, sumOf } from "./fed-engine.arbitrary.ts";
import { MARKS } from "./sample-kind.ts";

/**
 * A VM that always gets the quantile of its plan and wants three times as much from day 3 on. What is seen never passes
 * what it got; `marked` says so. Allocation and want of every tick of `days`.
 */
function closedLoop(given: { level: QuantileLevel; marked: boolean; days: number; growth: number }) {
  const { see } = fedEngine();
  const random = seededRandom(5);
  const ticks: { want: number; allocation: number }[] = [];
  let allocation = 2;
  for (let tick = 0; tick < given.days * DAY; tick++) {
    const want = (tick < 2 * DAY ? 1 : given.growth) + 0.2 * random.next();
    ticks.push({ want, allocation });
    const isAtLimit = given.marked && want >= 0.98 * allocation;
    const demand = isAtLimit ? allocation : Math.min(want, allocation);
    allocation = at(see({ demand, marks: isAtLimit ? MARKS.atLeast : 0 }), given.level);
  }
  return ticks;
}

const shortShare = (ticks: ReturnType<typeof closedLoop>) =>
  sumOf(ticks.map(({ want, allocation }) => (want > allocation ? 1 : 0))) / ticks.length;

test("a VM that grows against its limit is let out of it, much sooner than if its usage passed for demand", () => {
  const [marked, plain] = [true, false].map((isMarked) =>
    closedLoop({ level: 0.9, marked: isMarked, days: 4, growth: 3 }).slice(2 * DAY),
  ) as [ReturnType<typeof closedLoop>, ReturnType<typeof closedLoop>];
  expect(shortShare(marked)).toBeLessThan(0.06);
  expect(shortShare(plain)).toBeGreaterThan(2 * shortShare(marked));
  expect(shortShare(marked.slice(DAY))).toBeLessThan(0.03);
});

test.each([0.8, 0.9, 0.99] as const)(
  "counting at least what was used does not drive a calm VM up: level %s",
  (level) => {
    const lastDay = closedLoop({ level, marked: true, days: 16, growth: 1 }).slice(15 * DAY);
    expect(Math.max(...lastDay.map(({ allocation }) => allocation))).toBeLessThan(1.3);
  },
);
