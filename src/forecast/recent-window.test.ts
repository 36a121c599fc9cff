import fc from "fast-check";
import { expect, test } from "vitest";
import { QUANTILE_LEVELS } from "../model/forecast.ts";
import { naiveQuantile } from "./moment.arbitrary.ts";
import { copyStretch, createRecentWindow, fillQuantiles } from "./recent-window.ts";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

test("a stretch comes out in order of time, however often the ring wrapped around", () => {
  const size = fc.record({ length: fc.integer({ min: 1, max: 20 }), written: fc.nat({ max: 70 }) });
  fc.assert(
    fc.property(size, fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.nat({ max: 3 }), (given, wanted, back, at) => {
      const { length, written } = given;
      const window = createRecentWindow({ seriesCount: 2, length });
      for (let tick = 0; tick < written; tick++) window.values[length + (tick % length)] = tick;
      const kept = Math.min(length, written);
      const end = written - Math.min(back, kept);
      const count = Math.min(wanted, kept - (written - end));
      const target = { values: new Float32Array(30).fill(-1), at };
      expect(copyStretch(window, { series: 1, end, count }, target)).toBe(at + count);
      const expected = Array.from({ length: count }, (_, index) => end - count + index);
      expect([...target.values.subarray(at, at + count)]).toEqual(expected);
      expect([...target.values.subarray(at + count)].every((value) => value === -1)).toBe(true);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("quantiles are those of a plain sort, negative values included, and the rest of the scratch stays", () => {
  fc.assert(
    fc.property(fc.array(float, { minLength: 1, maxLength: 60 }), (values) => {
      const scratch = Float32Array.from([...values, 123]);
      const target = { values: new Float64Array(QUANTILE_LEVELS.length + 2).fill(-7), at: 1 };
      fillQuantiles(scratch, values.length, target);
      for (const [index, level] of QUANTILE_LEVELS.entries())
        expect((target.values[1 + index] ?? Number.NaN) + 0).toBe(naiveQuantile(values, level) + 0);
      expect([target.values[0], target.values.at(-1), scratch.at(-1)]).toEqual([-7, -7, 123]);
    }),
    { seed: 1, numRuns: 500 },
  );
});
