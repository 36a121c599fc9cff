import { expect, test } from "vitest";
import { oneCycle } from "./learning-rate.ts";

const rates = Array.from({ length: 100 }, (_, step) => oneCycle({ step, steps: 100, peak: 4e-3 }));

// PyTorch 1.13: OneCycleLR(Adam([...], 4e-3), 4e-3, total_steps=100).
test.each([
  [0, 0.00016, 0.95],
  [10, 0.001180655793856403, 0.9234204220349895],
  [29, 0.004, 0.85],
  [30, 0.003997986141138097, 0.8500503466729342],
  [60, 0.002357120361142115, 0.8910721552600681],
  [99, 1.6e-8, 0.95],
])("before step %i as PyTorch has it", (step, rate, momentum) => {
  expect(rates[step]?.rate).toBeCloseTo(rate, 12);
  expect(rates[step]?.momentum).toBeCloseTo(momentum, 12);
});

test("rises to the peak and falls from there, momentum the other way", () => {
  for (let step = 1; step < 100; step++) {
    const [before, now] = [rates[step - 1], rates[step]];
    expect(Math.sign((now?.rate ?? 0) - (before?.rate ?? 0))).toBe(step <= 29 ? 1 : -1);
    expect(Math.sign((now?.momentum ?? 0) - (before?.momentum ?? 0))).toBe(step <= 29 ? -1 : 1);
  }
});

test.each([1, 2, 3, 5])("a run of %i steps has a rate for each", (steps) => {
  for (let step = 0; step < steps; step++) {
    const { rate, momentum } = oneCycle({ step, steps, peak: 1 });
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThanOrEqual(1);
    expect(momentum).toBeGreaterThan(0.84);
  }
});
