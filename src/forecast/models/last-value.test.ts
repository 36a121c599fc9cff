import { expect, test } from "vitest";
import { HOUR_MS } from "../../model/time.ts";
import { knownSeries, rowOf } from "./demand-series.arbitrary.ts";
import { lastValue } from "./last-value.ts";

const climbing = knownSeries({ stepMs: HOUR_MS, length: 100, value: (tick) => 2 * tick });
const predict = (known: typeof climbing, window: { from: number; ticks: number }) =>
  rowOf(lastValue("grid").fit([known]).predict(0, [window]));

test("changes as far ahead as the window's are added to the last value", () => {
  expect(predict(climbing, { from: 0, ticks: 1 })[0.5]).toBe(200);
  expect(predict(climbing, { from: 9, ticks: 1 })[0.5]).toBe(218);
  // The peak over a window of a climbing series is its end.
  expect(predict(climbing, { from: 0, ticks: 10 })[0.5]).toBe(218);
});

test("a gap holds the value before it", () => {
  const gap = { ...climbing, values: climbing.values.map((value, tick) => (tick > 97 ? Number.NaN : value)) };
  expect(predict(gap, { from: 0, ticks: 1 })[0.5]).toBe(196);
});
