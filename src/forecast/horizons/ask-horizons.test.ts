import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { DEMAND_FLOORS, RESOURCES } from "../../model/resources.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import {
  advance,
  askNetwork,
  createDemandEngine,
  type DemandEngine,
  forecastTick,
  observeTick,
} from "../demand-engine.ts";
import { MARKS } from "../demand-record/sample-kind.ts";
import { LSTM_SHAPE } from "../lstm/lstm-shape.ts";
import { initialParameters } from "../network/initial-parameters.ts";
import { openKernelInference } from "../network/kernel-inference.ts";
import { hourlyPeaksAhead, peakQuantiles } from "./ask-horizons.ts";

const gap = Number.NaN;
const MEDIAN = levelIndex(0.5);

/** One series; an hour has four ticks. */
function start(stepMs = 15 * MINUTE_MS) {
  const engine = createDemandEngine({ stepMs, floors: Float64Array.of(1e-3), horizons: true });
  const next = new Float64Array(LEVEL_COUNT);
  return {
    engine,
    see(demand: number, marks = 0) {
      advance(engine, { demand: Float64Array.of(demand), marks: Uint8Array.of(marks) }, next);
      return { next: [...next], peak: [...peakQuantiles(engine)], hours: [...hourlyPeaksAhead({ engine, series: 0 })] };
    },
  };
}

const runOf = (demand: readonly number[]) => {
  const { see } = start();
  return demand.map((each) => see(each));
};

const hourOf = (hours: readonly number[], hour: number) => hours.slice(hour * LEVEL_COUNT, (hour + 1) * LEVEL_COUNT);
const amount = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
  fc.constantFrom(0, 1e-9, 1, 1000, 1e12, 1e30, gap),
);
const anyDemand = fc.array(amount, { minLength: 1, maxLength: 60 });

