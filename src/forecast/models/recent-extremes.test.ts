import { expect, test } from "vitest";
import { HOUR_MS } from "../../model/time.ts";
import { knownSeries, rowOf } from "./demand-series.arbitrary.ts";
import { recentExtremes } from "./recent-extremes.ts";

test("the recent maximum times the factor that peaks have been of it", () => {
  const growing = knownSeries({ stepMs: HOUR_MS, length: 200, value: (tick) => 1000 * 1.1 ** tick });
  const rows = recentExtremes("grid")
    .fit([growing])
    .predict(0, [
      { from: 0, ticks: 1 },
      { from: 0, ticks: 5 },
    ]);
  const last = 1000 * 1.1 ** 199;
  // Not quite, since the log scale is straight near 0, where the series began.
  expect((rowOf(rows, 0)[0.5] as number) / last / 1.1).toBeCloseTo(1, 1);
  expect((rowOf(rows, 1)[0.5] as number) / last / 1.1 ** 5).toBeCloseTo(1, 1);
});
