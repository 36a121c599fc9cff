import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { MINUTE_MS } from "../../model/time.ts";
import { advance, createDemandEngine } from "../demand-engine.ts";
import { forecastParts } from "./forecast-parts.ts";

function engineAfter(ticks: number) {
  const engine = createDemandEngine({ stepMs: 5 * MINUTE_MS, floors: Float64Array.of(1, 1), horizons: true });
  const random = seededRandom(5);
  const quantiles = new Float64Array(2 * LEVEL_COUNT);
  for (let tick = 0; tick < ticks; tick++)
    advance(engine, { demand: Float64Array.of(10 + 5 * random.next(), Number.NaN) }, quantiles);
  return engine;
}

test("the next tick, the half hour and 24 hours are each made of shares that add up to the whole", () => {
  const { windows, parts, sentence } = forecastParts(engineAfter(700), 0);
  expect(windows.map(({ ticks }) => ticks)).toEqual([1, 6, ...Array(24).fill(12)]);
  const members = parts.flatMap((part) => (part.kind === "member" ? [part] : []));
  for (const place of windows.keys()) {
    const sum = members.reduce((total, { shares }) => total + (shares[place] ?? 0), 0);
    expect(sum).toBeCloseTo(1, 5);
  }
  expect(members.every(({ shares }) => shares.every((share) => share >= 0 && share <= 1 + 1e-6))).toBe(true);
  const calibration = parts.find((part) => part.kind === "calibration");
  expect(calibration?.kind === "calibration" && calibration.amounts.length).toBe(windows.length);
  expect(sentence).toContain("history");
});

test("of a series never seen there are no parts, only the sentence", () => {
  const { windows, parts, sentence } = forecastParts(engineAfter(700), 1);
  expect({ windows, parts }).toEqual({ windows: [], parts: [] });
  expect(sentence.length).toBeGreaterThan(10);
});
