import { expect, test } from "vitest";
import { HOUR_MS } from "../../model/time.ts";
import { decayingHistogramModel } from "./decaying-histogram.ts";
import { knownSeries, rowOf } from "./demand-series.arbitrary.ts";

test("what happened a day ago counts half of what happens now", () => {
  // Two days at 10, then one at 100: weights 1/4 + 1/2 against 1.
  const known = knownSeries({ stepMs: HOUR_MS, length: 72, value: (tick) => (tick < 48 ? 10 : 100) });
  const row = rowOf(
    decayingHistogramModel("grid")
      .fit([known])
      .predict(0, [{ from: 5, ticks: 1 }]),
  );
  expect(row[0.25]).toBeCloseTo(10, 0);
  // 3/7 of the weight lies at 10.
  expect(row[0.5]).toBeGreaterThanOrEqual(98);
});

test("peaks of windows go in where a window is asked for", () => {
  const known = knownSeries({ stepMs: HOUR_MS, length: 200, value: (tick) => (tick % 6 === 0 ? 60 : 1) });
  const rows = decayingHistogramModel("grid")
    .fit([known])
    .predict(0, [
      { from: 0, ticks: 1 },
      { from: 0, ticks: 6 },
    ]);
  expect(rowOf(rows, 0)[0.5]).toBeLessThan(1.1);
  expect(rowOf(rows, 1)[0.05]).toBeGreaterThan(58);
});
