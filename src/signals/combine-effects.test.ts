import fc from "fast-check";
import { expect, test } from "vitest";
import { combinedFactor, marginalEffects } from "./combine-effects.ts";

const [triple, double, half] = [3, 2, 0.5].map(Math.log) as [number, number, number];

test("visitors add up, dips leave a share", () => {
  expect(combinedFactor([])).toEqual({ up: 1, down: 1 });
  const { up, down } = combinedFactor([triple, half, double, half]);
  expect(up).toBeCloseTo(4, 12);
  expect(down).toBeCloseTo(0.25, 12);
});

test("alone, an event does what it does; the second adds to the first", () => {
  const alone = [{ logUplift: double, logSd: 0.2 }];
  expect(marginalEffects(alone)).toEqual(alone);
  const [second, first] = marginalEffects([
    { logUplift: double, logSd: 0.2 },
    { logUplift: triple, logSd: 0.4 },
  ]);
  expect(first).toEqual({ logUplift: triple, logSd: 0.4 });
  expect(second?.logUplift).toBeCloseTo(Math.log(4 / 3), 12);
  expect(second?.logSd).toBeCloseTo((0.2 * Math.log(4 / 3)) / Math.LN2, 12);
});

test("the parts sum up to the whole, and none is larger than alone", () => {
  const effect = fc.record({
    logUplift: fc.double({ min: -4, max: 4, noNaN: true }),
    logSd: fc.double({ min: 0, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(effect, { maxLength: 6 }), (effects) => {
      const parts = marginalEffects(effects);
      const { up, down } = combinedFactor(effects.map(({ logUplift }) => logUplift));
      expect(parts.reduce((sum, { logUplift }) => sum + logUplift, 0)).toBeCloseTo(Math.log(up * down), 9);
      parts.forEach(({ logUplift, logSd }, index) => {
        expect(logUplift).toBeLessThanOrEqual((effects[index]?.logUplift ?? 0) + 1e-12);
        expect(logSd).toBeLessThanOrEqual((effects[index]?.logSd ?? 0) + 1e-12);
      });
    }),
    { seed: 1 },
  );
});
