import { expect, test } from "vitest";
import type { FrontierPoint } from "../../model/scorecard.ts";
import { curveOf, entryOf, exitOf, type Plot, placeOf } from "./frontier-line.ts";
import { logScale, reversed } from "./scale.ts";

const plot: Plot = {
  x: logScale({ from: 1, to: 4, length: 100 }),
  y: reversed(logScale({ from: 0.001, to: 0.1, length: 200 }), 200),
  width: 100,
  height: 200,
  ratios: { from: 1, to: 4 },
  leastShare: 0.00025,
};

function point(reservedPerUsed: number, violations: number): FrontierPoint {
  return { knob: 1, violations, unserved: 0, late: 0, reservedPerUsed, slack: 0, churn: 0, worst: { p95: 0, max: 0 } };
}

test("between two points the curve runs where the score interpolates", () => {
  const curve = curveOf([point(1, 0.1), point(3, 0.001)], plot);
  const middle = placeOf({ reservedPerUsed: 2, violations: 0.01 }, plot);
  const nearest = Math.min(...curve.map(({ x, y }) => Math.hypot(x - middle.x, y - middle.y)));
  expect(nearest).toBeLessThan(1e-9);
});

test("a line that leaves the plot is cut at its edge, one that stays ends in its last point", () => {
  const left = exitOf(curveOf([point(1.2, 0.05), point(2, 0.01), point(40, 0.009)], plot), plot);
  expect(left?.x).toBeCloseTo(100, 6);
  const down = exitOf(curveOf([point(1.2, 0.05), point(2, 0)], plot), plot);
  expect(down?.y).toBeCloseTo(200, 6);
  const stays = exitOf(curveOf([point(1.2, 0.05), point(2, 0.01)], plot), plot);
  expect(stays).toEqual(placeOf(point(2, 0.01), plot));
  const entry = entryOf(curveOf([point(1.2, 0.5), point(2, 0.01)], plot), plot);
  expect(entry?.y).toBeCloseTo(0, 6);
});

test("a setting that another beats in both has no part in the curve", () => {
  const without = curveOf([point(1, 0.1), point(3, 0.001)], plot);
  expect(curveOf([point(3, 0.001), point(3.5, 0.05), point(1, 0.1)], plot)).toEqual(without);
});

test("a line that is never inside has no exit", () => {
  expect(exitOf(curveOf([point(8, 0.05), point(9, 0.01)], plot), plot)).toBeUndefined();
});
