import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { DEMAND_FLOORS, RESOURCES } from "../../model/resources.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { MINUTE_MS, timeGrid } from "../../model/time.ts";
import { advance, createDemandEngine, type DemandEngine } from "../demand-engine.ts";
import { fromLogScale } from "../log-scale.ts";
import { lstmModel } from "../models/lstm-model.ts";
import { openKernelCommittee } from "../network/committee.ts";
import { initialParameters } from "../network/initial-parameters.ts";
import { LSTM_SHAPE, WARM_UP_STEPS } from "./lstm-shape.ts";

const STEP_MS = 5 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 5);
/** Of two: each series keeps the states of both. */
const members = [3, 4].map((seed) => initialParameters(LSTM_SHAPE, seededRandom(seed)));
const inference = openKernelCommittee({ shape: LSTM_SHAPE, members });
const floors = Float64Array.from(RESOURCES, (resource) => DEMAND_FLOORS[resource]);

function startEngine(firstTick = 0): DemandEngine {
  return createDemandEngine({ stepMs: STEP_MS, floors, network: { inference, startMs: START_MS, firstTick } });
}

/** [tick][resource] of one VM. */
function someDemand(ticks: number): Float64Array[] {
  const random = seededRandom(8);
  return Array.from({ length: ticks }, (_, tick) =>
    Float64Array.from(floors, (floor) => floor * (50 + 30 * Math.sin(tick / 20) + 40 * random.next() ** 4)),
  );
}

function run(engine: DemandEngine, demand: readonly Float64Array[]): Float64Array {
  const quantiles = new Float64Array(RESOURCES.length * LEVEL_COUNT);
  for (const tick of demand) advance(engine, { demand: tick }, quantiles);
  return quantiles;
}

test("tick by tick it says what the model behind the seam says of the same history", () => {
  const demand = someDemand(WARM_UP_STEPS);
  const engine = startEngine();
  run(engine, demand);
  const known = RESOURCES.map((resource, series) => ({
    grid: timeGrid({ startMs: START_MS, stepMs: STEP_MS, length: demand.length }),
    values: Float64Array.from(demand, (tick) => tick[series] ?? Number.NaN),
    resource,
    siblings: RESOURCES.map((_, other) => other).filter((other) => other !== series),
    events: [],
  }));
  const model = lstmModel({ inference, stepMs: STEP_MS }).fit(known);
  // At this tick the peaks of series 0, kept for an hour, are worked out anew.
  const expected = model.predict(0, [{ from: 0, ticks: 1 }]);
  const said = engine.network?.opinions.subarray(0, LEVEL_COUNT) ?? new Float32Array();
  const scale = engine.scales[0] ?? Number.NaN;
  for (let level = 0; level < LEVEL_COUNT; level++)
    expect(fromLogScale(said[level] ?? Number.NaN, scale) / scale).toBeCloseTo((expected[level] ?? 0) / scale, 4);
});

test("an untrained network, gaps and a late start leave every forecast finite and ascending", () => {
  const demand = someDemand(100).map((tick, index) => (index % 7 === 3 ? tick.fill(Number.NaN, 1, 3) : tick));
  const quantiles = new Float64Array(RESOURCES.length * LEVEL_COUNT);
  const engine = startEngine(40);
  for (const tick of demand) {
    advance(engine, { demand: tick }, quantiles);
    for (let series = 0; series < RESOURCES.length; series++) {
      const row = [...quantiles.subarray(series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT)];
      expect(row.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      expect(row).toEqual(row.toSorted((left, right) => left - right));
    }
  }
});

test("equal samples give equal bits", () => {
  const demand = someDemand(80);
  expect([...run(startEngine(), demand)]).toEqual([...run(startEngine(), demand)]);
});
