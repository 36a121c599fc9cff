import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import type { TrainingBatch } from "./batch.ts";
import { initialParameters } from "./initial-parameters.ts";
import { SMALL_SHAPE, someBatch } from "./network.arbitrary.ts";
import { type Block, layOutParameters, type NetworkShape } from "./shape.ts";
import { openTrainingMemory } from "./training-memory.ts";
import { startTraining, trainSome } from "./training-run.ts";

const UNHEARD = 2;
/** The small shape, and two more features for each decoder that nobody listens to at first. */
const WIDER: NetworkShape = {
  ...SMALL_SHAPE,
  decoders: SMALL_SHAPE.decoders.map((one) => ({ ...one, features: one.features + UNHEARD, unheard: UNHEARD })),
};

const numbersOf = (parameters: Float32Array, { at, rows, columns }: Block) => [
  ...parameters.subarray(at, at + rows * columns),
];

/** What the decoders make of their last features. */
function unheardWeights(parameters: Float32Array): number[] {
  return layOutParameters(WIDER).decoders.flatMap(({ featureWeights }) =>
    numbersOf(parameters, featureWeights).slice(-UNHEARD * WIDER.width),
  );
}

test("features that are not heard yet begin with no weight, and all others as if they did not exist", () => {
  const [small, wider] = [SMALL_SHAPE, WIDER].map((shape) => initialParameters(shape, seededRandom(3)));
  expect(unheardWeights(wider ?? new Float32Array()).every((weight) => weight === 0)).toBe(true);
  const blocksOf = (shape: NetworkShape) => {
    const { decoders, length, ...encoder } = layOutParameters(shape);
    return [...Object.values(encoder), ...decoders.flatMap((decoder) => Object.values(decoder))];
  };
  for (const [place, block] of blocksOf(SMALL_SHAPE).entries()) {
    const same = { ...(blocksOf(WIDER)[place] ?? block), rows: block.rows };
    expect(numbersOf(wider ?? new Float32Array(), same)).toEqual(numbersOf(small ?? new Float32Array(), block));
  }
});

function run(change: (value: number, isUnheard: boolean) => number): Float32Array {
  const batch = someBatch(WIDER, { steps: 5, windows: 4 }, 9);
  const changed: TrainingBatch = {
    ...batch,
    questions: batch.questions.map((question) => {
      const features = WIDER.decoders[question.decoder]?.features ?? 1;
      const told = question.features.map((value, place) => change(value, place % features >= features - UNHEARD));
      return { ...question, features: told };
    }),
  };
  const plan = { shape: WIDER, seed: 1, steps: 12, peakRate: 4e-3, validateEvery: 12, patience: 1 };
  const data = { draw: () => changed, validation: [changed] };
  return trainSome(startTraining(plan), { memory: openTrainingMemory(WIDER), data, steps: 12 }).parameters;
}

test("who is never told them ignores them exactly; who is, learns what they mean", () => {
  const untold = run((value, isUnheard) => (isUnheard ? 0 : value));
  expect(unheardWeights(untold).every((weight) => weight === 0)).toBe(true);
  expect(unheardWeights(run((value) => value)).some((weight) => Math.abs(weight) > 1e-3)).toBe(true);
});
