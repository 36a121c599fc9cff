import { expect, test } from "vitest";
import { isPressed } from "./pressure.ts";

const calm = { usage: 1, allocation: 2, flagged: false };

test("pressed when the source says so, when something was unmet, or close to what is allowed", () => {
  expect(isPressed("cpu", calm)).toBe(false);
  expect(isPressed("cpu", { ...calm, flagged: true })).toBe(true);
  expect(isPressed("cpu", { ...calm, unmet: 0.1 })).toBe(true);
  expect(isPressed("cpu", { ...calm, usage: 1.8 })).toBe(true);
  expect(isPressed("memory", { ...calm, usage: 1.8 })).toBe(false);
  expect(isPressed("memory", { ...calm, usage: 1.95 })).toBe(true);
});

test("a VM without a sample or without any demand is not pressed", () => {
  expect(isPressed("cpu", { ...calm, usage: Number.NaN })).toBe(false);
  expect(isPressed("network", { usage: 0, allocation: 0, flagged: false })).toBe(false);
  expect(isPressed("network", { usage: 5, allocation: 0, flagged: false })).toBe(true);
});
