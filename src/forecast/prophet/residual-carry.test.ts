import { describe, expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { carryResiduals } from "./residual-carry.ts";

const SETTING = { periods: [24], seasonKeep: 0.5, levelKeep: 0 };
const meanSquare = (errors: Float64Array): number =>
  errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
const calm = (ticks: number) => new Uint8Array(ticks);

describe("the season's memory", () => {
  test("knows a spike that comes at the same time every day, and leaves little of it", () => {
    const residuals = Float64Array.from({ length: 24 * 20 }, (_, tick) => (tick % 24 === 9 ? 5 : 0));
    const carry = carryResiduals({ residuals, odd: calm(residuals.length) }, SETTING);
    expect([...carry.seasonal(48)].map(Math.round)).toEqual(
      Array.from({ length: 48 }, (_, tick) => (tick % 24 === 9 ? 5 : 0)),
    );
    expect(meanSquare(carry.errors.slice(48))).toBeLessThan(0.01);
  });

  test("does not learn from what was odd, nor from noise", () => {
    const random = seededRandom(1);
    const noise = Float64Array.from({ length: 24 * 40 }, () => random.normal());
    expect(
      Math.max(
        ...carryResiduals({ residuals: noise, odd: calm(noise.length) }, SETTING)
          .seasonal(24)
          .map(Math.abs),
      ),
    ).toBeLessThan(0.4);
    const spiked = noise.map((error, tick) => (tick >= noise.length - 24 ? error + 50 : error));
    const odd = Uint8Array.from(spiked, (_, tick) => (tick >= noise.length - 24 ? 1 : 0));
    expect(Math.max(...carryResiduals({ residuals: spiked, odd }, SETTING).seasonal(24))).toBeLessThan(2);
  });
});

describe("the level of the last errors", () => {
  const fading = 0.8;
  const random = seededRandom(2);
  let error = 0;
  const residuals = Float64Array.from({ length: 20_000 }, () => {
    error = fading * error + random.normal();
    return error;
  });

  test("fades as an AR(1) process does", () => {
    const carry = carryResiduals({ residuals, odd: calm(residuals.length) }, { ...SETTING, periods: [] });
    for (const ahead of [0, 1, 4, 8]) expect(carry.fading(ahead)).toBeCloseTo(fading ** (ahead + 1), 1);
    expect(carry.fading(5_000)).toBeLessThan(0.05);
    expect(carry.levels.at(-1)).toBe(residuals.at(-1));
  });

  test("never carries more the further ahead", () => {
    const carry = carryResiduals({ residuals, odd: calm(residuals.length) }, { ...SETTING, levelKeep: 0.7 });
    for (let ahead = 0; ahead < 2_000; ahead++)
      expect(carry.fading(ahead + 1)).toBeLessThanOrEqual(carry.fading(ahead) + 1e-12);
  });

  test("is held over a gap, and unknown errors stay unknown", () => {
    const gappy = Float64Array.of(1, 2, 3, Number.NaN, Number.NaN);
    const carry = carryResiduals({ residuals: gappy, odd: calm(5) }, { ...SETTING, periods: [] });
    expect(carry.levels.at(-1)).toBe(3);
    expect([...carry.errors]).toEqual([1, 2, 3, Number.NaN, Number.NaN]);
  });
});
