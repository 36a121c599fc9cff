import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { seededRandom } from "../model/seeded-random.ts";
import { HOUR_MS, MINUTE_MS } from "../model/time.ts";
import { advance, createDemandEngine } from "./demand-engine.ts";
import { readDemand } from "./demand-history.ts";

const gap = Number.NaN;

/** One series, fed tick by tick. */
function startEngine(given: { stepMs: number; floor?: number }) {
  const engine = createDemandEngine({ stepMs: given.stepMs, floors: Float64Array.of(given.floor ?? 1e-3) });
  const quantiles = new Float64Array(LEVEL_COUNT);
  return {
    engine,
    see(demand: number): number[] {
      advance(engine, { demand: Float64Array.of(demand) }, quantiles);
      return [...quantiles];
    },
  };
}

const forecastsOf = (demand: readonly number[]) => {
  const { see } = startEngine({ stepMs: HOUR_MS });
  return demand.map(see);
};

const amount = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
  fc.constantFrom(0, 1e-9, 1, 1000, 1e12, 1e30, gap),
);
const anyDemand = fc.array(amount, { minLength: 1, maxLength: 120 });

test("quantiles ascend, are finite and not negative for any demand, and unknown until the first sample", () => {
  fc.assert(
    fc.property(anyDemand, (demand) => {
      const firstKnown = demand.findIndex((each) => !Number.isNaN(each));
      for (const [tick, row] of forecastsOf(demand).entries()) {
        if (firstKnown < 0 || tick < firstKnown) expect(row.every(Number.isNaN)).toBe(true);
        else {
          expect(row.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
          expect(row).toEqual(row.toSorted((a, b) => a - b));
        }
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("the same demand gives the same bits, and later samples change no earlier forecast", () => {
  fc.assert(
    fc.property(anyDemand, anyDemand, anyDemand, (past, future, other) => {
      expect(forecastsOf([...past, ...future])).toEqual(forecastsOf([...past, ...future]));
      const known = forecastsOf([...past, ...future]).slice(0, past.length);
      expect(forecastsOf([...past, ...other]).slice(0, past.length)).toEqual(known);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("series do not touch each other", () => {
  const both = createDemandEngine({ stepMs: HOUR_MS, floors: Float64Array.of(1e-3, 1e-3) });
  const quantiles = new Float64Array(2 * LEVEL_COUNT);
  const alone = startEngine({ stepMs: HOUR_MS });
  for (let tick = 0; tick < 60; tick++) {
    advance(both, { demand: Float64Array.of((tick * 7) % 5, tick % 11 === 0 ? gap : 1e6 * tick) }, quantiles);
    expect([...quantiles.subarray(0, LEVEL_COUNT)]).toEqual(alone.see((tick * 7) % 5));
  }
});

test("after the first sample, that is what is expected", () => {
  const [row] = forecastsOf([4]);
  for (const [index, level] of QUANTILE_LEVELS.entries()) if (level >= 0.5) expect(row?.[index]).toBeCloseTo(4, 5);
});

test("a missing sample teaches nothing and repeats the last one in the history, but time goes on", () => {
  const { engine, see } = startEngine({ stepMs: HOUR_MS });
  for (const demand of [3, 1, 4, 1, 5]) see(demand);
  const learned = () =>
    structuredClone({
      regrets: engine.mixture.regrets,
      corrections: engine.mixture.corrections,
      counts: engine.lastValue.changes.counts,
      samples: engine.samples,
      scales: engine.scales,
    });
  const before = learned();
  see(gap);
  see(gap);
  expect(learned()).toEqual(before);
  expect(engine.tick).toBe(7);
  expect(Array.from({ length: 7 }, (_, tick) => readDemand(engine.history, 0, tick))).toEqual([3, 1, 4, 1, 5, 5, 5]);
});

test("the scale is the largest demand of the last 7 days and forgets it after them", () => {
  const { engine, see } = startEngine({ stepMs: HOUR_MS, floor: 0.5 });
  const scales: (number | undefined)[] = [];
  for (let hour = 0; hour < 200; hour++) {
    see(hour === 10 ? 9 : 1);
    scales.push(engine.scales[0]);
  }
  expect([scales[9], scales[10], scales[10 + 167], scales[10 + 168]]).toEqual([1, 9, 9, 1]);
});

test("the scale never falls below the floor", () => {
  const { engine, see } = startEngine({ stepMs: HOUR_MS, floor: 0.5 });
  see(0);
  expect(engine.scales[0]).toBe(0.5);
});

const DAY = 288;
const SPIKE_AT = 100;

/** Seven days around 1 with a spike to 20 at one minute of each day, then what day 8 is forecast to be, tick by tick. */
function dayEight(lost: { from: number; to: number }): number[][] {
  const { see } = startEngine({ stepMs: 5 * MINUTE_MS });
  const random = seededRandom(5);
  const rows: number[][] = [];
  for (let tick = 0; tick < 8 * DAY - 1; tick++) {
    const demand = tick % DAY === SPIKE_AT ? 20 : 1 + 0.2 * random.next();
    rows.push(see(tick >= lost.from && tick < lost.to ? gap : demand));
  }
  return rows.slice(7 * DAY - 1);
}

test.each([
  ["all samples there", { from: 0, to: 0 }],
  ["nine hours without samples on day 3", { from: 2 * DAY + 120, to: 2 * DAY + 228 }],
])("a spike at the same minute of 7 days is expected on day 8: %s", (_, lost) => {
  const rows = dayEight(lost);
  const high = rows.map((row) => row[levelIndex(0.99)] ?? gap);
  const farAway = high.filter((_, tick) => Math.abs(tick - SPIKE_AT) > 36);
  expect(high[SPIKE_AT]).toBeGreaterThan(5);
  expect(high[SPIKE_AT]).toBeGreaterThan(4 * Math.max(...farAway));
});

test.each([
  ["always right", 1],
  ["always half of the truth", 0.5],
])("a hint that is %s is believed as far as it was right", (_, share) => {
  const engine = createDemandEngine({ stepMs: HOUR_MS, floors: Float64Array.of(1e-3), hintCount: 1 });
  const random = seededRandom(8);
  const quantiles = new Float64Array(LEVEL_COUNT);
  let next = 1;
  let errors = 0;
  for (let tick = 0; tick < 600; tick++) {
    const demand = next;
    if (tick >= 400) errors += Math.abs((quantiles[levelIndex(0.5)] ?? gap) - demand) / 200;
    next = 1 + 9 * random.next();
    advance(engine, { demand: Float64Array.of(demand), hints: Float64Array.of(share * next) }, quantiles);
  }
  // Without the hint the best constant is off by 2.25 in the mean.
  expect(errors).toBeLessThan(0.5);
});
