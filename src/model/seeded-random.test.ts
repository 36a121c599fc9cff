import fc from "fast-check";
import { expect, test } from "vitest";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";

const draw = (random: SeededRandom, count: number) => Array.from({ length: count }, () => random.next());

test("the same seed gives the same numbers, another seed gives others", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (seed, other) => {
      expect(draw(seededRandom(seed), 20)).toEqual(draw(seededRandom(seed), 20));
      if (seed !== other) expect(draw(seededRandom(seed), 20)).not.toEqual(draw(seededRandom(other), 20));
    }),
    { seed: 1 },
  );
});

test("the numbers of seed 1 are the same on every machine", () => {
  expect(draw(seededRandom(1), 3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
});

test("a fork does not move when the trunk is used, and other names give other numbers", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 50 }), fc.string(), fc.string(), (seed, used, name, other) => {
      const trunk = seededRandom(seed);
      const fresh = draw(trunk.fork(name), 10);
      draw(trunk, used);
      expect(draw(trunk.fork(name), 10)).toEqual(fresh);
      if (name !== other) expect(draw(trunk.fork(other), 10)).not.toEqual(fresh);
    }),
    { seed: 1 },
  );
});

test("numbers are uniform, integers stay below their bound, normals have mean 0 and variance 1", () => {
  const random = seededRandom(7);
  const uniform = draw(random, 20_000);
  expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  const dice = Array.from({ length: 6000 }, () => random.below(6));
  for (const face of [0, 1, 2, 3, 4, 5])
    expect(dice.filter((each) => each === face).length / 6000).toBeCloseTo(1 / 6, 1);
  const normal = Array.from({ length: 20_000 }, () => random.normal());
  expect(Math.abs(mean(normal))).toBeLessThan(0.03);
  expect(Math.abs(mean(normal.map((value) => value * value)) - 1)).toBeLessThan(0.05);
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
