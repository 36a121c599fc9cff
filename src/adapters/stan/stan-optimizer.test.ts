import { expect, test } from "vitest";
import { stanOptimizer } from "./stan-optimizer.ts";

const ROWS = 60;
const t = Float64Array.from({ length: ROWS }, (_, row) => row / (ROWS - 1));
const LINE = {
  T: ROWS,
  K: 1,
  S: 1,
  t,
  cap: new Float64Array(ROWS),
  y: t.map((time, row) => 0.2 + 0.6 * time + 0.02 * Math.sin(7 * row)),
  t_change: Float64Array.of(0.5),
  X: new Float64Array(ROWS),
  sigmas: Float64Array.of(1),
  tau: 0.05,
  trend_indicator: 0,
  s_a: Float64Array.of(1),
  s_m: Float64Array.of(0),
};
const START = { k: 0.5, m: 0.3, delta: new Float64Array(1), beta: new Float64Array(1), sigma: 1 };

test("a line is found with its noise, and found again", () => {
  const found = stanOptimizer.optimize(LINE, START);
  if (!found.ok) throw new Error(found.error.message);
  expect(found.value.k).toBeCloseTo(0.6, 2);
  expect(found.value.m).toBeCloseTo(0.2, 2);
  expect(found.value.sigma).toBeCloseTo(0.02 / Math.SQRT2, 2);
  expect(stanOptimizer.optimize(LINE, START)).toEqual(found);
});

test("data that Stan cannot read is a failure with its reason, no throw", () => {
  const found = stanOptimizer.optimize({ ...LINE, K: 2 }, START);
  expect(found.ok).toBe(false);
  expect(found.ok ? "" : found.error.message).toMatch(/^Stan found no point of high posterior: .+/s);
});
