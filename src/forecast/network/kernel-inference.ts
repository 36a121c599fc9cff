// A trained network served by the kernels: no native code, one thread, a few hundred kilobytes of memory whatever the request.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { type DecoderRoom, decode, reserveDecoderRoom, statesPerHandful } from "./decoder-pass.ts";
import { type Address, type Kernels, openKernels } from "./kernels.ts";
import {
  assertRequest,
  type InferenceAnswer,
  type InferenceRequest,
  type ServedQuestion,
} from "./network-inference.ts";
import { type PlacedDecoder, type PlacedParameters, placeParameters } from "./placed-parameters.ts";
import { layOutParameters, type NetworkShape } from "./shape.ts";
import type { TrainedNetwork } from "./training-checkpoint.ts";

export interface KernelInference {
  /** Numbers of `hidden`, and of `cell`, that a window's state has. */
  readonly stateSize: number;
  /** Depends on nothing but the network and the request. */
  infer(request: InferenceRequest): InferenceAnswer;
}

/** Windows at a time, so that a step's numbers stay in the cache. */
const GROUP_WINDOWS = 64;

interface Serving {
  readonly shape: NetworkShape;
  readonly kernels: Kernels;
  readonly parameters: PlacedParameters;
}

export function openKernelInference({ shape, parameters }: TrainedNetwork): KernelInference {
  const layout = layOutParameters(shape);
  const kernels = openKernels();
  const parametersAt = kernels.reserve(layout.length);
  kernels.floats(parametersAt, layout.length).set(parameters);
  const serving = { shape, kernels, parameters: placeParameters(layout, parametersAt) };
  const mark = kernels.mark();
  return {
    stateSize: shape.hidden,
    infer: (request) => {
      assertRequest(shape, request);
      kernels.release(mark);
      return answer(serving, request);
    },
  };
}

function answer(serving: Serving, request: InferenceRequest): InferenceAnswer {
  const { hidden } = serving.shape;
  const { windows, questions } = request;
  const room = reserveEncoderRoom(serving, request);
  const rooms = questions.map((question) => reserveQuestionRoom(serving, question));
  const said: InferenceAnswer = {
    state: { hidden: new Float32Array(windows * hidden), cell: new Float32Array(windows * hidden) },
    quantiles: questions.map(({ rowsPerWindow }) => new Float32Array(windows * rowsPerWindow * LEVEL_COUNT)),
  };
  for (let first = 0; first < windows; first += GROUP_WINDOWS) {
    const group = { first, windows: Math.min(GROUP_WINDOWS, windows - first) };
    encodeGroup(serving, { request, room, group, said });
    for (const [index, question] of questions.entries())
      decodeGroup(serving, {
        question,
        room: rooms[index] as QuestionRoom,
        group,
        states: room.states,
        quantiles: said.quantiles[index] as Float32Array,
      });
  }
  return said;
}

interface Group {
  readonly first: number;
  readonly windows: number;
}

interface EncoderRoom {
  readonly inputs: Address;
  readonly states: Address;
  readonly cells: Address;
  readonly gates: Address;
  readonly tanhCells: Address;
}

function reserveEncoderRoom({ kernels, shape }: Serving, { steps }: InferenceRequest): EncoderRoom {
  const numbers = GROUP_WINDOWS * shape.hidden;
  return {
    inputs: kernels.reserve(steps * GROUP_WINDOWS * shape.inputs),
    states: kernels.reserve(numbers),
    cells: kernels.reserve(numbers),
    gates: kernels.reserve(4 * numbers),
    tanhCells: kernels.reserve(numbers),
  };
}

interface EncodedGroup {
  readonly request: InferenceRequest;
  readonly room: EncoderRoom;
  readonly group: Group;
  readonly said: InferenceAnswer;
}

function encodeGroup({ kernels, parameters, shape }: Serving, { request, room, group, said }: EncodedGroup): void {
  const { hidden, inputs } = shape;
  const { steps, windows, state } = request;
  const width = group.windows * inputs;
  const groupInputs = kernels.floats(room.inputs, steps * width);
  for (let step = 0; step < steps; step++) {
    const from = (step * windows + group.first) * inputs;
    groupInputs.set(request.inputs.subarray(from, from + width), step * width);
  }
  const [from, to] = [group.first * hidden, (group.first + group.windows) * hidden];
  const states = kernels.floats(room.states, to - from);
  const cells = kernels.floats(room.cells, to - from);
  if (state) states.set(state.hidden.subarray(from, to));
  else states.fill(0);
  if (state) cells.set(state.cell.subarray(from, to));
  else cells.fill(0);
  kernels.run.encoderForward(
    room.inputs,
    4 * width,
    parameters.inputWeights,
    parameters.hiddenWeights,
    parameters.gateBias,
    room.states,
    room.cells,
    room.gates,
    room.tanhCells,
    steps,
    group.windows,
    inputs,
    hidden,
    false,
  );
  said.state.hidden.set(states, from);
  said.state.cell.set(cells, from);
}

interface QuestionRoom {
  readonly decoder: DecoderRoom;
  /** [row x level]. */
  readonly quantiles: Address;
}

function reserveQuestionRoom({ kernels, shape }: Serving, { decoder, rowsPerWindow }: ServedQuestion): QuestionRoom {
  const handful = { states: statesPerHandful(rowsPerWindow), rowsPerState: rowsPerWindow };
  return {
    decoder: reserveDecoderRoom(kernels, shape, { handful, features: featuresOf(shape, decoder) }),
    quantiles: kernels.reserve(handful.states * rowsPerWindow * LEVEL_COUNT),
  };
}

interface DecodedGroup {
  readonly question: ServedQuestion;
  readonly room: QuestionRoom;
  readonly group: Group;
  /** [window of the group x hidden]. */
  readonly states: Address;
  readonly quantiles: Float32Array;
}

function decodeGroup(
  { kernels, shape, parameters }: Serving,
  { question, room, group, states, quantiles }: DecodedGroup,
): void {
  const { decoder, rowsPerWindow } = question;
  const features = featuresOf(shape, decoder);
  const perHandful = statesPerHandful(rowsPerWindow);
  for (let done = 0; done < group.windows; done += perHandful) {
    const handful = { states: Math.min(perHandful, group.windows - done), rowsPerState: rowsPerWindow };
    const [firstRow, rows] = [(group.first + done) * rowsPerWindow, handful.states * rowsPerWindow];
    const own = question.features.subarray(firstRow * features, (firstRow + rows) * features);
    kernels.floats(room.decoder.features, own.length).set(own);
    const asked = { ...room.decoder, states: states + 4 * done * shape.hidden };
    decode(
      { kernels, shape, features, parameters: parameters.decoders[decoder] as PlacedDecoder, room: asked },
      handful,
    );
    kernels.run.ascend(asked.raw, room.quantiles, rows, LEVEL_COUNT);
    quantiles.set(kernels.floats(room.quantiles, rows * LEVEL_COUNT), firstRow * LEVEL_COUNT);
  }
}

function featuresOf(shape: NetworkShape, decoder: number): number {
  return shape.decoders[decoder]?.features ?? 0;
}
