import fc from "fast-check";
import { expect, test } from "vitest";
import { reconcileMeans } from "./reconcile-means.ts";

test("parts that are equally unsure share the gap with the total; a part that is sure hardly moves", () => {
  const reconciled = reconcileMeans({
    parts: Float64Array.of(1, 2, 3),
    partVariances: Float64Array.of(1, 1, 0),
    totals: Float64Array.of(9),
    totalVariances: Float64Array.of(1),
    members: [[0, 1, 2]],
  });
  expect([...reconciled]).toEqual([2, 3, 3].map((value) => expect.closeTo(value, 9)));
});

test("a total that is known for certain is kept, one that nobody knows changes nothing", () => {
  const withVariance = (variance: number) => {
    const means = reconcileMeans({
      parts: Float64Array.of(1, 2),
      partVariances: Float64Array.of(3, 1),
      totals: Float64Array.of(7),
      totalVariances: Float64Array.of(variance),
      members: [[0, 1]],
    });
    return [...means];
  };
  expect(withVariance(0)).toEqual([4, 3].map((value) => expect.closeTo(value, 9)));
  expect(withVariance(1e12)).toEqual([1, 2].map((value) => expect.closeTo(value, 6)));
});

test("two groupings that cross: nothing nearby comes closer to all forecasts", () => {
  const amount = fc.double({ min: 5, max: 10, noNaN: true });
  const variance = fc.double({ min: 0.1, max: 2, noNaN: true });
  const six = (each: fc.Arbitrary<number>) => fc.array(each, { minLength: 6, maxLength: 6 });
  const five = (each: fc.Arbitrary<number>) => fc.array(each, { minLength: 5, maxLength: 5 });
  // Three customers of two VMs each, and two hosts with one VM of each customer.
  const members = [
    [0, 1],
    [2, 3],
    [4, 5],
    [0, 2, 4],
    [1, 3, 5],
  ];
  fc.assert(
    fc.property(
      six(amount),
      six(variance),
      five(amount),
      five(variance),
      six(fc.constantFrom(-1, 0, 1)),
      (...drawn) => {
        const [parts, partVariances, errors, totalVariances, nudge] = drawn;
        const totals = members.map(
          (own, each) => own.reduce((sum, part) => sum + (parts[part] ?? 0), 0) + (errors[each] ?? 0) - 7.5,
        );
        const cost = (means: readonly number[]) => {
          const ofParts = means.map((mean, part) => (mean - (parts[part] ?? 0)) ** 2 / (partVariances[part] ?? 1));
          const ofTotals = members.map((own, each) => {
            const sum = own.reduce((total, part) => total + (means[part] ?? 0), 0);
            return (sum - (totals[each] ?? 0)) ** 2 / (totalVariances[each] ?? 1);
          });
          return [...ofParts, ...ofTotals].reduce((total, each) => total + each, 0);
        };
        const reconciled = [
          ...reconcileMeans({
            parts: Float64Array.from(parts),
            partVariances: Float64Array.from(partVariances),
            totals: Float64Array.from(totals),
            totalVariances: Float64Array.from(totalVariances),
            members,
          }),
        ];
        if (reconciled.some((mean) => mean === 0)) return;
        const moved = reconciled.map((mean, part) => mean + 0.01 * (nudge[part] ?? 0));
        expect(cost(reconciled)).toBeLessThanOrEqual(cost(moved) + 1e-6);
      },
    ),
    { seed: 1 },
  );
});