function checkRows(rows: readonly (readonly number[])[], isKnown: boolean): void {
  if (!isKnown) expect(rows.flat().every(Number.isNaN)).toBe(true);
  else
    for (const row of rows) {
      expect(row.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      expect(row).toEqual(row.toSorted((left, right) => left - right));
    }
}

test("for any demand: unknown until the first sample, then finite, ascending, and never calmer further ahead", () => {
  fc.assert(
    fc.property(anyDemand, (demand) => {
      const firstKnown = demand.findIndex((each) => !Number.isNaN(each));
      for (const [tick, { next, peak, hours }] of runOf(demand).entries()) {
        const rows = [next, peak, ...Array.from({ length: 24 }, (_, hour) => hourOf(hours, hour))];
        checkRows(rows, firstKnown >= 0 && tick >= firstKnown);
        for (const [level, value] of next.entries()) {
          expect(peak[level] ?? gap).not.toBeLessThan(value);
          expect(hours[level] ?? gap).not.toBeLessThan(peak[level] ?? gap);
        }
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("nothing is learned from what has not come: later samples change no earlier forecast", () => {
  fc.assert(
    fc.property(anyDemand, anyDemand, anyDemand, (past, future, other) => {
      const known = runOf([...past, ...future]).slice(0, past.length);
      expect(runOf([...past, ...other]).slice(0, past.length)).toEqual(known);
    }),
    { seed: 1, numRuns: 20 },
  );
});

test("a half hour teaches when it is over, no tick before", () => {
  const { engine, see } = start(5 * MINUTE_MS);
  const corrections = () => [...(engine.horizons?.halfHour.mixture.corrections ?? [])];
  const random = seededRandom(6);
  for (let tick = 0; tick < 700; tick++) {
    const before = corrections();
    see(1 + random.next());
    // Question asked where this is 0, half an hour over six ticks later.
    const phase = engine.tick % 7;
    if (phase === 6 && tick > 20) expect(corrections()).not.toEqual(before);
    else if (phase !== 6) expect(corrections()).toEqual(before);
  }
});

test.each([
  ["missing", gap, 0],
  ["not to be learned from", 1, MARKS.excluded],
  ["off", 0, MARKS.off],
])("half hours and hours of which half is %s teach nothing", (_, demand, marks) => {
  const { engine, see } = start(5 * MINUTE_MS);
  for (let tick = 0; tick < 300; tick++) see(1 + (tick % 3));
  const learned = () => structuredClone([engine.horizons?.halfHour.mixture, engine.horizons?.hourly.mixture]);
  while (engine.tick % 84 !== 0) see(1 + (engine.tick % 3));
  for (let tick = 0; tick < 12; tick++) see(demand, marks);
  const before = learned();
  for (let tick = 0; tick < 120; tick++) see(engine.tick % 2 === 0 ? demand : 2, engine.tick % 2 === 0 ? marks : 0);
  expect(learned()).toEqual(before);
});

test("after the first sample, that is what is expected", () => {
  const [said] = runOf([4]);
  for (const [level, wanted] of QUANTILE_LEVELS.entries())
    if (wanted >= 0.5) {
      expect(said?.peak[level]).toBeCloseTo(4, 5);
      for (const hour of [0, 5, 23]) expect(hourOf(said?.hours ?? [], hour)[level]).toBeCloseTo(4, 2);
    }
});

test("a machine that is off is expected to stay so for half an hour, not for a day", () => {
  const { see } = start(HOUR_MS);
  for (let hour = 0; hour < 72; hour++) see(5);
  const { peak, hours } = see(0, MARKS.off);
  expect(Math.max(...peak)).toBe(0);
  expect(hourOf(hours, 12)[MEDIAN]).toBeGreaterThan(1);
});

test("a peak at the same hour of every day is expected in that hour, as high as it comes", () => {
  const { see, engine } = start();
  const random = seededRandom(3);
  const isPeak = (tick: number) => Math.floor(tick / 4) % 24 === 9;
  let said: ReturnType<typeof see> | undefined;
  for (let tick = 0; tick < 10 * 96; tick++) said = see((isPeak(tick) ? 8 : 1) + 0.2 * random.next());
  const medians = Array.from({ length: 24 }, (_, hour) => hourOf(said?.hours ?? [], hour)[MEDIAN] ?? gap);
  expect(engine.tick % 96).toBe(0);
  expect(medians[9]).toBeGreaterThan(7.5);
  for (const hour of [3, 6, 12, 16, 20]) expect(medians[hour]).toBeLessThan(2);
});

test("the peak of half an hour is modelled as a peak: above the quantiles of its ticks where they have little to do with each other", () => {
  const { see } = start(5 * MINUTE_MS);
  const random = seededRandom(3);
  let said: ReturnType<typeof see> | undefined;
  for (let tick = 0; tick < 10 * 288; tick++) said = see(1 + random.next());
  // The median of the largest of six even numbers is 0.5 ^ (1 / 6).
  expect(said?.next[MEDIAN]).toBeCloseTo(1.5, 0);
  expect(said?.peak[MEDIAN]).toBeCloseTo(1 + 0.5 ** (1 / 6), 1);
});

const inference = openKernelInference({
  shape: LSTM_SHAPE,
  parameters: initialParameters(LSTM_SHAPE, seededRandom(3)),
});
const floors = Float64Array.from({ length: 8 }, (_, series) => DEMAND_FLOORS[RESOURCES[series % 4] ?? "cpu"]);

function networkEngine(isServedWithin: boolean): DemandEngine {
  const network = { startMs: Date.UTC(2026, 0, 5), batchSeries: 4, ...(isServedWithin && { inference }) };
  return createDemandEngine({ stepMs: 15 * MINUTE_MS, floors, network, horizons: true });
}

test("a tick in three parts, with the network asked in between, says what a tick in one says", () => {
  const [whole, inParts] = [networkEngine(true), networkEngine(false)];
  const [one, other] = [new Float64Array(8 * LEVEL_COUNT), new Float64Array(8 * LEVEL_COUNT)];
  const random = seededRandom(5);
  for (let tick = 0; tick < 150; tick++) {
    const demand = floors.map((floor) => floor * (20 + 80 * random.next()));
    advance(whole, { demand }, one);
    observeTick(inParts, { demand });
    for (const { request, take } of askNetwork(inParts, {})) take(inference.infer(request));
    forecastTick(inParts, { demand }, other);
  }
  expect(other).toEqual(one);
  expect(peakQuantiles(inParts)).toEqual(peakQuantiles(whole));
  expect(inParts.horizons?.hourly).toEqual(whole.horizons?.hourly);
  expect(hourlyPeaksAhead({ engine: whole, series: 5 })).not.toEqual(hourlyPeaksAhead({ engine: inParts, series: 5 }));
});

test("a network that nobody asked is silent, and the rest forecasts", () => {
  const engine = networkEngine(false);
  const quantiles = new Float64Array(8 * LEVEL_COUNT);
  const demand = floors.map((floor) => 30 * floor);
  for (let tick = 0; tick < 60; tick++) {
    observeTick(engine, { demand });
    forecastTick(engine, { demand }, quantiles);
  }
  expect(quantiles.every((value) => Number.isFinite(value))).toBe(true);
  expect(peakQuantiles(engine).every((value) => Number.isFinite(value))).toBe(true);
  expect(hourlyPeaksAhead({ engine, series: 2 }).every((value) => Number.isFinite(value))).toBe(true);
});

test("what a profile declares stands alone until samples come", () => {
  const engine = createDemandEngine({ stepMs: HOUR_MS, floors: Float64Array.of(1e-3), horizons: true });
  const declared = Float64Array.from(QUANTILE_LEVELS, (level) => 1 + level);
  const halfHour = declared.map((value) => 2 * value);
  const prior = { quantiles: declared, weights: Float64Array.of(1), halfHour };
  const quantiles = new Float64Array(LEVEL_COUNT);
  advance(engine, { demand: Float64Array.of(gap), prior }, quantiles);
  expect([...peakQuantiles(engine)]).toEqual([...Float32Array.from(halfHour)]);
  const day = Float64Array.from({ length: 24 * LEVEL_COUNT }, (_, cell) => 10 + (declared[cell % LEVEL_COUNT] ?? 0));
  expect(hourlyPeaksAhead({ engine, series: 0, prior: { quantiles: day, share: 0.5 } })).toEqual(day);
});
