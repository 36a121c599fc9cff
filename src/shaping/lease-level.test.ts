import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRow } from "../model/forecast.arbitrary.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { cheapestLevel } from "./lease-level.ts";

const amount = fc.double({ min: 0, max: 1e6, noNaN: true });

test("no level at or above the floor is cheaper", () => {
  const question = fc.record({
    quantiles: anyRow,
    at: fc.constant(0),
    base: amount,
    floorLevel: fc.nat({ max: LEVEL_COUNT - 1 }),
    shortagePrice: amount,
  });
  fc.assert(
    fc.property(question, (asked) => {
      const costs = QUANTILE_LEVELS.map(
        (level, index) => Math.max(asked.quantiles[index] ?? 0, asked.base) + asked.shortagePrice * (1 - level),
      );
      const best = cheapestLevel(asked);
      const allowed = costs.slice(asked.floorLevel);
      expect(best).toBe(asked.floorLevel + allowed.indexOf(Math.min(...allowed)));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("reads the row of the series it was asked about", () => {
  const flat = Float64Array.from({ length: LEVEL_COUNT }, () => 1);
  const steep = Float64Array.from({ length: LEVEL_COUNT }, (_, level) => 10 ** level);
  const asked = { quantiles: Float64Array.of(...flat, ...steep), base: 0, floorLevel: 4, shortagePrice: 1 };
  expect(cheapestLevel({ ...asked, at: 0 })).toBe(LEVEL_COUNT - 1);
  expect(cheapestLevel({ ...asked, at: LEVEL_COUNT })).toBe(levelIndex(0.8));
});
