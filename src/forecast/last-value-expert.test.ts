import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS, type QuantileLevel } from "../model/forecast.ts";
import { HOUR_MS } from "../model/time.ts";
import { createLastValueExpert, rememberChange, writeLastValueOpinion } from "./last-value-expert.ts";
import { fromLogScale, toLogScale } from "./log-scale.ts";
import { momentAfter, naiveQuantile } from "./moment.arbitrary.ts";
import { createWindowExperts, WINDOW_EXPERTS, writeWindowOpinions } from "./window-experts.ts";

const stepMs = HOUR_MS;
const SCALE = 10;

/** An expert with the windows it looks at, fed value by value. */
function startExpert() {
  const { season } = momentAfter([1], { stepMs });
  const expert = createLastValueExpert(1, season);
  const windows = createWindowExperts(1, season);
  const values: number[] = [];
  const opinions = { values: new Float32Array(LEVEL_COUNT), at: 0 };
  const unread = { values: new Float32Array(WINDOW_EXPERTS.length * LEVEL_COUNT), at: 0 };
  return {
    see(value: number): number[] {
      if (values.length > 0) rememberChange(expert, 0, toLogScale(value, SCALE));
      values.push(value);
      const moment = momentAfter(values, { stepMs, scale: SCALE });
      writeWindowOpinions(windows, moment, unread);
      writeLastValueOpinion(expert, { moment, windows }, opinions);
      return [...opinions.values];
    },
  };
}

test("without a change known it says the last value", () => {
  const said = startExpert().see(4);
  for (const value of said) expect(value).toBeCloseTo(toLogScale(4, SCALE), 6);
});

test("then the last value plus the changes so far", () => {
  const expert = startExpert();
  const values = [4, 6, 5, 8];
  const said = values.map((value) => expert.see(value)).at(-1);
  const onScale = values.map((value) => toLogScale(value, SCALE));
  const changes = onScale.slice(1).map((value, index) => value - (onScale[index] ?? 0));
  const last = onScale.at(-1) ?? 0;
  for (const [index, level] of QUANTILE_LEVELS.entries())
    expect(said?.[index]).toBeCloseTo(Math.max(last + naiveQuantile(changes, level), 0), 2);
});

test("never below nothing", () => {
  const expert = startExpert();
  for (const value of [10, 0.01, 10, 0.01]) expert.see(value);
  expect(Math.min(...expert.see(0.01))).toBe(0);
});

test("calm, raised and bursting are remembered apart", () => {
  const expert = startExpert();
  // Half a day: one burst that always falls to 3, then 3 twice, of which the second falls to 1, then calm.
  const cycle = [10, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1];
  const said = Array.from({ length: 40 * cycle.length }, (_, tick) => expert.see(cycle[tick % cycle.length] ?? 0));
  const [afterBurst, , afterRaised, afterCalm] = said.slice(-cycle.length);
  const quantile = (row: readonly number[] | undefined, level: QuantileLevel) =>
    fromLogScale(row?.[levelIndex(level)] ?? Number.NaN, SCALE);
  expect(quantile(afterBurst, 0.1)).toBeCloseTo(3, 0);
  expect(quantile(afterBurst, 0.95)).toBeCloseTo(3, 0);
  expect(quantile(afterRaised, 0.25)).toBeCloseTo(1, 1);
  expect(quantile(afterRaised, 0.8)).toBeCloseTo(3, 0);
  expect(quantile(afterCalm, 0.5)).toBeCloseTo(1, 1);
  expect(quantile(afterCalm, 0.95)).toBeCloseTo(10, 0);
});
