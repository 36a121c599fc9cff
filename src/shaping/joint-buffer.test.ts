import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRow } from "../model/forecast.arbitrary.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS, rarity } from "../model/forecast.ts";
import { seededRandom } from "../model/seeded-random.ts";
import { adjustRarity, bufferAt, RARITY_AT_START, RARITY_MAX, RARITY_MIN, unservedPushMax } from "./joint-buffer.ts";

const wanted = fc.double({ min: RARITY_MIN, max: RARITY_MAX, noNaN: true });
const mean = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e9, noNaN: true }));
const row = fc.oneof(anyRow, fc.constant(new Float64Array(LEVEL_COUNT)));

test("a rarer excess is never a smaller one; a buffer is finite, not negative, and has an upper bound", () => {
  fc.assert(
    fc.property(row, mean, wanted, wanted, (quantiles, meanDemand, a, b) => {
      const forecast = { quantiles, at: 0, meanDemand };
      const [smaller, bigger] = [bufferAt(forecast, Math.min(a, b)), bufferAt(forecast, Math.max(a, b))];
      expect(smaller).toBeGreaterThanOrEqual(0);
      expect(smaller).toBeLessThanOrEqual(bigger * (1 + 1e-9) + 1e-9 * meanDemand);
      expect(bigger).toBeLessThanOrEqual(20 * meanDemand * (1 + 1e-9));
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("exact at every level from the median on", () => {
  fc.assert(
    fc.property(anyRow, (quantiles) => {
      const meanDemand = 1 + (quantiles.at(-1) ?? 0);
      for (const level of QUANTILE_LEVELS.slice(levelIndex(0.5))) {
        const expected = quantiles[levelIndex(level)] ?? 0;
        const buffer = bufferAt({ quantiles, at: 0, meanDemand }, rarity(level));
        expect(Math.abs(buffer - expected)).toBeLessThanOrEqual(1e-9 * meanDemand);
      }
    }),
    { seed: 1 },
  );
});

test("beyond the last level it goes on as it rose between the last two, on a log scale", () => {
  const quantiles = Float64Array.from(QUANTILE_LEVELS, (_, level) => 2 ** level);
  const step = rarity(0.998) - rarity(0.995);
  expect(bufferAt({ quantiles, at: 0, meanDemand: 1e4 }, rarity(0.998) + step)).toBeCloseTo(2 ** LEVEL_COUNT, 1);
});

test("reads the row of the host it was asked about", () => {
  const quantiles = new Float64Array(2 * LEVEL_COUNT).fill(3, LEVEL_COUNT);
  expect(bufferAt({ quantiles, at: LEVEL_COUNT, meanDemand: 1 }, 2)).toBeCloseTo(3, 9);
});

test.each([0.1, 0.03, 0.01])("the loop settles where misses come as often as promised: %d", (promised) => {
  const random = seededRandom(2);
  const ticks = 200_000;
  let asked = RARITY_AT_START;
  let misses = 0;
  for (let tick = 0; tick < ticks; tick++) {
    // Twice as many misses as the level says: a forecast that is wrong all the time.
    const missed = random.next() < 2 * Math.exp(-asked);
    if (missed) misses++;
    asked = adjustRarity(asked, { share: missed ? 1 : 0, promised });
  }
  expect(Math.abs(misses / ticks / promised - 1)).toBeLessThan(0.03);
});

test("stays within its bounds, whatever happens, and one huge miss counts only so much", () => {
  const share = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true }));
  fc.assert(
    fc.property(wanted, share, fc.double({ min: 1e-4, max: 0.2, noNaN: true }), (now, happened, promised) => {
      const next = adjustRarity(now, { share: happened, promised });
      expect(next).toBeGreaterThanOrEqual(RARITY_MIN);
      expect(next).toBeLessThanOrEqual(RARITY_MAX);
      const bounded = adjustRarity(now, { share: happened, promised, pushMax: unservedPushMax(promised) });
      expect(bounded - now).toBeLessThanOrEqual(0.004 * unservedPushMax(promised) + 1e-12);
    }),
    { seed: 1 },
  );
});
