import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { DEMAND_FLOORS, RESOURCES } from "../../model/resources.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { MINUTE_MS, timeGrid } from "../../model/time.ts";
import { createDemandEngine, forecastTick, observeTick } from "../demand-engine.ts";
import { fromLogScale } from "../log-scale.ts";
import { LSTM_SHAPE } from "../lstm/lstm-shape.ts";
import { lstmModel } from "../models/lstm-model.ts";
import { initialParameters } from "../network/initial-parameters.ts";
import { openKernelInference } from "../network/kernel-inference.ts";
import { farQuestion } from "./far-question.ts";
import { farDay } from "./hourly-peaks-ahead.ts";

const STEP_MS = 5 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 5);
const inference = openKernelInference({
  shape: LSTM_SHAPE,
  parameters: initialParameters(LSTM_SHAPE, seededRandom(3)),
});
const floors = Float64Array.from(RESOURCES, (resource) => DEMAND_FLOORS[resource]);

test("asked of several series at once, it says of each what the model behind the seam says of the same history", () => {
  const random = seededRandom(8);
  // The largest of all comes first, so that the unit of the log scale never moves, as in the engine's one reading.
  const demand = Array.from({ length: 700 }, (_, tick) =>
    floors.map((floor) => floor * (tick === 0 ? 100 : 20 + 15 * Math.sin(tick / 20) + 40 * random.next() ** 4)),
  );
  const engine = createDemandEngine({ stepMs: STEP_MS, floors, network: { startMs: START_MS }, horizons: true });
  const quantiles = new Float64Array(RESOURCES.length * LEVEL_COUNT);
  for (const tick of demand) {
    observeTick(engine, { demand: tick });
    forecastTick(engine, { demand: tick }, quantiles);
  }
  const known = RESOURCES.map((resource, series) => ({
    grid: timeGrid({ startMs: START_MS, stepMs: STEP_MS, length: demand.length }),
    values: Float64Array.from(demand, (tick) => tick[series] ?? Number.NaN),
    resource,
    siblings: RESOURCES.map((_, other) => other).filter((other) => other !== series),
    events: [],
  }));
  const model = lstmModel({ inference, stepMs: STEP_MS }).fit(known);
  const request = farQuestion(engine, [3, 1]);
  const said = request && inference.infer(request).quantiles[0];
  for (const [place, series] of [3, 1].entries()) {
    const expected = model.predict(series, farDay(engine.season));
    const scale = engine.largest[series] ?? Number.NaN;
    for (let cell = 0; cell < 24 * LEVEL_COUNT; cell++) {
      const value = said?.[place * 24 * LEVEL_COUNT + cell] ?? Number.NaN;
      expect(fromLogScale(value, scale) / scale).toBeCloseTo((expected[cell] ?? 0) / scale, 2);
    }
  }
});

test("without a network, or with one that sleeps, nothing is asked", () => {
  const never = createDemandEngine({ stepMs: STEP_MS, floors, horizons: true });
  const later = createDemandEngine({ stepMs: STEP_MS, floors, horizons: true, network: { startMs: 0, firstTick: 9 } });
  expect([farQuestion(never, [0]), farQuestion(later, [0])]).toEqual([undefined, undefined]);
});
