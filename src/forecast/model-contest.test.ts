import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { seededRandom } from "../model/seeded-random.ts";
import { timeGrid } from "../model/time.ts";
import { type ForecastModel, silence } from "./forecast-model.ts";
import { contestLosses } from "./model-contest.ts";
import type { RecordedSeries } from "./trace-series.ts";

const DAY = 96;
const grid = timeGrid({ startMs: 0, stepMs: 900_000, length: 10 * DAY });
const FROM = 8 * DAY;

function constantSeries(value: number, changes: Partial<RecordedSeries> = {}): RecordedSeries {
  const values = new Float64Array(grid.length).fill(value);
  return { grid, values, resource: "cpu", siblings: [], events: [], ...changes };
}

/** Says `factor` times the last value, whatever the level. */
function lastTimes(factor: number, seen: (length: number) => void = () => {}): ForecastModel {
  return {
    name: `last x ${factor}`,
    fit: (known) => ({
      predict: (index, windows) => {
        const values = known[index]?.values ?? new Float64Array(0);
        seen(values.length);
        return new Float64Array(windows.length * LEVEL_COUNT).fill(factor * (values.at(-1) ?? Number.NaN));
      },
    }),
  };
}
const silent: ForecastModel = { name: "silent", fit: () => ({ predict: (_, windows) => silence(windows.length) }) };

const ask = (models: readonly ForecastModel[], vm: readonly RecordedSeries[], changes = {}) =>
  contestLosses(models, { vm, from: FROM, to: grid.length, origins: 20, random: seededRandom(3), ...changes });

test("who is right loses nothing, who is wrong loses more the more it is wrong, on the same windows", () => {
  const [loss] = ask([lastTimes(1), lastTimes(1.1), lastTimes(2)], [constantSeries(3)]);
  expect(loss?.losses[0]).toBe(0);
  expect(loss?.losses[1]).toBeGreaterThan(0);
  expect(loss?.losses[2]).toBeGreaterThan(loss?.losses[1] ?? 0);
  expect(loss?.windows).toBeGreaterThan(20 * 3);
  expect(loss?.windows).toBeLessThanOrEqual(20 * 6);
});

test("the loss does not depend on the unit of demand", () => {
  const [small, large] = [1, 1_000].map((value) => ask([lastTimes(1.5)], [constantSeries(value)])[0]?.losses[0]);
  expect(small).toBeCloseTo(large ?? 0, 12);
});

test("nothing from the moment of the forecast on is shown, and every moment lies within the span", () => {
  const lengths: number[] = [];
  ask([lastTimes(1, (length) => lengths.push(length))], [constantSeries(3)]);
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(FROM);
  expect(Math.max(...lengths)).toBeLessThan(grid.length);
});

test("only windows count about which all say something and whose demand is known", () => {
  expect(ask([lastTimes(1), silent], [constantSeries(3)])).toEqual([]);
  const half = constantSeries(3);
  half.values.fill(Number.NaN, 9 * DAY);
  const known = ask([lastTimes(1)], [half, constantSeries(3)]);
  expect(known).toHaveLength(2);
  expect(known[0]?.windows).toBeLessThan(known[1]?.windows ?? 0);
});

test("the same seed asks the same, and a span that is empty asks nothing", () => {
  expect(ask([lastTimes(1.2)], [constantSeries(3)])).toEqual(ask([lastTimes(1.2)], [constantSeries(3)]));
  expect(ask([lastTimes(1)], [constantSeries(3)], { to: FROM })).toEqual([]);
  expect(ask([lastTimes(1)], [])).toEqual([]);
});
