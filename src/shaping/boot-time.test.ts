import { expect, test } from "vitest";
import { durationMs } from "../model/time.ts";
import { bootTimeOf } from "./boot-time.ts";

test("few boots: what was assumed, or the longest seen; many: the one that 19 in 20 keep to", () => {
  expect(bootTimeOf([], durationMs(60_000))).toBe(60_000);
  expect(bootTimeOf([durationMs(5_000), durationMs(90_000)], durationMs(60_000))).toBe(90_000);
  const many = Array.from({ length: 101 }, (_, index) => durationMs((100 - index) * 1000));
  expect(bootTimeOf(many, durationMs(600_000))).toBeCloseTo(95_000, 6);
});
