import { describe, expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import type { TrainingBatch } from "./batch.ts";
import { initialParameters } from "./initial-parameters.ts";
import { SMALL_SHAPE, someBatch, someParameters } from "./network.arbitrary.ts";
import { referenceGradient, referenceNetwork } from "./reference-network.ts";
import { layOutParameters, type NetworkShape } from "./shape.ts";
import { openTrainingMemory, type TrainingMemory } from "./training-memory.ts";
import { batchGradient, batchLoss, descend } from "./training-step.ts";

function withParameters(shape: NetworkShape, parameters: Float32Array): TrainingMemory {
  const memory = openTrainingMemory(shape);
  memory.kernels.floats(memory.parametersAt, memory.length).set(parameters);
  return memory;
}

const parametersOf = (memory: TrainingMemory) => memory.kernels.floats(memory.parametersAt, memory.length).slice();
const gradientOf = (memory: TrainingMemory) => memory.kernels.floats(memory.gradientAt, memory.length).slice();

/** Odd numbers of rows everywhere, handfuls that are full and handfuls that are not. */
const SHAPES: readonly (readonly [string, NetworkShape, { steps: number; windows: number }])[] = [
  ["a small network", SMALL_SHAPE, { steps: 5, windows: 3 }],
  ["a single step of a single window", SMALL_SHAPE, { steps: 1, windows: 1 }],
  ["more rows than a handful", { ...SMALL_SHAPE, hidden: 24, width: 40 }, { steps: 41, windows: 7 }],
  [
    "the sizes in service",
    {
      inputs: 12,
      hidden: 48,
      width: 64,
      decoders: [
        { name: "a", features: 34 },
        { name: "b", features: 9 },
      ],
    },
    { steps: 24, windows: 16 },
  ],
];

describe.each(SHAPES)("%s", (_, shape, size) => {
  const parameters = someParameters(shape, 3);
  const batch = someBatch(shape, size, 4);
  const wanted = referenceGradient(referenceNetwork(shape, parameters), batch);
  const memory = withParameters(shape, parameters);

  test("the kernels' loss and gradient are the reference's", () => {
    const loss = batchGradient(memory, batch);
    const gradient = gradientOf(memory);
    const worst = gradient.reduce((most, value, i) => Math.max(most, Math.abs(value - (wanted.gradient[i] ?? 0))), 0);
    const largest = wanted.gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // Volumes are exponentials: single precision keeps five digits of them.
    expect(Math.abs(loss - wanted.loss)).toBeLessThan(1e-5 * Math.abs(wanted.loss));
    expect(worst).toBeLessThan(1e-5 * largest);
  });

  test("the loss alone is the same, to the bit", () => {
    expect(batchLoss(memory, batch)).toBe(batchGradient(memory, batch));
  });
});

test("what lay in the memory before does not matter", () => {
  const parameters = someParameters(SMALL_SHAPE, 5);
  const [small, large] = [8, 30].map((steps) => someBatch(SMALL_SHAPE, { steps, windows: 5 }, steps)) as [
    TrainingBatch,
    TrainingBatch,
  ];
  const fresh = withParameters(SMALL_SHAPE, parameters);
  const used = withParameters(SMALL_SHAPE, parameters);
  batchGradient(used, large);
  expect(batchGradient(used, small)).toBe(batchGradient(fresh, small));
  expect(gradientOf(used)).toEqual(gradientOf(fresh));
});

test("a batch of unknown targets has no loss and no gradient", () => {
  const memory = withParameters(SMALL_SHAPE, someParameters(SMALL_SHAPE, 5));
  const batch = someBatch(SMALL_SHAPE, { steps: 4, windows: 2 }, 1);
  const questions = batch.questions.map((question) => ({
    ...question,
    targets: question.targets.map(() => Number.NaN),
  }));
  expect(batchGradient(memory, { ...batch, questions })).toBe(0);
  expect(gradientOf(memory).every((value) => value === 0)).toBe(true);
});

test("a batch that does not fit the shape is refused", () => {
  const memory = openTrainingMemory(SMALL_SHAPE);
  const batch = someBatch(SMALL_SHAPE, { steps: 4, windows: 2 }, 1);
  expect(() => batchLoss(memory, { ...batch, windows: 3 })).toThrow("inputs are");
  const [question] = batch.questions;
  const beyond = {
    ...batch,
    questions: question ? [{ ...question, states: question.states.map((state) => state + 1) }] : [],
  };
  expect(() => batchLoss(memory, beyond)).toThrow("asks for no state");
});

test("one step of Adam is what the paper says, on a gradient cut to norm 1", () => {
  const memory = withParameters(SMALL_SHAPE, someParameters(SMALL_SHAPE, 6));
  const before = parametersOf(memory);
  const batch = someBatch(SMALL_SHAPE, { steps: 6, windows: 4 }, 7);
  batchGradient(memory, { ...batch, questions: batch.questions.map((question) => ({ ...question, weight: 50 })) });
  const gradient = gradientOf(memory);
  const norm = Math.hypot(...gradient);
  expect(norm).toBeGreaterThan(1);
  expect(descend(memory, { rate: 0.01, momentum: 0.9 }, 1)).toBeCloseTo(norm, 5);
  for (const [i, value] of parametersOf(memory).entries()) {
    const cut = (gradient[i] ?? 0) / norm;
    // After one step both corrected moments are those of this gradient alone.
    expect(value).toBeCloseTo((before[i] ?? 0) - (0.01 * cut) / (Math.abs(cut) + 1e-8 / Math.sqrt(0.001)), 5);
  }
});

test("a few hundred steps learn a batch by heart, and padding stays 0", () => {
  const shape = { ...SMALL_SHAPE, hidden: 16, width: 32 };
  const memory = withParameters(shape, initialParameters(shape, seededRandom(1)));
  const batch = someBatch(shape, { steps: 6, windows: 6 }, 2);
  const first = batchLoss(memory, batch);
  for (let step = 1; step <= 600; step++) {
    batchGradient(memory, batch);
    descend(memory, { rate: 3e-3, momentum: 0.9 }, step);
  }
  expect(batchLoss(memory, batch)).toBeLessThan(0.1 * first);
  const parameters = parametersOf(memory);
  for (const { headWeights, headBias } of layOutParameters(shape).decoders)
    for (const { at, rows, columns } of [headWeights, headBias])
      for (let row = 0; row < rows; row++) expect(parameters[at + row * columns + columns - 1]).toBe(0);
});
