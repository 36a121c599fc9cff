import fc from "fast-check";
import { expect, test } from "vitest";
import { errorStretches } from "./error-stretches.ts";

const setting = fc.record({
  history: fc.integer({ min: 1, max: 500 }),
  count: fc.integer({ min: 1, max: 300 }),
  ticksPerDay: fc.constantFrom(1, 24, 48),
  aroundTicks: fc.integer({ min: 0, max: 60 }),
});

test("stretches stay within the history, go on tick by tick and keep the time of day to within what is asked", () => {
  fc.assert(
    fc.property(setting, fc.nat({ max: 1_000 }), ({ history, ...asked }, ahead) => {
      const stretches = errorStretches(history, asked);
      expect(stretches.count).toBeGreaterThan(0);
      expect(stretches.count).toBeLessThanOrEqual(asked.count);
      const { ticksPerDay, aroundTicks } = asked;
      for (let stretch = 0; stretch < stretches.count; stretch++) {
        const at = stretches.at(stretch, ahead);
        expect(at).toBeGreaterThanOrEqual(0);
        expect(at).toBeLessThan(history);
        expect(stretches.at(stretch, 0)).toBe(stretches.start(stretch));
        if (history < 2 * ticksPerDay) continue;
        const late = (((at - (history + ahead)) % ticksPerDay) + ticksPerDay) % ticksPerDay;
        expect(Math.min(late, ticksPerDay - late)).toBeLessThanOrEqual(aroundTicks);
      }
    }),
    { seed: 1 },
  );
});

test("with room for all of them, each start comes once", () => {
  const stretches = errorStretches(240, { count: 1_000, ticksPerDay: 24, aroundTicks: 2 });
  const starts = Array.from({ length: stretches.count }, (_, stretch) => stretches.start(stretch));
  expect(new Set(starts).size).toBe(50);
  expect(starts).toContain(0);
  expect(starts).toContain(238);
});
