import { beforeAll, describe, expect, test } from "vitest";
import { type ForecastModel, type KnownSeries, peakAfter, type Window } from "../../forecast/forecast-model.ts";
import { demandPanel, type PanelSource } from "../../forecast/lstm/demand-panel.ts";
import { LSTM_SHAPE, WARM_UP_STEPS } from "../../forecast/lstm/lstm-shape.ts";
import { trainingData } from "../../forecast/lstm/training-data.ts";
import { lstmModel } from "../../forecast/models/lstm-model.ts";
import { openKernelCommittee } from "../../forecast/network/committee.ts";
import { openTrainingMemory } from "../../forecast/network/training-memory.ts";
import { startTraining, trainSome } from "../../forecast/network/training-run.ts";
import type { ExternalEvent } from "../../model/event.ts";
import { LEVEL_COUNT, levelIndex, pinballLoss, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { HOURS_A_WEEK, type WorkloadProfile } from "../../model/profile.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { quantileOf } from "../../model/series.ts";
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, startOfTick, timeGrid } from "../../model/time.ts";
import { windowCovariates } from "../../signals/covariates.ts";
import { eventCalendar } from "../../signals/event-calendar.ts";
import { anEvent, aProfile } from "../../signals/signals.arbitrary.ts";
import { inventSignals } from "./invent-signals.ts";

const STEP_MS = 10 * MINUTE_MS;
const HOUR = HOUR_MS / STEP_MS;
const DAY = DAY_MS / STEP_MS;
const START_MS = Date.UTC(2026, 2, 2);
const SHAPE = { ...LSTM_SHAPE, hidden: 16, width: 32 };
const STEPS = 250;

/** Ups and downs of a day, each series at hours of its own, and somewhat noisy. */
function somebody(seed: number, days: number): Float64Array {
  const random = seededRandom(seed);
  const [level, phase, depth] = [0.5 + 3 * random.next(), DAY * random.next(), 0.3 + 0.6 * random.next()];
  return Float64Array.from({ length: days * DAY }, (_, tick) => {
    const wave = 1 + depth * Math.sin((2 * Math.PI * (tick - phase)) / DAY);
    return level * wave * Math.exp(0.08 * random.normal());
  });
}

function taught(): ForecastModel {
  const days = 16;
  const source: PanelSource = {
    startMs: START_MS,
    stepMs: STEP_MS,
    values: Array.from({ length: 16 }, (_, seed) => somebody(seed, days)),
    resources: Array(16).fill(0),
    floors: Array(16).fill(0.01),
  };
  const invent = inventSignals(source, { events: 0.5, profilesOfYoung: 0.6, profilesOfOld: 0.2 });
  const data = trainingData(demandPanel(source), { ticks: days * DAY, validationShare: 0.15 }, invent);
  const plan = { shape: SHAPE, seed: 1, steps: STEPS, peakRate: 6e-3, validateEvery: STEPS, patience: 1 };
  const { parameters } = trainSome(startTraining(plan), { memory: openTrainingMemory(SHAPE), data, steps: STEPS });
  return lstmModel({ inference: openKernelCommittee({ shape: SHAPE, members: [parameters] }), stepMs: STEP_MS });
}

interface Told {
  readonly event?: ExternalEvent | undefined;
  readonly profile?: WorkloadProfile | undefined;
}

function ask(model: ForecastModel, { values, firstTick = 0 }: Known, windows: readonly Window[], told: Told = {}) {
  const grid = timeGrid({ startMs: START_MS + firstTick * STEP_MS, stepMs: STEP_MS, length: values.length });
  const signals = {
    calendar: eventCalendar(told.event ? [told.event] : []),
    profile: told.profile,
    resource: "cpu",
  } as const;
  const covariates = windowCovariates(signals, { origin: startOfTick(grid, grid.length), stepMs: STEP_MS });
  const known: KnownSeries = { grid, values, resource: "cpu", events: [], covariates };
  return model.fit([known]).predict(0, windows);
}

interface Known {
  readonly values: Float64Array;
  readonly firstTick?: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a network taught on invented signals", () => {
  let model: ForecastModel;
  beforeAll(() => {
    model = taught();
  }, 120_000);

