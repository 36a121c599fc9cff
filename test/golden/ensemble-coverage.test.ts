// In the long run every level of an ensemble covers what it says, on demand that stays as it is and on demand that drifts:
// growth, changes of regime, a spread that rises. Fixed seeds; forecasts are extended from one origin to the next.
import { expect, test } from "vitest";
import { type KnownSeries, peakAfter, type Window } from "../../src/forecast/forecast-model.ts";
import { ensemble } from "../../src/forecast/models/ensemble.ts";
import { seasonalNaive } from "../../src/forecast/models/seasonal-naive.ts";
import { seasonalQuantile } from "../../src/forecast/models/seasonal-quantile.ts";
import { window24h } from "../../src/forecast/models/window-24h.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../src/model/forecast.ts";
import { seededRandom } from "../../src/model/seeded-random.ts";
import { DAY_MS, MINUTE_MS, timeGrid } from "../../src/model/time.ts";

const STEP_MS = 5 * MINUTE_MS;
const DAY = DAY_MS / STEP_MS;
const DAYS = 60;
/** What comes before is learned from and not scored. */
const FIRST_DAY = 32;
const SERIES = 8;
/** Ticks between two forecasts. */
const STRIDE = 20;

const WINDOWS: Readonly<Record<string, readonly Window[]>> = {
  "30 min": [0, 1, 2, 3, 4, 5].map((from) => ({ from, ticks: 1 })),
  "its peak": [{ from: 0, ticks: 6 }],
  "24 h": Array.from({ length: 12 }, (_, index) => ({ from: 6 + 24 * index, ticks: 1 })),
  "hourly peaks": Array.from({ length: 12 }, (_, index) => ({ from: 24 * index, ticks: 12 })),
};

const model = ensemble({
  name: "ensemble",
  members: [seasonalNaive({ scale: "linear", season: "grid" }), seasonalQuantile("grid"), window24h("grid")].map(
    (member) => ({ model: member, prior: 1 }),
  ),
  horizonTicks: DAY,
  lessons: { strideTicks: 60, count: 28, halfLife: 10 },
});

type Shape = (tick: number, draw: { readonly noise: number; readonly regime: number }) => number;

const season = (tick: number) => 1 + 0.5 * Math.sin((2 * Math.PI * tick) / DAY);
const SHAPES: Readonly<Record<string, Shape>> = {
  stationary: (tick, { noise }) => 10 * season(tick) * Math.exp(0.3 * noise),
  drifting: (tick, { noise, regime }) => {
    const age = tick / (DAYS * DAY);
    return 10 * (1 + age) * regime * season(tick) * Math.exp((1 + 0.5 * age) * 0.2 * noise);
  },
};

function seriesOf(shape: Shape, seed: number): Float64Array {
  const random = seededRandom(seed);
  let noise = random.normal();
  let regime = 1;
  return Float64Array.from({ length: DAYS * DAY }, (_, tick) => {
    noise = 0.8 * noise + 0.6 * random.normal();
    // A deployment every few days.
    if (random.next() < 1 / (4 * DAY)) regime = Math.exp(0.3 * random.normal());
    return shape(tick, { noise, regime });
  });
}

interface Counted {
  /** Made, of all series. */
  forecasts: number;
  windows: number;
  /** [level] windows whose peak was not above it. */
  readonly below: Float64Array;
}

function countCoverage(shape: Shape): Map<string, Counted> {
  const all = Array.from({ length: SERIES }, (_, seed) => seriesOf(shape, 1 + seed));
  const counts = new Map<string, Counted>();
  let fitted = model.fit(knownAt(all, 5 * DAY));
  for (let origin = 5 * DAY; origin + DAY <= DAYS * DAY; origin += origin < FIRST_DAY * DAY ? 3 * STRIDE : STRIDE) {
    const known = knownAt(all, origin);
    fitted = fitted.extend?.(known) ?? model.fit(known);
    for (const [name, windows] of origin < FIRST_DAY * DAY ? [] : Object.entries(WINDOWS)) {
      const counted = counts.get(name) ?? { forecasts: 0, windows: 0, below: new Float64Array(LEVEL_COUNT) };
      counts.set(name, counted);
      for (const [series, values] of all.entries())
        countForecast(counted, { values, origin, windows, rows: fitted.predict(series, windows) });
    }
  }
  return counts;
}

interface Forecast {
  readonly values: Float64Array;
  readonly origin: number;
  readonly windows: readonly Window[];
  readonly rows: Float64Array;
}

function countForecast(counted: Counted, { values, origin, windows, rows }: Forecast): void {
  counted.forecasts++;
  for (const [index, window] of windows.entries()) {
    const peak = peakAfter(values, origin, window);
    counted.windows++;
    for (let level = 0; level < LEVEL_COUNT; level++)
      if (peak <= (rows[index * LEVEL_COUNT + level] ?? 0)) counted.below[level] = (counted.below[level] ?? 0) + 1;
  }
}

function knownAt(all: readonly Float64Array[], length: number): KnownSeries[] {
  const grid = timeGrid({ startMs: 0, stepMs: STEP_MS, length });
  return all.map((values) => ({ grid, values: values.slice(0, length), events: [] }));
}

test.each(Object.entries(SHAPES))("%s demand", { timeout: 600_000 }, (_, shape) => {
  for (const [what, { forecasts, windows, below }] of countCoverage(shape)) {
    for (const [level, count] of below.entries()) {
      const q = QUANTILE_LEVELS[level] ?? 0;
      // Windows of one forecast come together, so that it counts once in the error of sampling.
      const sampling = 2 * Math.sqrt((q * (1 - q)) / forecasts);
      expect.soft(Math.abs(count / windows - q), `${what}, level ${q}`).toBeLessThan(0.01 + sampling);
    }
  }
});
