import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { HOUR_MS } from "../model/time.ts";
import { createHintExperts, rememberHintErrors, writeHintOpinions } from "./hint-experts.ts";
import { toLogScale } from "./log-scale.ts";
import { momentAfter } from "./moment.arbitrary.ts";

const moment = momentAfter([8], { stepMs: HOUR_MS });

test("each hint is believed as far as it was right: one is exact, one always says half of the truth", () => {
  const experts = createHintExperts({ seriesCount: 1, count: 2 }, moment.season);
  const opinions = { values: new Float32Array(2 * LEVEL_COUNT), at: 0 };
  writeHintOpinions(experts, { moment, hints: Float64Array.of(6, 3) }, opinions);
  expect([...opinions.values]).toEqual([
    ...QUANTILE_LEVELS.map(() => Math.fround(toLogScale(6, 8))),
    ...QUANTILE_LEVELS.map(() => Math.fround(toLogScale(3, 8))),
  ]);
  rememberHintErrors(experts, 0, toLogScale(6, 8));
  writeHintOpinions(experts, { moment, hints: Float64Array.of(4, 3) }, opinions);
  const median = levelIndex(0.5);
  expect(opinions.values[median]).toBeCloseTo(toLogScale(4, 8), 2);
  expect(opinions.values[LEVEL_COUNT + median]).toBeCloseTo(toLogScale(6, 8), 2);
});

test("without hints nothing is written", () => {
  const experts = createHintExperts({ seriesCount: 1, count: 0 }, moment.season);
  const opinions = { values: new Float32Array(1).fill(-1), at: 0 };
  writeHintOpinions(experts, { moment, hints: new Float64Array(0) }, opinions);
  rememberHintErrors(experts, 0, 1);
  expect([...opinions.values]).toEqual([-1]);
});
