import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { decideAll, HOURLY } from "./decide-all.arbitrary.ts";
import { fourierPolicy } from "./fourier.ts";

const at = (knob: number) => fourierPolicy.knobs.indexOf(knob);
const random = seededRandom(1);
const demand = Array.from({ length: 60 * 24 }, (_, tick) => {
  const wave = Math.sin((2 * Math.PI * tick) / 24);
  return 10 + 5 * wave + random.next();
});
const decided = decideAll(fourierPolicy, HOURLY, demand);
const scored = demand.map((_, tick) => tick).slice(30 * 24);
const violations = (knob: number) =>
  scored.filter((tick) => (demand[tick] ?? 0) > (decided[tick]?.[at(knob)] ?? 0)).length / scored.length;

test("a daily wave is followed: the median is off by less than its noise, where the last value is off by more", () => {
  const error = scored.reduce((sum, tick) => sum + Math.abs((demand[tick] ?? 0) - (decided[tick]?.[0] ?? 0)), 0);
  const naive = scored.reduce((sum, tick) => sum + Math.abs((demand[tick] ?? 0) - (demand[tick - 1] ?? 0)), 0);
  expect(error / scored.length).toBeLessThan(0.5);
  expect(error).toBeLessThan(naive / 2);
});

test("violations are those of the level", () => {
  for (const knob of [0.5, 0.8, 0.9]) expect(violations(knob)).toBeCloseTo(1 - knob, 1);
  expect(violations(0.99)).toBeLessThan(0.04);
});
