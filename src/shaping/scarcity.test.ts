import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { levelOfAmount } from "./level-of-amount.ts";
import { type Claim, type ScarceWish, shareByPlan } from "./scarcity.ts";

/** Strictly ascending rows, so that a level is one amount; some VMs without a forecast. */
const claimWithRow = fc.record({
  steps: fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), { minLength: LEVEL_COUNT, maxLength: LEVEL_COUNT }),
  known: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  lease: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 50, noNaN: true })),
  base: fc.double({ min: 0, max: 20, noNaN: true }),
  priority: fc.nat({ max: 2 }),
});
const anyScarceWish: fc.Arbitrary<ScarceWish> = fc
  .record({
    vms: fc.array(claimWithRow, { maxLength: 12 }),
    room: fc.oneof(fc.constantFrom(-10, 0), fc.double({ min: 1e-3, max: 300, noNaN: true })),
    buffer: fc.double({ min: 0, max: 50, noNaN: true }),
  })
  .map(({ vms, room, buffer }) => {
    const quantiles = Float64Array.from(
      vms.flatMap(({ steps, known }) =>
        steps.map((_, level) => (known ? steps.slice(0, level + 1).reduce((a, b) => a + b) : Number.NaN)),
      ),
    );
    const claims = vms.map(({ lease, base, priority }, index) => ({ lease, base, priority, at: index * LEVEL_COUNT }));
    return { room, buffer, claims, quantiles };
  });
const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

test("by plan: never more than the room nor than was asked for, and nothing wasted", () => {
  fc.assert(
    fc.property(anyScarceWish, (wanted) => {
      const { leases, buffer } = shareByPlan(wanted);
      const room = Math.max(wanted.room, 0);
      expect(sumOf(leases) + buffer).toBeLessThanOrEqual(room * (1 + 1e-12));
      for (const [index, { lease }] of wanted.claims.entries()) {
        expect(leases[index]).toBeGreaterThanOrEqual(0);
        expect(leases[index]).toBeLessThanOrEqual(lease);
      }
      const asked = sumOf(wanted.claims.map(({ lease }) => lease)) + wanted.buffer;
      expect(sumOf(leases) + buffer).toBeGreaterThanOrEqual(Math.min(asked, room) * (1 - 1e-9));
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("by plan: exactly what was asked for when all fits", () => {
  fc.assert(
    fc.property(anyScarceWish, (wanted) => {
      const asked = wanted.claims.map(({ lease }) => lease);
      const granted = shareByPlan({ ...wanted, room: sumOf(asked) + wanted.buffer + 1 });
      expect(granted).toEqual({ leases: Float64Array.from(asked), buffer: wanted.buffer, cuts: [] });
    }),
    { seed: 1 },
  );
});

test("by plan: whoever is short, nobody of a lower plan has a lease and no buffer is held; the cut says how much", () => {
  fc.assert(
    fc.property(anyScarceWish, (wanted) => {
      const { leases, buffer, cuts } = shareByPlan(wanted);
      const first = cuts[0];
      if (first === undefined) return;
      expect(buffer).toBe(0);
      const of = (test: (priority: number) => boolean) =>
        sumOf(leases.filter((_, index) => test(wanted.claims[index]?.priority ?? 0)));
      expect(of((priority) => priority < first.priority)).toBe(0);
      expect(of((priority) => priority === first.priority)).toBeCloseTo(first.granted, 9);
      expect(first.granted).toBeLessThan(first.asked);
      expect(cuts.slice(1).every(({ granted }) => granted === 0)).toBe(true);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("within a plan no unit could be moved to where it is likelier to be used", () => {
  fc.assert(
    fc.property(anyScarceWish, ({ claims, ...wanted }) => {
      const { quantiles } = wanted;
      const equal = claims.map((claim): Claim => ({ ...claim, priority: 1 }));
      const known = equal.filter(({ at }) => !Number.isNaN(quantiles[at] ?? 0));
      const { leases } = shareByPlan({ ...wanted, claims: known });
      const levels = known.map(({ base, at }, index) => levelOfAmount({ quantiles, at }, base + (leases[index] ?? 0)));
      const holding = levels.filter((_, index) => (leases[index] ?? 0) > 1e-9);
      const short = levels.filter((_, index) => (leases[index] ?? 0) < (known[index]?.lease ?? 0) - 1e-9);
      // Beyond the last quantile the tail is cut alike for all, however thick it is.
      const last = QUANTILE_LEVELS[LEVEL_COUNT - 1] ?? 1;
      const cap = (level: number) => Math.min(level, last);
      if (holding.length > 0 && short.length > 0)
        expect(cap(Math.max(...holding))).toBeLessThanOrEqual(cap(Math.min(...short)) + 1e-6);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("by plan, worked by hand", () => {
  const flat = QUANTILE_LEVELS.map(() => 4);
  const steep = QUANTILE_LEVELS.map((_, level) => level + 1);
  const quantiles = Float64Array.of(...flat, ...steep);
  const sure = { lease: 4, base: 0, priority: 0, at: 0 };
  const unsure = { lease: 10, base: 0, priority: 0, at: LEVEL_COUNT };
  const { leases, cuts } = shareByPlan({ room: 9, buffer: 3, claims: [sure, unsure], quantiles });
  expect(leases[0]).toBeCloseTo(4, 9);
  expect(leases[1]).toBeCloseTo(5, 9);
  expect(cuts).toEqual([{ priority: 0, asked: 14, granted: 9, level: expect.closeTo(0.8, 9) }]);
  const better = shareByPlan({ room: 9, buffer: 3, claims: [sure, { ...unsure, priority: 1 }], quantiles });
  expect([...better.leases]).toEqual([0, 9]);
});
