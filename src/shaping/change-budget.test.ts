import fc from "fast-check";
import { expect, test } from "vitest";
import { budgetOf, CHANGES_PER_VM_DAY, type Change, worthwhileChanges } from "./change-budget.ts";

/** Gains of few kinds, so that ties are common. */
const wishes = fc
  .array(fc.oneof(fc.integer({ min: -2, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { maxLength: 60 })
  .map((gains) => gains.map((gain, series): Change => ({ series, gain })));

test("within the budget, only what gains, and nothing left out gains more than what was taken", () => {
  fc.assert(
    fc.property(wishes, fc.nat({ max: 70 }), (changes, budget) => {
      const chosen = worthwhileChanges({ changes, budget });
      const gaining = changes.filter(({ gain }) => gain > 0);
      expect(chosen.length).toBe(Math.min(budget, gaining.length));
      expect(new Set(chosen).size).toBe(chosen.length);
      const least = Math.min(...chosen.map(({ gain }) => gain));
      for (const left of gaining.filter((each) => !chosen.includes(each))) expect(left.gain).toBeLessThanOrEqual(least);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("the same changes whatever order they come in: of equal gains the lower series", () => {
  fc.assert(
    fc.property(wishes, fc.nat({ max: 70 }), (changes, budget) => {
      const seriesOf = (list: readonly Change[]) =>
        worthwhileChanges({ changes: list, budget })
          .map(({ series }) => series)
          .sort((left, right) => left - right);
      expect(seriesOf([...changes].reverse())).toEqual(seriesOf(changes));
    }),
    { seed: 1, numRuns: 500 },
  );
  const equal = [3, 1, 2].map((series) => ({ series, gain: 1 }));
  expect(worthwhileChanges({ changes: equal, budget: 2 }).map(({ series }) => series)).toEqual([1, 2]);
});

test("over any stretch of ticks no more than allowed, to less than one change", () => {
  const allowed = fc.record({
    vms: fc.nat({ max: 200 }),
    perVmDay: fc.double({ min: 0, max: 300, noNaN: true }),
    ticksPerDay: fc.integer({ min: 1, max: 5760 }),
  });
  fc.assert(
    fc.property(allowed, fc.nat({ max: 10_000 }), fc.integer({ min: 1, max: 300 }), (given, from, ticks) => {
      const budgets = Array.from({ length: ticks }, (_, tick) => budgetOf(from + tick, given));
      expect(budgets.every((budget) => budget >= 0 && Number.isInteger(budget))).toBe(true);
      const sum = budgets.reduce((total, budget) => total + budget, 0);
      const due = (ticks * given.vms * given.perVmDay) / given.ticksPerDay;
      expect(Math.abs(sum - due)).toBeLessThan(1 + 1e-6);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("a host of 50 VMs makes 3 or 4 changes of a resource in 5 minutes, and 1,150 a day", () => {
  const allowed = { vms: 50, perVmDay: CHANGES_PER_VM_DAY, ticksPerDay: 288 };
  const day = Array.from({ length: 288 }, (_, tick) => budgetOf(tick, allowed));
  expect(new Set(day)).toEqual(new Set([3, 4]));
  expect(day.reduce((sum, budget) => sum + budget, 0)).toBe(50 * CHANGES_PER_VM_DAY);
});
