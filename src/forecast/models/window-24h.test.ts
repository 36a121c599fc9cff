import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import { knownSeries, rowOf } from "./demand-series.arbitrary.ts";
import { window24h } from "./window-24h.ts";

test("peaks of the last day and nothing before it, the same at every distance", () => {
  const known = knownSeries({ stepMs: HOUR_MS, length: 100, value: (tick) => (tick < 76 ? 1000 : tick - 75) });
  const rows = window24h("grid")
    .fit([known])
    .predict(0, [
      { from: 0, ticks: 1 },
      { from: 90, ticks: 1 },
      { from: 0, ticks: 3 },
    ]);
  expect(rowOf(rows, 0)[0.5]).toBe(12.5);
  expect(rowOf(rows, 1)).toEqual(rowOf(rows, 0));
  // 22 windows of three hours with the peaks 3 to 24.
  expect(rowOf(rows, 2)[0.5]).toBe(13.5);
});

test("where a day is one tick, two weeks; for a long window, four times as long", () => {
  const days = knownSeries({ stepMs: DAY_MS, length: 100, value: (tick) => tick });
  expect(
    rowOf(
      window24h("grid")
        .fit([days])
        .predict(0, [{ from: 0, ticks: 1 }]),
    )[0.5],
  ).toBe(92.5);
  const hours = knownSeries({ stepMs: HOUR_MS, length: 400, value: (tick) => tick });
  // Peaks of the 73 windows of a day within the last 96 hours: 327 to 399.
  expect(
    rowOf(
      window24h("grid")
        .fit([hours])
        .predict(0, [{ from: 0, ticks: 24 }]),
    )[0.5],
  ).toBe(363);
});
