import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { HOUR_MS } from "../../model/time.ts";
import { momentAfter, naiveQuantile } from "../moment.arbitrary.ts";
import { collectPeaks, writePeakQuantiles } from "./window-peaks.ts";

test("the peaks of all windows that are known in full, written the slow way", () => {
  const demand = fc.array(fc.integer({ min: 0, max: 64 }), { minLength: 1, maxLength: 40 });
  const small = fc.integer({ min: 1, max: 8 });
  fc.assert(
    fc.property(demand, small, fc.nat(40), fc.nat(40), small, (values, ticks, one, other, stride) => {
      const moment = momentAfter(values, { stepMs: HOUR_MS, scale: 1 });
      const [first, last] = [Math.max(one, other), Math.min(one, other)];
      const expected: number[] = [];
      for (let back = Math.min(first, values.length); back >= Math.max(last, ticks); back -= stride) {
        const start = values.length - back;
        expected.push(Math.max(...values.slice(start, start + ticks)));
      }
      const found = collectPeaks(moment, { ticks, first, last, stride }, 0);
      expect(found).toBe(expected.length);
      if (found === 0) return;
      const target = { values: new Float32Array(LEVEL_COUNT), at: 0 };
      writePeakQuantiles(found, target);
      expect([...target.values]).toEqual(QUANTILE_LEVELS.map((level) => naiveQuantile(expected, level)));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("collections go on where the last one ended", () => {
  const moment = momentAfter([1, 5, 2, 8], { stepMs: HOUR_MS });
  const found = collectPeaks(moment, { ticks: 1, first: 1, last: 1, stride: 1 }, 0);
  expect(collectPeaks(moment, { ticks: 2, first: 4, last: 2, stride: 1 }, found)).toBe(4);
  const target = { values: new Float32Array(LEVEL_COUNT), at: 0 };
  writePeakQuantiles(4, target);
  expect([...target.values]).toEqual(QUANTILE_LEVELS.map((level) => naiveQuantile([8, 5, 5, 8], level)));
});
