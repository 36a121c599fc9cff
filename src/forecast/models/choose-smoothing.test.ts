import { expect, test } from "vitest";
import { HOUR_MS } from "../../model/time.ts";
import { carriedPath, chooseCarrying } from "./carried-rest.ts";
import { chooseSmoothing } from "./choose-smoothing.ts";
import { knownSeries, noise } from "./demand-series.arbitrary.ts";
import { recentHistory } from "./recent-history.ts";
import { pathAhead } from "./seasonal-path.ts";

const rough = noise(1);
let walked = 100;
const walk = Array.from({ length: 480 }, (_, tick) => (walked += rough(tick)));
const historyOf = (value: (tick: number) => number) =>
  recentHistory(knownSeries({ stepMs: HOUR_MS, length: 480, value }), { scale: "linear", season: "grid" });
const chosen = (value: (tick: number) => number) => {
  const history = historyOf(value);
  return chooseSmoothing({ history, values: history.values, seasonTicks: 1 });
};

test("a level is followed as fast as it moves", () => {
  expect(chosen((tick) => 100 + rough(tick)).level).toBeLessThanOrEqual(0.03);
  expect(chosen((tick) => walk[tick] ?? 0).level).toBeGreaterThanOrEqual(0.6);
});

test("a rest that dies away is carried on and dies away; noise is not carried on", () => {
  let rest = 0;
  const runs = Array.from({ length: 480 }, (_, tick) => (rest = 0.9 * rest + rough(tick)));
  const history = historyOf((tick) => 100 + (runs[tick] ?? 0));
  const carrying = chooseCarrying(history, () => 100);
  expect(carrying.share).toBeGreaterThanOrEqual(0.7);
  // 0.9 a tick is a half-life of 6.6 ticks; a quarter of a day is the nearest choice.
  expect(carrying.kept).toBeCloseTo(0.5 ** (1 / 6), 9);
  const path = carriedPath(history.values, { offset: () => 100, carrying });
  const last = history.values.length;
  const [near, far] = [pathAhead(path, 1)(last) - 100, pathAhead(path, 48)(last) - 100];
  expect(Math.abs(far)).toBeLessThan(Math.abs(near) / 100);
  expect(
    chooseCarrying(
      historyOf((tick) => 100 + rough(tick)),
      () => 100,
    ).share,
  ).toBeLessThanOrEqual(0.05);
});