  /** Mean log of the median told of the event over that told of nothing, by window. The last ticks were lifted already. */
  function moves(windows: readonly Window[], event: (origin: number) => ExternalEvent, liftedTicks = 0): number[] {
    const each = Array.from({ length: 20 }, (_, seed) => {
      const values = somebody(100 + seed, 12).slice(0, 10 * DAY + 7 * seed);
      for (let tick = values.length - liftedTicks; tick < values.length; tick++) values[tick] = 2 * (values[tick] ?? 0);
      const [without, told] = [{}, { event: event(START_MS + values.length * STEP_MS) }].map((said) =>
        ask(model, { values }, windows, said),
      );
      const medianOf = (rows: Float64Array | undefined, row: number) =>
        rows?.[row * LEVEL_COUNT + levelIndex(0.5)] ?? Number.NaN;
      return windows.map((_, row) => Math.log(medianOf(told, row) / medianOf(without, row)));
    });
    return windows.map((_, row) => mean(each.map((move) => move[row] ?? Number.NaN)));
  }

  test.each([1.5, 2, 3])("raises its forecast by about a declared factor of %f, for as long as it holds", (factor) => {
    const windows = [
      { from: 0, ticks: 1 },
      { from: 0, ticks: 3 },
      { from: 3 * HOUR, ticks: HOUR },
      { from: 12 * HOUR, ticks: HOUR },
    ];
    const sixHours = (origin: number) =>
      anEvent({ start: instant(origin), end: instant(origin + 6 * HOUR_MS), declaredUplift: factor });
    const [next, soon, later, over] = moves(windows, sixHours);
    for (const move of [next, soon, later]) {
      expect(move).toBeGreaterThan(Math.log(factor) / 2);
      expect(move).toBeLessThan(2 * Math.log(factor));
    }
    expect(Math.abs(over ?? Number.NaN)).toBeLessThan(0.1 * Math.log(factor));
  });

  test("knows that what an event lifted comes down when it ends", () => {
    const endsInAnHour = (origin: number) =>
      anEvent({ start: instant(origin - 3 * HOUR_MS), end: instant(origin + HOUR_MS), declaredUplift: 2 });
    const windows = [
      { from: 0, ticks: 1 },
      { from: HOUR + 1, ticks: 3 },
    ];
    const [during, after] = moves(windows, endsInAnHour, 3 * HOUR);
    expect(after).toBeLessThan((during ?? Number.NaN) - 0.3);
    expect(after).toBeLessThan(-0.2);
  });

  test("forecasts a new series better when told its profile, and worse when told another one's", () => {
    const windows = Array.from({ length: 24 }, (_, hour) => ({ from: hour * HOUR, ticks: HOUR }));
    const losses = Array.from({ length: 30 }, (_, seed) => {
      const values = somebody(200 + seed, 7);
      const origin = ((37 * seed) % DAY) + WARM_UP_STEPS;
      const known = { values: values.subarray(origin - WARM_UP_STEPS, origin), firstTick: origin - WARM_UP_STEPS };
      const profiles = [undefined, profileOf(values, 0), profileOf(values, 12)];
      return profiles.map((profile) => lossOf(ask(model, known, windows, { profile }), { values, origin, windows }));
    });
    const [without, told, misled] = [0, 1, 2].map((which) => mean(losses.map((row) => row[which] ?? Number.NaN)));
    expect(told).toBeLessThan(0.95 * (without ?? Number.NaN));
    expect(misled).toBeGreaterThan(without ?? Number.NaN);
  });
});

/** What the series does at each hour of the day, or does so many hours away from it. */
function profileOf(values: Float64Array, hoursOff: number): WorkloadProfile {
  const level = (quantile: number) =>
    Float64Array.from({ length: HOURS_A_WEEK }, (_, hour) => {
      const from = ((hour + hoursOff) % 24) * HOUR;
      const known = Float64Array.from({ length: 7 * HOUR }, (_, each) => {
        const [day, tick] = [Math.floor(each / HOUR), each % HOUR];
        return values[day * DAY + from + tick] ?? Number.NaN;
      });
      return quantileOf(known, quantile);
    });
  return aProfile({ demand: { cpu: { typical: level(0.5), peak: level(0.95) } } });
}

interface Truth {
  readonly values: Float64Array;
  readonly origin: number;
  readonly windows: readonly Window[];
}

function lossOf(rows: Float64Array, { values, origin, windows }: Truth): number {
  const losses = windows.flatMap((window, row) =>
    QUANTILE_LEVELS.map((level, place) => {
      const said = Math.log(rows[row * LEVEL_COUNT + place] ?? Number.NaN);
      return pinballLoss(level, Math.log(peakAfter(values, origin, window)) - said);
    }),
  );
  return mean(losses);
}
