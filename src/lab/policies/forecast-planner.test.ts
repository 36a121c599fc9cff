import { expect, test } from "vitest";
import type { OneStepForecaster } from "../../forecast/one-step-forecaster.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import type { Policy } from "../policy.ts";
import { decideAll, HOURLY } from "./decide-all.arbitrary.ts";
import { FORECAST_KNOBS, forecastPlanner } from "./forecast-planner.ts";

const planned = (forecaster: () => OneStepForecaster): Policy => ({
  name: "holt-winters",
  title: "Planned",
  source: "this test",
  knobMeaning: "level",
  knobs: FORECAST_KNOBS,
  planning: { kind: "causal", start: (context) => forecastPlanner(forecaster(), context) },
});
const always = (value: number) => planned(() => ({ forecast: () => value, observe: () => {} }));
const at = (knob: number) => FORECAST_KNOBS.indexOf(knob);

test("of demand scattered around a forecast, the level of the knob is covered", () => {
  const random = seededRandom(1);
  const demand = Array.from({ length: 20_000 }, () => 50 + random.normal());
  const decided = decideAll(always(50), HOURLY, demand);
  for (const knob of [0.5, 0.8, 0.9, 0.95]) {
    const covered = demand.filter((value, tick) => value <= (decided[tick]?.[at(knob)] ?? 0)).length;
    expect(covered / demand.length).toBeCloseTo(knob, 1.5);
  }
});

test("a forecast that is always right is the allocation, and knobs above 1 multiply it", () => {
  const allocations = decideAll(always(7), HOURLY, [7, 7, 7]).at(-1) ?? [];
  for (const [index, knob] of FORECAST_KNOBS.entries()) expect(allocations[index]).toBe(knob < 1 ? 7 : 7 * knob);
});

test("a forecast far below 0 allocates nothing", () => {
  expect(Math.max(...(decideAll(always(-1e6), HOURLY, [Number.NaN, 0]).at(-1) ?? []))).toBe(0);
});

test("what the forecaster said before the first sample is no forecast and no error", () => {
  const last = planned(() => {
    let expected = -1e9;
    return {
      forecast: () => expected,
      observe: (value) => {
        expected = value;
      },
    };
  });
  const decided = decideAll(last, HOURLY, [Number.NaN, 3]);
  expect(decided[1]).toEqual(FORECAST_KNOBS.map(() => HOURLY.fixedSize));
  expect(decided[2]?.[at(0.999)]).toBe(3);
});
