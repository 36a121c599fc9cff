import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { TREND_SETTING } from "./build-design.ts";
import { type ProphetFit, trendOf } from "./fit-prophet.ts";
import { drawTrend } from "./future-trend.ts";

const COUNT = 20;
const SIZE = 0.3;
const fit: ProphetFit = {
  shape: {
    trend: TREND_SETTING,
    terms: [],
    clock: { startMs: 0, spanMs: 1 },
    t_change: Float64Array.from({ length: COUNT }, (_, index) => (0.8 * (index + 1)) / COUNT),
  },
  point: {
    k: 1,
    m: 0,
    delta: Float64Array.from({ length: COUNT }, (_, index) => (index % 2 === 0 ? SIZE : -SIZE)),
    beta: new Float64Array(1),
    sigma: 0.1,
  },
  scale: 10,
};
const AHEAD = Float64Array.from({ length: 50 }, (_, step) => 1 + (step + 1) / 50);

test("drawn trends spread as changes of that size and rate must, around the expected one", () => {
  const random = seededRandom(1);
  const ends = Array.from({ length: 20_000 }, () => drawTrend(fit, { t: AHEAD, random }).at(-1) ?? 0);
  const mean = ends.reduce((sum, end) => sum + end, 0) / ends.length;
  const variance = ends.reduce((sum, end) => sum + (end - mean) ** 2, 0) / ends.length;
  expect(mean).toBeCloseTo(trendOf(fit, AHEAD).at(-1) ?? 0, 0);
  // A compound Poisson process: rate x variance of a Laplace change (2 size^2) x integral of (time left)^2 over 0..1.
  const expected = (COUNT * 2 * SIZE ** 2 * fit.scale ** 2) / 3;
  expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
});

test("within the history there is nothing to draw, and one seed draws the same again", () => {
  const past = Float64Array.of(0.1, 0.5, 1);
  expect(drawTrend(fit, { t: past, random: seededRandom(3) })).toEqual(trendOf(fit, past));
  expect(drawTrend(fit, { t: AHEAD, random: seededRandom(3) })).toEqual(
    drawTrend(fit, { t: AHEAD, random: seededRandom(3) }),
  );
});
