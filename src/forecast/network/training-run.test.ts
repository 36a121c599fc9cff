import { describe, expect, test } from "vitest";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { SMALL_SHAPE, someBatch } from "./network.arbitrary.ts";
import { bytesToCheckpoint, checkpointToBytes } from "./training-checkpoint.ts";
import { openTrainingMemory } from "./training-memory.ts";
import { startTraining, type TrainingData, type TrainingPlan, type TrainingState, trainSome } from "./training-run.ts";

const PLAN: TrainingPlan = { shape: SMALL_SHAPE, seed: 7, steps: 40, peakRate: 4e-3, validateEvery: 8, patience: 3 };

/** Targets follow the inputs of the first window's first step, so that there is something to learn. */
function drawn(random: SeededRandom) {
  const batch = someBatch(SMALL_SHAPE, { steps: 6, windows: 5 }, random.below(1e9));
  const questions = batch.questions.map((question) => ({
    ...question,
    targets: question.targets.map((_, row) => Math.sin(question.features[row] ?? 0) * 0.1 + 1),
  }));
  return { ...batch, questions };
}

const [validation] = [3].map((seed) => someBatch(SMALL_SHAPE, { steps: 6, windows: 4 }, seed));
const DATA: TrainingData = {
  draw: drawn,
  validation: validation
    ? [{ ...validation, questions: validation.questions.map((q) => ({ ...q, targets: q.targets.fill(1) })) }]
    : [],
};

function run(plan: TrainingPlan, pieces: readonly number[], between = (state: TrainingState) => state): TrainingState {
  let state = startTraining(plan);
  for (const steps of pieces)
    state = between(trainSome(state, { memory: openTrainingMemory(plan.shape), data: DATA, steps }));
  return state;
}

const throughBytes = (state: TrainingState) => {
  const read = bytesToCheckpoint(checkpointToBytes(state));
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};

describe("a run", () => {
  const whole = run(PLAN, [1000]);

  test("learns, looks at the validation set when due, and keeps the best", () => {
    expect(whole.outcome).toBe("finished");
    expect(whole.step).toBe(40);
    expect(whole.curve.map(({ step }) => step)).toEqual([8, 16, 24, 32, 40]);
    expect(whole.curve.at(-1)?.training).toBeLessThan(0.7 * (whole.curve[0]?.training ?? 0));
    expect(whole.best.loss).toBe(Math.min(...whole.curve.map((point) => point.validation)));
  });

  test("with the same seed gives the same bytes, with another seed other ones", () => {
    expect(checkpointToBytes(run(PLAN, [1000]))).toEqual(checkpointToBytes(whole));
    expect(run({ ...PLAN, seed: 8 }, [1000]).parameters).not.toEqual(whole.parameters);
  });

  test("in pieces, stored and read in between, gives the same bytes as in one go", () => {
    const pieces = [1, 1, 10, 0, 5, 13, 100];
    expect(checkpointToBytes(run(PLAN, pieces, throughBytes))).toEqual(checkpointToBytes(whole));
  });

  test("remembers the mean of the parameters of its last part, and keeps it where it is better", () => {
    let state = startTraining(PLAN);
    const sum = new Float64Array(state.parameters.length);
    while (state.outcome === "running") {
      state = trainSome(state, { memory: openTrainingMemory(PLAN.shape), data: DATA, steps: 1 });
      if (state.step <= 24) expect(state.average.every((value) => value === 0)).toBe(true);
      else for (const [at, value] of state.parameters.entries()) sum[at] = (sum[at] ?? 0) + value / 16;
    }
    for (const [at, value] of sum.entries()) expect(state.average[at]).toBeCloseTo(value, 5);
    const kept = [3e-3, 0.01, 0.03, 0.1, 0.3].map((peakRate) => {
      const plan = { ...PLAN, peakRate };
      const { best } = run(plan, [1000]);
      const then = run(plan, [best.step]);
      const isAverage = best.parameters.every((value, at) => value === then.average[at]);
      expect(isAverage || best.parameters.every((value, at) => value === then.parameters[at])).toBe(true);
      return isAverage;
    });
    expect(new Set(kept)).toEqual(new Set([true, false]));
  });

  test("is not moved on once it has ended", () => {
    expect(run(PLAN, [1000, 1000])).toEqual(whole);
  });

  test("leaves the state that it was given as it was", () => {
    const before = run(PLAN, [10]);
    const bytes = checkpointToBytes(before);
    trainSome(before, { memory: openTrainingMemory(SMALL_SHAPE), data: DATA, steps: 5 });
    expect(checkpointToBytes(before)).toEqual(bytes);
  });
});

test("a run whose validation loss gets worse and worse stops early, with the parameters from before", () => {
  const hostile: TrainingData = {
    ...DATA,
    validation: DATA.validation.map((batch) => ({
      ...batch,
      questions: batch.questions.map((question) => ({ ...question, targets: question.targets.map(() => -5) })),
    })),
  };
  const plan = { ...PLAN, steps: 400, validateEvery: 4 };
  const state = trainSome(startTraining(plan), { memory: openTrainingMemory(SMALL_SHAPE), data: hostile, steps: 400 });
  expect(state.outcome).toBe("stopped-early");
  expect(state.step).toBe(state.best.step + plan.patience * plan.validateEvery);
  expect(state.best.parameters).not.toEqual(state.parameters);
});

test("a batch with a number that is none ends the run and spoils nothing", () => {
  const before = run(PLAN, [10]);
  const spoilt: TrainingData = {
    ...DATA,
    draw: (random) => ({ ...drawn(random), inputs: drawn(random).inputs.fill(Number.NaN, 0, 1) }),
  };
  const after = trainSome(before, { memory: openTrainingMemory(SMALL_SHAPE), data: spoilt, steps: 5 });
  expect(after.outcome).toBe("diverged");
  expect(after.step).toBe(10);
  expect(after.parameters).toEqual(before.parameters);
});

test("a plan without steps is refused", () => {
  expect(() => startTraining({ ...PLAN, steps: 0 })).toThrow("counts from 1");
});
