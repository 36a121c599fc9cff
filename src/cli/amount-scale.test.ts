import { expect, test } from "vitest";
import { amountScale } from "./amount-scale.ts";

test.each([
  ["cpu", 3.4567, "cores", "3.46"],
  ["cpu", 0.02, "mcores", "20.0"],
  ["cpu", 240, "cores", "240"],
  ["memory", 3 * 2 ** 30, "GiB", "3.00"],
  ["memory", 5.5 * 2 ** 20, "MiB", "5.50"],
  ["network", 12_345, "kB/s", "12.3"],
  ["storage", 0, "B/s", "0"],
  [null, 12_345_678, "millions", "12.3"],
  [null, 9_876, "", "9876"],
  [null, 0.000_123_4, "", "0.000123"],
] as const)("%s %d is shown in %s as %s", (resource, amount, unit, text) => {
  const scale = amountScale(resource, amount);
  expect([scale.unit, scale.format(amount)]).toEqual([unit, text]);
});

test("small amounts beside a large one have its decimals", () => {
  expect(amountScale("cpu", 12).format(0.04)).toBe("0.0");
});
