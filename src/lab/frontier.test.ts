import fc from "fast-check";
import { expect, test } from "vitest";
import type { FrontierPoint } from "../model/scorecard.ts";
import { efficientPoints, reservedAt } from "./frontier.ts";

/** Unserved volume is a tenth of the violations. */
function pointAt(violations: number, reservedPerUsed: number): FrontierPoint {
  const rest = { knob: 0, late: 0, slack: 0, churn: 0, worst: { p95: 0, max: 0 } };
  return { ...rest, violations, unserved: violations / 10, reservedPerUsed };
}

const at = (points: readonly FrontierPoint[], target: number) => reservedAt(points, { safety: "violations", target });

test("linear in reserved/used, along the logarithm of the share", () => {
  const points = [pointAt(0.1, 1), pointAt(0.001, 3)];
  expect(at(points, 0.01)).toBeCloseTo(2, 12);
  expect(at(points, 0.1)).toBe(1);
  expect(at(points, 0.001)).toBe(3);
  expect(at(points, 10 ** -2.5)).toBeCloseTo(2.5, 12);
  expect(reservedAt(points, { safety: "unserved", target: 0.001 })).toBeCloseTo(2, 12);
});

test("a single point answers for its own share only", () => {
  expect(at([pointAt(0.01, 2)], 0.01)).toBe(2);
  expect(at([pointAt(0.01, 2)], 0.011)).toBeNull();
});

test("not reached from either side is null", () => {
  expect(at([], 0.01)).toBeNull();
  expect(at([pointAt(0.1, 1), pointAt(0.02, 2)], 0.01)).toBeNull();
  expect(at([pointAt(0.005, 1), pointAt(0.001, 2)], 0.01)).toBeNull();
});

test("between no violation at all and some, none counts as one in a hundred million", () => {
  expect(at([pointAt(0.01, 1), pointAt(0, 7)], 1e-5)).toBeCloseTo(4, 12);
});

test("points that are both less safe and dearer than another do not count, in whatever order they come", () => {
  const good = [pointAt(0.1, 1), pointAt(0.01, 2), pointAt(0.001, 3)];
  const bad = [pointAt(0.1, 1.5), pointAt(0.02, 2.5), pointAt(0.01, 9)];
  const mixed = [...bad, ...good].toReversed();
  expect(efficientPoints(mixed, "violations")).toEqual(good.toReversed());
  expect(at(mixed, 0.03)).toBe(at(good, 0.03));
});

const anyPoint = fc
  .record({ share: fc.double({ min: 0, max: 0.5, noNaN: true }), cost: fc.double({ min: 0.5, max: 9, noNaN: true }) })
  .map(({ share, cost }) => pointAt(share, cost));

test("a safer target never costs less, and the answer lies between the frontier's ends", () => {
  const target = fc.double({ min: 1e-6, max: 0.4, noNaN: true });
  fc.assert(
    fc.property(fc.array(anyPoint, { maxLength: 12 }), target, target, (points, a, b) => {
      const [safer, looser] = [at(points, Math.min(a, b)), at(points, Math.max(a, b))];
      if (safer !== null && looser !== null) expect(safer).toBeGreaterThanOrEqual(looser - 1e-9);
      const costs = points.map(({ reservedPerUsed }) => reservedPerUsed);
      if (safer !== null) expect(safer >= Math.min(...costs) - 1e-9 && safer <= Math.max(...costs) + 1e-9).toBe(true);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("on the efficient part, safer always means dearer", () => {
  fc.assert(
    fc.property(fc.array(anyPoint, { maxLength: 12 }), (points) => {
      const efficient = efficientPoints(points, "violations");
      for (const [index, point] of efficient.entries()) {
        const next = efficient[index + 1];
        if (next) expect(next.violations > point.violations && next.reservedPerUsed < point.reservedPerUsed).toBe(true);
        const dominated = points.some(
          (each) => each.violations <= point.violations && each.reservedPerUsed < point.reservedPerUsed,
        );
        expect(dominated).toBe(false);
      }
    }),
    { seed: 1 },
  );
});
