import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAmount, rounded } from "./format-amount.ts";
import { RESOURCES } from "./resources.ts";
import { GIBIBYTE, MEBIBYTE } from "./units.ts";

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

test("in the unit that people use for the resource", () => {
  expect(plain(formatAmount("cpu", 0.7))).toBe("0.7 cores");
  expect(plain(formatAmount("cpu", 1))).toBe("1.0 core");
  expect(plain(formatAmount("memory", 2.1 * GIBIBYTE))).toBe("2.1 GiB");
  expect(plain(formatAmount("memory", 96 * MEBIBYTE))).toBe("96 MiB");
  expect(plain(formatAmount("memory", 0))).toBe("0.0 GiB");
  expect(plain(formatAmount("network", 4.2e6))).toBe("4.2 MB/s");
  expect(plain(formatAmount("storage", 1.5e9))).toBe("1 500 MB/s");
});

test("one decimal below 20, whole from there, never a nonzero amount as 0.0", () => {
  expect([0, 0.01, 0.05, 19.4, 20, 1234567].map(rounded).map(plain)).toEqual([
    "0.0",
    "<0.1",
    "0.1",
    "19.4",
    "20",
    "1 234 567",
  ]);
});

/** Nothing, or more than the smallest numbers that lose their digits. */
const anyAmount = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e15, noNaN: true }));

test("any amount has a number, a hard space and a unit", () => {
  fc.assert(
    fc.property(fc.constantFrom(...RESOURCES), anyAmount, (resource, amount) => {
      const text = formatAmount(resource, amount);
      expect(text).toMatch(/^(<0\.1|\d[\d.\u202f]*)\u00a0(cores?|GiB|MiB|MB\/s)$/u);
      if (amount > 0) expect(text.startsWith("0.0")).toBe(false);
    }),
    { seed: 1 },
  );
});
