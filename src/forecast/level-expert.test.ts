import { expect, test } from "vitest";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { HOUR_MS } from "../model/time.ts";
import { createLevelExpert, rememberLevelError, writeLevelOpinion } from "./level-expert.ts";
import { toLogScale } from "./log-scale.ts";
import { momentAfter, naiveQuantile } from "./moment.arbitrary.ts";

const stepMs = 6 * HOUR_MS;
const row = () => ({ values: new Float32Array(LEVEL_COUNT), at: 0 });

test("half a smoothed level, half the same time yesterday, plus how wrong that was", () => {
  const values = [2, 4, 8, 6, 3, 5];
  const scale = 8;
  const expert = createLevelExpert(1, momentAfter(values, { stepMs }).season);
  const opinions = row();
  for (const [tick, value] of values.entries()) {
    if (tick > 0) rememberLevelError(expert, 0, toLogScale(value, scale));
    writeLevelOpinion(expert, momentAfter(values.slice(0, tick + 1), { stepMs, scale }), opinions);
  }
  // By hand, on the log scale: smoothed = 3/4 before + 1/4 last; a day has 4 ticks.
  const onScale = values.map((value) => toLogScale(value, scale));
  const smoothed: number[] = [];
  for (const value of onScale) smoothed.push(0.75 * (smoothed.at(-1) ?? value) + 0.25 * value);
  const expected = smoothed.map((level, tick) => (level + (tick >= 3 ? (onScale[tick - 3] ?? 0) : level)) / 2);
  const errors = onScale.slice(1).map((value, tick) => value - (expected[tick] ?? 0));
  const lastDay = errors.slice(-4);
  for (const [index, level] of QUANTILE_LEVELS.entries())
    expect(opinions.values[index]).toBeCloseTo((expected.at(-1) ?? 0) + naiveQuantile(lastDay, level), 1);
});

test("the smoothed level moves along when the scale does", () => {
  const { season } = momentAfter([3], { stepMs });
  const [moved, still] = [createLevelExpert(1, season), createLevelExpert(1, season)];
  const [opinions, expected] = [row(), row()];
  writeLevelOpinion(moved, momentAfter([3], { stepMs, scale: 3 }), opinions);
  writeLevelOpinion(still, momentAfter([3], { stepMs, scale: 30 }), expected);
  for (const [expert, target] of [
    [moved, opinions],
    [still, expected],
  ] as const)
    writeLevelOpinion(expert, momentAfter([3, 5], { stepMs, scale: 30 }), target);
  for (const [index, value] of expected.values.entries()) expect(opinions.values[index]).toBeCloseTo(value, 9);
});
