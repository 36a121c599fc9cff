import { expect, test } from "vitest";
import { HOUR_MS } from "../../model/time.ts";
import { knownSeries, noise, rowOf } from "./demand-series.arbitrary.ts";
import { seasonalNaive } from "./seasonal-naive.ts";

const rough = noise(1);
const shaped = knownSeries({
  stepMs: HOUR_MS,
  length: 240,
  value: (tick) => 20 + 5 * Math.sin((2 * Math.PI * tick) / 24) + rough(tick),
});
const linear = seasonalNaive({ scale: "linear", season: "grid" });

/** By the definition, the long way. */
function medianOf({ from, ticks }: { from: number; ticks: number }): number {
  const { values } = shaped;
  const peakAt = (start: number) => Math.max(...values.subarray(start, start + ticks));
  const back = 24 * Math.ceil((from + ticks) / 24);
  const starts = Array.from({ length: values.length - ticks + 1 - back }, (_, start) => start + back);
  const differences = starts.map((start) => peakAt(start) - peakAt(start - back)).sort((a, b) => a - b);
  const middle = (differences.length - 1) / 2;
  const difference = ((differences[Math.floor(middle)] ?? 0) + (differences[Math.ceil(middle)] ?? 0)) / 2;
  return peakAt(values.length + from - back) + difference;
}

test("the window one season ago, or as many as its distance needs, and how such windows differed", () => {
  for (const window of [
    { from: 0, ticks: 1 },
    { from: 3, ticks: 6 },
    { from: 20, ticks: 24 },
    { from: 60, ticks: 1 },
  ])
    expect(rowOf(linear.fit([shaped]).predict(0, [window]))[0.5]).toBeCloseTo(medianOf(window), 9);
});

test("on the log scale a series that doubles daily is seen to double again", () => {
  const doubling = knownSeries({ stepMs: HOUR_MS, length: 240, value: (tick) => 1000 * 2 ** (tick / 24) });
  const row = (scale: "linear" | "log") =>
    rowOf(
      seasonalNaive({ scale, season: "grid" })
        .fit([doubling])
        .predict(0, [{ from: 0, ticks: 1 }]),
    );
  expect((row("log")[0.5] as number) / (1000 * 2 ** 10)).toBeCloseTo(1, 0);
  expect(row("linear")[0.5]).toBeLessThan(0.6 * 1000 * 2 ** 10);
});

test("less than a season and some errors is too little", () => {
  const short = knownSeries({ stepMs: HOUR_MS, length: 30, value: () => 1 });
  expect(rowOf(linear.fit([short]).predict(0, [{ from: 0, ticks: 1 }]))[0.5]).toBeNaN();
});
