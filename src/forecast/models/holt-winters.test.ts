import { expect, test } from "vitest";
import { HOUR_MS } from "../../model/time.ts";
import { knownSeries, noise, rowOf } from "./demand-series.arbitrary.ts";
import { holtWintersModel } from "./holt-winters.ts";

const rough = noise(1);
const daily = (tick: number) => 30 + 10 * Math.sin((2 * Math.PI * tick) / 24);
const model = holtWintersModel({ scale: "linear", season: "grid" });

test("the season is repeated at today's height, with quantiles as wide as its errors were", () => {
  const value = (tick: number) => daily(tick) + (tick > 400 ? 50 : 0) + rough(tick);
  const rows = model.fit([knownSeries({ stepMs: HOUR_MS, length: 30 * 24, value })]).predict(0, [
    { from: 6, ticks: 1 },
    { from: 18, ticks: 1 },
    { from: 0, ticks: 24 },
  ]);
  expect(Math.abs((rowOf(rows, 0)[0.5] as number) - 90)).toBeLessThan(2.5);
  expect(Math.abs((rowOf(rows, 1)[0.5] as number) - 70)).toBeLessThan(2.5);
  // The largest of a day of noisy ticks lies above the largest of their means.
  expect(rowOf(rows, 2)[0.5]).toBeGreaterThan(90);
  expect(rowOf(rows, 2)[0.5]).toBeLessThan(93);
});
