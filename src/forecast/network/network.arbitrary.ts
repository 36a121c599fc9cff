// Small networks and batches for tests: every part of the shape is used, and sizes are no multiples of what kernels like.
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import type { Question, TrainingBatch } from "./batch.ts";
import { initialParameters } from "./initial-parameters.ts";
import type { InferenceAnswer, InferenceRequest, ServedQuestion } from "./network-inference.ts";
import { referenceDecode, referenceEncode, referenceNetwork } from "./reference-network.ts";
import type { NetworkShape } from "./shape.ts";
import type { TrainedNetwork } from "./training-checkpoint.ts";

export const SMALL_SHAPE: NetworkShape = {
  inputs: 3,
  hidden: 8,
  width: 8,
  decoders: [
    { name: "next-tick", features: 2 },
    { name: "day-ahead", features: 5 },
  ],
};

export function someNumbers(random: SeededRandom, length: number): Float32Array {
  return Float32Array.from({ length }, () => random.normal());
}

/** Initial parameters, shaken, so that no bias is 0 and no step bias is alike. */
export function someParameters(shape: NetworkShape, seed: number): Float32Array {
  const random = seededRandom(seed);
  return initialParameters(shape, random).map((value) => (value === 0 ? 0 : value + 0.2 * random.normal()));
}

export interface BatchSize {
  readonly steps: number;
  readonly windows: number;
}

/** The first decoder is asked about every state once, out of order; the second three times about the last states, with gaps. */
export function someBatch(shape: NetworkShape, { steps, windows }: BatchSize, seed: number): TrainingBatch {
  const random = seededRandom(seed);
  const everyState = Array.from({ length: steps * windows }, (_, state) => state).reverse();
  const lastStates = everyState.slice(0, windows);
  const asking = (decoder: number, states: readonly number[], rowsPerState: number): Question => {
    const rows = states.length * rowsPerState;
    const targets = someNumbers(random, rows);
    if (rowsPerState > 1) for (let row = 0; row < rows; row += 4) targets[row] = Number.NaN;
    const features = someNumbers(random, rows * (shape.decoders[decoder]?.features ?? 0));
    const volumeWeights = someNumbers(random, rows).map(Math.abs);
    const asked = { decoder, states: Int32Array.from(states), rowsPerState, features };
    return { ...asked, targets, volumeWeights, weight: 1 + decoder };
  };
  return {
    steps,
    windows,
    inputs: someNumbers(random, steps * windows * shape.inputs),
    questions: [asking(0, everyState, 1), asking(1, lastStates, 3)],
  };
}

/** About the windows of `size`: two rows for each of the first decoder, none or three of the second. */
export function someRequest(shape: NetworkShape, { steps, windows }: BatchSize, seed: number): InferenceRequest {
  const random = seededRandom(seed);
  const asking = (decoder: number, rowsPerWindow: number): ServedQuestion => ({
    decoder,
    rowsPerWindow,
    features: someNumbers(random, windows * rowsPerWindow * (shape.decoders[decoder]?.features ?? 0)),
  });
  return {
    steps,
    windows,
    inputs: someNumbers(random, steps * windows * shape.inputs),
    questions: [asking(1, 3), asking(0, 1)],
  };
}

/** What the reference says to a request, laid out as an answer. */
export function referenceAnswer(network: TrainedNetwork, request: InferenceRequest): InferenceAnswer {
  const { shape } = network;
  const reference = referenceNetwork(shape, network.parameters);
  const { steps, windows, inputs, state, questions } = request;
  const rowOf = (values: Float32Array, width: number, row: number) =>
    Float64Array.from(values.subarray(row * width, (row + 1) * width));
  const passes = Array.from({ length: windows }, (_, window) =>
    referenceEncode(reference, {
      inputs: Array.from({ length: steps }, (_, step) => rowOf(inputs, shape.inputs, step * windows + window)),
      ...(state && { state: rowOf(state.hidden, shape.hidden, window), cell: rowOf(state.cell, shape.hidden, window) }),
    }),
  );
  const last = passes.map(({ states }) => states.at(-1) ?? new Float64Array(0));
  const quantiles = questions.map(({ decoder, rowsPerWindow, features }) =>
    Float32Array.from(
      last.flatMap((state, window) =>
        Array.from({ length: rowsPerWindow }, (_, row) => {
          const own = rowOf(features, shape.decoders[decoder]?.features ?? 0, window * rowsPerWindow + row);
          return [...referenceDecode(reference, { decoder, state, features: own }).quantiles];
        }).flat(),
      ),
    ),
  );
  const flat = (rows: readonly Float64Array[]) => Float32Array.from(rows.flatMap((row) => [...row]));
  return {
    state: { hidden: flat(last), cell: flat(passes.map(({ cells }) => cells.at(-1) ?? new Float64Array(0))) },
    quantiles,
  };
}

/** The largest difference between two answers. */
export function distance(one: InferenceAnswer, other: InferenceAnswer): number {
  const numbers = ({ state, quantiles }: InferenceAnswer) => [state.hidden, state.cell, ...quantiles];
  const others = numbers(other);
  let largest = 0;
  for (const [index, values] of numbers(one).entries()) {
    const compared = others[index];
    if (compared?.length !== values.length) return Number.POSITIVE_INFINITY;
    for (const [at, value] of values.entries()) {
      const difference = Math.abs(value - (compared[at] ?? 0));
      if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    }
  }
  return largest;
}
