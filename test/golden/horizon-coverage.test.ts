// Every level of every horizon covers what it says in the long run, whether demand stands still or drifts.
import { beforeAll, describe, expect, test } from "vitest";
import { advance, createDemandEngine } from "../../src/forecast/demand-engine.ts";
import { peakAfter, type Window } from "../../src/forecast/forecast-model.ts";
import { hourlyPeaksAhead, peakQuantiles } from "../../src/forecast/horizons/ask-horizons.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../src/model/forecast.ts";
import { type SeededRandom, seededRandom } from "../../src/model/seeded-random.ts";
import { MINUTE_MS } from "../../src/model/time.ts";

/** Of a quarter of an hour: a long run is soon over. */
const STEP_MS = 15 * MINUTE_MS;
const DAY = 96;
const HALF_HOUR = 2;
const HOUR = 4;
const SERIES = 6;
const TICKS = 240 * DAY;
const SCORED_FROM = 28 * DAY;

type Demand = (tick: number, random: SeededRandom) => number;

const normal = (random: SeededRandom) => random.next() + random.next() + random.next() + random.next() - 2;

/** Each hour forgets half of the deviation. */
function autoregressive(level: (tick: number) => number): () => Demand {
  return () => {
    let deviation = 0;
    return (tick, random) => {
      deviation = 0.84 * deviation + 0.25 * normal(random);
      return level(tick) * Math.exp(deviation);
    };
  };
}

/** Calm, with bursts of a few ticks now and then. */
function spiky(level: (tick: number) => number): () => Demand {
  return () => {
    let left = 0;
    let height = 0;
    return (tick, random) => {
      if (left === 0 && random.next() < 1 / 20) {
        left = 1 + Math.floor(2 * random.next());
        height = 2 + 8 * random.next();
      }
      left = Math.max(left - 1, 0);
      return level(tick) * (1 + 0.2 * random.next() + (left > 0 ? height : 0));
    };
  };
}

const still = () => 1;
const daily = (tick: number) => 1 + 0.5 * Math.sin((2 * Math.PI * tick) / DAY);
/** Three times as much in eight months, and a quarter more or less over ten days. */
const drifting = (tick: number) => 3 ** (tick / TICKS) * (1 + 0.25 * Math.sin((2 * Math.PI * tick) / (10 * DAY)));

const shapes: Readonly<Record<string, () => Demand>> = {
  "autoregressive, stationary": autoregressive(still),
  "autoregressive, daily": autoregressive(daily),
  "autoregressive, drifting": autoregressive(drifting),
  "spiky, stationary": spiky(still),
  "spiky, drifting": spiky(drifting),
};

/** [level] share of what came at or below its quantile. */
interface Coverage {
  readonly covered: Float64Array;
  asked: number;
}

function count(coverage: Coverage, row: ArrayLike<number>, came: number): void {
  coverage.asked++;
  for (let level = 0; level < LEVEL_COUNT; level++)
    if (came <= (row[level] as number)) coverage.covered[level] = (coverage.covered[level] as number) + 1;
}

function run(shape: () => Demand): Record<"next tick" | "half hour" | "hours", Coverage> {
  const values = Array.from({ length: SERIES }, (_, series) => {
    const [demand, random] = [shape(), seededRandom(100 + series)];
    return Float64Array.from({ length: TICKS }, (_, tick) => demand(tick, random));
  });
  const engine = createDemandEngine({
    stepMs: STEP_MS,
    floors: new Float64Array(SERIES).fill(1e-3),
    horizons: true,
  });
  const quantiles = new Float64Array(SERIES * LEVEL_COUNT);
  const none = (): Coverage => ({ covered: new Float64Array(LEVEL_COUNT), asked: 0 });
  const coverage = { "next tick": none(), "half hour": none(), hours: none() };
  const came = (series: number, origin: number, window: Window) =>
    peakAfter(values[series] as Float64Array, origin, window);
  for (let tick = 0; tick < TICKS - DAY; tick++) {
    advance(engine, { demand: Float64Array.from(values, (own) => own[tick] as number) }, quantiles);
    const origin = tick + 1;
    if (origin < SCORED_FROM) continue;
    for (let series = 0; series < SERIES; series++) {
      const first = series * LEVEL_COUNT;
      const row = quantiles.subarray(first, first + LEVEL_COUNT);
      count(coverage["next tick"], row, came(series, origin, { from: 0, ticks: 1 }));
      const peak = peakQuantiles(engine).subarray(first, first + LEVEL_COUNT);
      count(coverage["half hour"], peak, came(series, origin, { from: 0, ticks: HALF_HOUR }));
      if ((origin + series) % (3 * HOUR + 1) !== 0) continue;
      const path = hourlyPeaksAhead({ engine, series });
      for (let lead = 0; lead < 24; lead++)
        count(
          coverage.hours,
          path.subarray(lead * LEVEL_COUNT, (lead + 1) * LEVEL_COUNT),
          came(series, origin, { from: lead * HOUR, ticks: HOUR }),
        );
    }
  }
  return coverage;
}

describe.each(Object.entries(shapes))("%s", (_, shape) => {
  let coverage: ReturnType<typeof run>;
  beforeAll(() => {
    coverage = run(shape);
  });

  test.each(["next tick", "half hour", "hours"] as const)("%s: within a point", (horizon) => {
    const { covered, asked } = coverage[horizon];
    for (const [level, wanted] of QUANTILE_LEVELS.entries())
      expect(Math.abs((covered[level] as number) / asked - wanted), `level ${wanted}`).toBeLessThan(0.01);
  });
});
