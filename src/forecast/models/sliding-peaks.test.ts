import fc from "fast-check";
import { expect, test } from "vitest";
import { slidingPeaks } from "./sliding-peaks.ts";

test("the largest known value of every window; unknown where more than half is", () => {
  const value = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (values, ticks) => {
      const expected = Array.from({ length: Math.max(0, values.length - ticks + 1) }, (_, start) => {
        const known = values.slice(start, start + ticks).filter((each) => !Number.isNaN(each));
        return 2 * (ticks - known.length) > ticks || known.length === 0 ? Number.NaN : Math.max(...known);
      });
      expect([...slidingPeaks(Float64Array.from(values), ticks)]).toEqual(expected);
    }),
    { seed: 1 },
  );
});
