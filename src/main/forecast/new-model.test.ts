// A line in the registry is all that a new model needs: commands, threads and evaluations know it by its name.
import { afterAll, beforeAll, expect, test } from "vitest";
import { eachOnItsOwn } from "../../forecast/forecast-model.ts";
import { MODELS, type NamedModel } from "../../forecast/models/registry.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { HOUR_MS, timeGrid } from "../../model/time.ts";
import { evaluateInThread } from "../evaluate/evaluate-worker.ts";
import { modelNames } from "../evaluate/named-models.ts";
import { forecastInThread } from "./forecast-worker.ts";

const NAME = "always-seven";
const line: NamedModel = {
  make: () => eachOnItsOwn(NAME, () => (windows) => new Float64Array(windows.length * LEVEL_COUNT).fill(7)),
};
const registry = MODELS as Record<string, NamedModel>;

beforeAll(() => {
  registry[NAME] = line;
});
afterAll(() => {
  delete registry[NAME];
});

const series = {
  grid: timeGrid({ startMs: 0, stepMs: HOUR_MS, length: 48 }),
  values: new Float64Array(48).fill(5),
  events: [],
};

test("it is asked where all are, and by its name", () => {
  expect(modelNames(undefined, undefined)).toMatchObject({ ok: true, value: expect.arrayContaining([NAME]) });
  expect(modelNames(undefined, undefined)).toMatchObject({ value: expect.not.arrayContaining(["lstm"]) });
  expect(modelNames(["lstm"], undefined)).toMatchObject({ ok: false, error: { kind: "bad-input" } });
});

test("it forecasts", () => {
  const windows = [{ kind: "tick" as const, from: 0, ticks: 1 }];
  const rest = { models: [NAME], season: "grid" as const, windows, hasParts: true };
  const { opinions } = forecastInThread({ known: [series], asked: [0], ...rest });
  expect(opinions).toEqual([[{ rows: new Float64Array(LEVEL_COUNT).fill(7), isSilent: false, sentence: null }]]);
});

test("it is evaluated", () => {
  const { port1, port2 } = new MessageChannel();
  const target = { name: "30m", title: "", windows: [{ from: 0, ticks: 1 }] };
  const panel = {
    series: [{ ...series, name: "a", group: "" }],
    origins: [24, 30],
    targets: [target],
    seasonTicks: 24,
  };
  const job = { panel, model: NAME, season: "grid" as const, withEvents: false, levels: QUANTILE_LEVELS };
  const [skill] = evaluateInThread({ job, progress: port2 as never });
  port1.close();
  expect(skill?.all).toMatchObject({ windows: 2, silent: 0, absoluteError: 4 });
});
