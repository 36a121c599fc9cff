import { expect, test } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";

test.each([
  [0.5, 0],
  [0.75, 0.67448975],
  [0.95, 1.64485363],
  [0.975, 1.95996398],
  [0.998, 2.87816174],
  [0.999999, 4.75342431],
  [1e-12, -7.03448382],
])("z of %f is %f (R: qnorm)", (level, expected) => {
  expect(normalQuantile(level)).toBeCloseTo(expected, 5);
  if (level > 1e-9) expect(normalQuantile(1 - level)).toBeCloseTo(-expected, 5);
});

test("it has no jump where one formula takes over from the other", () => {
  expect(normalQuantile(0.925 + 1e-9) - normalQuantile(0.925)).toBeLessThan(1e-6);
});

test("0 and 1 are not levels", () => {
  expect(() => normalQuantile(0)).toThrow("between 0 and 1");
  expect(() => normalQuantile(1)).toThrow("between 0 and 1");
});
