import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { knownSeries, rowOf } from "./demand-series.arbitrary.ts";
import { seasonalQuantile } from "./seasonal-quantile.ts";

test("only this time of day counts, half an hour to either side", () => {
  const stepMs = 10 * MINUTE_MS;
  const value = (tick: number) => (tick % 144 >= 60 && tick % 144 < 72 ? 100 : Math.floor(tick / 144));
  const known = knownSeries({ stepMs, length: 20 * 144, value });
  const at = (from: number) =>
    rowOf(
      seasonalQuantile("grid")
        .fit([known])
        .predict(0, [{ from, ticks: 1 }]),
    );
  expect(at(65)).toMatchObject({ 0.05: 100, 0.998: 100 });
  // Days 6 to 19, seven samples of each.
  expect(at(30)[0.5]).toBe(12.5);
  // Ten minutes before: half an hour around it is partly busy.
  expect(at(59)).toMatchObject({ 0.25: 12, 0.9: 100 });
});

test("a window after a day from now looks at whole windows of the past only", () => {
  const known = knownSeries({ stepMs: HOUR_MS, length: 30 * 24, value: (tick) => Math.floor(tick / 24) });
  const row = rowOf(
    seasonalQuantile("grid")
      .fit([known])
      .predict(0, [{ from: 30, ticks: 6 }]),
  );
  expect(row[0.998]).toBeCloseTo(29, 0);
});
