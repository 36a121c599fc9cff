import { expect, test } from "vitest";
import { logPosterior } from "./log-posterior.ts";
import type { StanData } from "./stan-data.ts";

const DATA: StanData = {
  T: 3,
  K: 2,
  S: 1,
  t: Float64Array.of(0, 0.5, 1),
  cap: new Float64Array(3),
  y: Float64Array.of(1, 2, 4),
  t_change: Float64Array.of(0.5),
  X: Float64Array.of(1, 0, 0, 1, 1, 1),
  sigmas: Float64Array.of(2, 3),
  tau: 0.1,
  trend_indicator: 0,
  s_a: Float64Array.of(1, 0),
  s_m: Float64Array.of(0, 1),
};

test("the sum of likelihood and priors, worked out by hand", () => {
  const point = { k: 1, m: 2, delta: Float64Array.of(-2), beta: Float64Array.of(0.5, 0.25), sigma: 0.5 };
  // trend 2, 2.5, 2; expected 2 + 0.5, 2.5 * 1.25, 2 * 1.25 + 0.5; errors -1.5, -1.125, 1
  const likelihood = -3 * Math.log(0.5) - (1.5 ** 2 + 1.125 ** 2 + 1) / (2 * 0.25);
  const priors = -(1 + 4) / 50 - 0.25 / (2 * 0.25) - 2 / 0.1 - (0.25 ** 2 + (0.25 / 3) ** 2) / 2;
  expect(logPosterior(DATA, point)).toBeCloseTo(likelihood + priors, 12);
});
