import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { HOUR_MS } from "../model/time.ts";
import { toLogScale } from "./log-scale.ts";
import { momentAfter, naiveQuantile } from "./moment.arbitrary.ts";
import { createWindowExperts, lastDayQuantile, WINDOW_EXPERTS, writeWindowOpinions } from "./window-experts.ts";

const stepMs = 6 * HOUR_MS;

/** What each window says about the values given, asked on every tick as the engine does. */
function opinionsAfter(values: readonly number[]): number[][] {
  const { season } = momentAfter(values, { stepMs });
  const experts = createWindowExperts(1, season);
  const opinions = { values: new Float32Array(WINDOW_EXPERTS.length * LEVEL_COUNT), at: 0 };
  const scale = Math.max(...values);
  for (const tick of values.keys())
    writeWindowOpinions(experts, momentAfter(values.slice(0, tick + 1), { stepMs, scale }), opinions);
  return WINDOW_EXPERTS.map((_, window) => [
    ...opinions.values.slice(window * LEVEL_COUNT, (window + 1) * LEVEL_COUNT),
  ]);
}

const quoted = (values: readonly number[], scale: number) =>
  QUANTILE_LEVELS.map((level) => Math.fround(toLogScale(naiveQuantile(values, level), scale)));

test("the last day, the last week, and this time of day", () => {
  const ramp = Array.from({ length: 30 }, (_, tick) => tick + 1);
  const [lastDay, lastWeek, sameTime] = opinionsAfter(ramp);
  expect(lastDay).toEqual(quoted([27, 28, 29, 30], 30));
  // The week is read anew every 6 ticks: last just before tick 30, when it held the 28 ticks before it.
  expect(lastWeek).toEqual(quoted(ramp.slice(2), 30));
  // Tick 30 is forecast: the ticks 25 to 27 of the day before, 21 to 23 of the one before that, down to tick 2.
  const around = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [-1, 0, 1].map((shift) => 30 - 4 * day + shift));
  expect(sameTime).toEqual(
    quoted(
      around.filter((tick) => tick >= 2).map((tick) => tick + 1),
      30,
    ),
  );
});

test("before there is a day to look back at, this time of day is the last day", () => {
  const [lastDay, lastWeek, sameTime] = opinionsAfter([5, 3]);
  expect(lastDay).toEqual(quoted([3, 5], 5));
  expect(sameTime).toEqual(lastDay);
  expect(lastWeek).toEqual(quoted([5], 5));
});

test("the last day's quantiles can be asked for in base units", () => {
  const moment = momentAfter([8, 2, 6, 4], { stepMs });
  const experts = createWindowExperts(1, moment.season);
  writeWindowOpinions(experts, moment, { values: new Float32Array(WINDOW_EXPERTS.length * LEVEL_COUNT), at: 0 });
  expect(lastDayQuantile(experts, 0, levelIndex(0.5))).toBe(6);
});
