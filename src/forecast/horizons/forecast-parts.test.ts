import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { MINUTE_MS } from "../../model/time.ts";
import { advance, createDemandEngine, type DemandEngineOptions } from "../demand-engine.ts";
import { LSTM_SHAPE } from "../lstm/lstm-shape.ts";
import { initialParameters } from "../network/initial-parameters.ts";
import { openKernelInference } from "../network/kernel-inference.ts";
import { forecastParts } from "./forecast-parts.ts";

const inference = openKernelInference({
  shape: LSTM_SHAPE,
  parameters: initialParameters(LSTM_SHAPE, seededRandom(3)),
});

function partsAfter(ticks: number, options: Partial<DemandEngineOptions>, weight = 0) {
  const floors = new Float64Array(4).fill(1e-3);
  const engine = createDemandEngine({ stepMs: 15 * MINUTE_MS, floors, ...options });
  const quantiles = new Float64Array(4 * LEVEL_COUNT);
  const random = seededRandom(2);
  const prior = { quantiles: new Float64Array(4 * LEVEL_COUNT).fill(1), weights: new Float64Array(4).fill(weight) };
  for (let tick = 0; tick < ticks; tick++)
    advance(engine, { demand: Float64Array.from({ length: 4 }, () => 1 + random.next()), prior }, quantiles);
  return forecastParts(engine, 1);
}

const network = { inference, startMs: 0 };

test.each([
  ["statistics alone, next tick alone", {}, 0, ["last day", "level"]],
  ["all horizons", { horizons: true }, 0, ["last value", "ticks apart", "same hours"]],
  ["with a network", { horizons: true, network }, 0, ["network", "last week"]],
  ["with a network that sleeps", { horizons: true, network: { ...network, firstTick: 1e6 } }, 0, ["last week"]],
  ["beside a profile", { horizons: true }, 0.3, ["profile", "last week"]],
] as const)("%s: in every window the shares sum to 1", (_, options, weight, names) => {
  const { windows, parts, sentence } = partsAfter(120, options, weight);
  expect(windows.length).toBe("horizons" in options ? 26 : 1);
  for (const [window] of windows.entries()) {
    const shares = parts.map((part) => (part.kind === "member" ? (part.shares[window] ?? Number.NaN) : 0));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  }
  const members = parts.flatMap((part) => (part.kind === "member" && Math.max(...part.shares) > 0 ? [part.name] : []));
  expect(members).toEqual(expect.arrayContaining([...names]));
  expect(members.includes("network")).toBe(names.some((name) => name === "network"));
  const calibration = parts.find((part) => part.kind === "calibration");
  expect(calibration?.amounts.map((amounts) => amounts.length)).toEqual(windows.map(() => LEVEL_COUNT));
  expect(sentence).toContain("of history");
});

test("of a series that was never seen there is nothing to say", () => {
  const { windows, parts, sentence } = partsAfter(0, { horizons: true });
  expect([windows, parts]).toEqual([[], []]);
  expect(sentence).toContain("No history yet");
});
