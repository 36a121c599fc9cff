import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { type ForecastTrack, overPredictionOf, trackForecast, UNTRACKED } from "./over-prediction.ts";

const seen = fc.record({
  likely: fc.oneof(fc.constant(0), fc.constant(Number.NaN), fc.double({ min: 0, max: 1e12, noNaN: true })),
  demand: fc.oneof(fc.constant(0), fc.constant(Number.NaN), fc.double({ min: 0, max: 1e12, noNaN: true })),
  heldBack: fc.boolean(),
});

function follow(samples: readonly { likely: number; demand: number }[], from: ForecastTrack = UNTRACKED) {
  return samples.reduce((track, sample) => trackForecast(track, { ...sample, heldBack: false }), from);
}

test("always a share, whatever comes", () => {
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 50 }), (samples) => {
      const share = overPredictionOf(samples.reduce(trackForecast, UNTRACKED));
      expect(share >= 0 && share <= 1).toBe(true);
    }),
    { seed: 1 },
  );
});

/** Errors of a third to either side. */
const fair = (ticks: number) => {
  const random = seededRandom(7);
  return Array.from({ length: ticks }, () => ({ likely: 3, demand: random.next() < 0.5 ? 2 : 4.5 }));
};

test("a forecast that errs to both sides is hardly ever called too high, one that errs upwards is within 5 ticks", () => {
  let track = UNTRACKED;
  let alarms = 0;
  for (const sample of fair(2000)) {
    track = follow([sample], track);
    if (overPredictionOf(track) > 0.5) alarms++;
  }
  expect(alarms / 2000).toBeLessThan(0.02);
  expect(overPredictionOf(follow([...fair(200), ...Array(5).fill({ likely: 4, demand: 1 })]))).toBeGreaterThan(0.5);
});

test("errors of a hundredth, and errors downwards, are no over-prediction", () => {
  expect(overPredictionOf(follow(Array(50).fill({ likely: 1, demand: 0.99 })))).toBe(0);
  expect(overPredictionOf(follow(Array(50).fill({ likely: 1, demand: 4 })))).toBe(0);
});

test("a sample that was held back, and none at all, say nothing", () => {
  const track = follow([{ likely: 2, demand: 1 }]);
  expect(trackForecast(track, { likely: 2, demand: 1, heldBack: true })).toBe(track);
  expect(trackForecast(track, { likely: 2, demand: Number.NaN, heldBack: false })).toBe(track);
});
