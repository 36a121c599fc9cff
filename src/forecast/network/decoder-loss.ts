// The loss of one question to one decoder, and the way back of it: to the decoder's parameters and to the states asked about.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { LOG_RANGE } from "../log-scale.ts";
import { knownRows, type Question } from "./batch.ts";
import { type Decoder, decode, type Handful, reserveDecoderRoom, statesPerHandful } from "./decoder-pass.ts";
import type { Address } from "./kernels.ts";
import type { PlacedDecoder } from "./placed-parameters.ts";
import { HEAD_WIDTH } from "./shape.ts";
import type { TrainingMemory } from "./training-memory.ts";

/** States [step x window x hidden] and, where gradients are wanted, the same of theirs. */
export interface AskedStates {
  readonly states: Address;
  readonly gradients?: Address;
}

/** Weight x mean over known rows and levels. With `gradients` also adds to the gradient of the parameters. */
export function scoreQuestion(memory: TrainingMemory, question: Question, asked: AskedStates): number {
  const known = knownRows(question.targets);
  if (known === 0) return 0;
  const mark = memory.kernels.mark();
  const scored = prepare(memory, question, question.weight / (known * LEVEL_COUNT));
  const perHandful = statesPerHandful(question.rowsPerState);
  let loss = 0;
  for (let first = 0; first < question.states.length; first += perHandful) {
    const states = Math.min(perHandful, question.states.length - first);
    const handful = { states, rowsPerState: question.rowsPerState };
    loss += scoreHandful(scored, { question, first, handful, from: asked.states });
    if (asked.gradients !== undefined) scoreBack(scored, handful, asked.gradients);
  }
  memory.kernels.release(mark);
  return loss;
}

interface ScoredDecoder extends Decoder {
  readonly memory: TrainingMemory;
  /** Of a row and level in the loss. */
  readonly scale: number;
  readonly gradient: PlacedDecoder;
  readonly indices: Address;
  readonly targets: Address;
  readonly volumes: Address;
  readonly back: BackRoom;
}

/** The gradients of a handful, and the weights transposed. */
interface BackRoom {
  readonly second: Address;
  readonly first: Address;
  readonly fromStates: Address;
  readonly states: Address;
  readonly headWeights: Address;
  readonly secondWeights: Address;
  readonly stateWeights: Address;
}

function prepare(memory: TrainingMemory, question: Question, scale: number): ScoredDecoder {
  const { kernels, shape } = memory;
  const { hidden, width } = shape;
  const parameters = memory.parameters.decoders[question.decoder] as PlacedDecoder;
  const features = shape.decoders[question.decoder]?.features ?? 0;
  const handful = { states: statesPerHandful(question.rowsPerState), rowsPerState: question.rowsPerState };
  const rows = handful.states * handful.rowsPerState;
  const back = {
    second: kernels.reserve(rows * width),
    first: kernels.reserve(rows * width),
    fromStates: kernels.reserve(handful.states * width),
    states: kernels.reserve(handful.states * hidden),
    headWeights: kernels.reserve(width * HEAD_WIDTH),
    secondWeights: kernels.reserve(width * width),
    stateWeights: kernels.reserve(hidden * width),
  };
  kernels.run.transpose(parameters.headWeights, back.headWeights, width, HEAD_WIDTH);
  kernels.run.transpose(parameters.secondWeights, back.secondWeights, width, width);
  kernels.run.transpose(parameters.stateWeights, back.stateWeights, hidden, width);
  return {
    memory,
    kernels,
    shape,
    features,
    scale,
    parameters,
    gradient: memory.gradient.decoders[question.decoder] as PlacedDecoder,
    indices: kernels.reserve(handful.states),
    targets: kernels.reserve(rows),
    volumes: kernels.reserve(rows),
    room: reserveDecoderRoom(kernels, shape, { handful, features }),
    back,
  };
}

interface ScoredHandful {
  readonly question: Question;
  /** Place of its first state in the question. */
  readonly first: number;
  readonly handful: Handful;
  readonly from: Address;
}

/** Ends with the gradient of the raw outputs in their place. */
function scoreHandful(scored: ScoredDecoder, { question, first, handful, from }: ScoredHandful): number {
  const { kernels, features, room, memory } = scored;
  const [firstRow, rows] = [first * handful.rowsPerState, handful.states * handful.rowsPerState];
  kernels.integers(scored.indices, handful.states).set(question.states.subarray(first, first + handful.states));
  kernels.floats(scored.targets, rows).set(question.targets.subarray(firstRow, firstRow + rows));
  kernels.floats(scored.volumes, rows).set(question.volumeWeights.subarray(firstRow, firstRow + rows));
  const own = question.features.subarray(firstRow * features, (firstRow + rows) * features);
  kernels.floats(room.features, own.length).set(own);
  kernels.run.gatherRows(from, scored.indices, room.states, handful.states, scored.shape.hidden);
  decode(scored, handful);
  const { levels, weights, scratch } = memory.head;
  // biome-ignore format: addresses, sizes.
  return kernels.run.pinball(room.raw, scored.targets, scored.volumes, levels, weights, scratch, rows, LEVEL_COUNT, scored.scale, LOG_RANGE);
}

function scoreBack(scored: ScoredDecoder, handful: Handful, stateGradients: Address): void {
  const { run } = scored.kernels;
  const { memory, features, room, back, gradient } = scored;
  const { width, hidden } = scored.shape;
  const states = handful.states;
  const rows = states * handful.rowsPerState;
  const row = 4 * width;
  const headRow = 4 * HEAD_WIDTH;
  run.addColumns(room.raw, gradient.headBias, rows, HEAD_WIDTH);
  run.addTransposedProduct(room.second, row, room.raw, headRow, gradient.headWeights, headRow, width, rows, HEAD_WIDTH);
  layerBack(scored, {
    from: room.raw,
    fromWidth: HEAD_WIDTH,
    weights: back.headWeights,
    to: back.second,
    activation: room.second,
    rows,
  });
  run.addColumns(back.second, gradient.secondBias, rows, width);
  run.addTransposedProduct(room.first, row, back.second, row, gradient.secondWeights, row, width, rows, width);
  layerBack(scored, {
    from: back.second,
    fromWidth: width,
    weights: back.secondWeights,
    to: back.first,
    activation: room.first,
    rows,
  });
  run.addColumns(back.first, gradient.firstBias, rows, width);
  run.addTransposedProduct(
    room.features,
    4 * features,
    back.first,
    row,
    gradient.featureWeights,
    row,
    features,
    rows,
    width,
  );
  run.sumRows(back.first, back.fromStates, states, handful.rowsPerState, width);
  run.addTransposedProduct(
    room.states,
    4 * hidden,
    back.fromStates,
    row,
    gradient.stateWeights,
    row,
    hidden,
    states,
    width,
  );
  run.product(
    back.fromStates,
    row,
    back.stateWeights,
    4 * hidden,
    memory.zeros,
    0,
    back.states,
    4 * hidden,
    states,
    width,
    hidden,
    false,
  );
  run.scatterRows(back.states, scored.indices, stateGradients, states, hidden);
}

interface LayerBack {
  readonly from: Address;
  readonly fromWidth: number;
  /** Transposed: [fromWidth x width]. */
  readonly weights: Address;
  readonly to: Address;
  readonly activation: Address;
  readonly rows: number;
}

/** The gradient of a dense layer's activation, and through its rectifier. */
function layerBack({ kernels, shape, memory }: ScoredDecoder, layer: LayerBack): void {
  const { from, fromWidth, weights, to, activation, rows } = layer;
  const { width } = shape;
  const row = 4 * width;
  kernels.run.product(from, 4 * fromWidth, weights, row, memory.zeros, 0, to, row, rows, fromWidth, width, false);
  kernels.run.rectifyBack(to, activation, rows * width);
}
