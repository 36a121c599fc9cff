// The network in plain float64 loops, slow and plain to read: what the kernels and the ONNX graph are held against in tests.
// Its own gradient is held against central differences.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { LOG_RANGE } from "../log-scale.ts";
import { knownRows, type Question, type TrainingBatch } from "./batch.ts";
import { type Block, type DecoderLayout, layOutParameters, type NetworkShape, type ParameterLayout } from "./shape.ts";
import { PINBALL_WEIGHTS } from "./training-memory.ts";

type Row = Float64Array;

export interface ReferenceNetwork {
  readonly shape: NetworkShape;
  readonly layout: ParameterLayout;
  readonly parameters: Float64Array;
}

export function referenceNetwork(shape: NetworkShape, parameters: ArrayLike<number>): ReferenceNetwork {
  return { shape, layout: layOutParameters(shape), parameters: Float64Array.from(parameters) };
}

export interface WindowInput {
  /** [step] of rows of inputs. */
  readonly inputs: readonly Row[];
  readonly state?: Row;
  readonly cell?: Row;
}

/** All that one window's run left behind; states[t + 1] is the one after step t. */
export interface WindowPass {
  readonly inputs: readonly Row[];
  readonly states: Row[];
  readonly cells: Row[];
  readonly gates: Gates[];
}

interface Gates {
  readonly input: Row;
  readonly forget: Row;
  readonly candidate: Row;
  readonly output: Row;
}

export function referenceEncode(network: ReferenceNetwork, { inputs, state, cell }: WindowInput): WindowPass {
  const { shape, layout } = network;
  const none = new Float64Array(shape.hidden);
  const pass: WindowPass = { inputs, states: [state ?? none], cells: [cell ?? none], gates: [] };
  for (const [step, input] of inputs.entries()) {
    const before = pass.cells[step] as Row;
    const sums = biasOf(network, layout.gateBias);
    addProduct(network, layout.inputWeights, { input, output: sums });
    addProduct(network, layout.hiddenWeights, { input: pass.states[step] as Row, output: sums });
    const gate = (index: number, bend: (x: number) => number) =>
      sums.subarray(index * shape.hidden, (index + 1) * shape.hidden).map(bend);
    const gates = {
      input: gate(0, sigmoid),
      forget: gate(1, sigmoid),
      candidate: gate(2, Math.tanh),
      output: gate(3, sigmoid),
    };
    const after = before.map((value, i) => at(gates.forget, i) * value + at(gates.input, i) * at(gates.candidate, i));
    pass.gates.push(gates);
    pass.cells.push(after);
    pass.states.push(after.map((value, i) => at(gates.output, i) * Math.tanh(value)));
  }
  return pass;
}

export interface DecoderRow {
  readonly decoder: number;
  readonly state: Row;
  readonly features: Row;
}

interface DecoderPass {
  readonly first: Row;
  readonly second: Row;
  readonly raw: Row;
  readonly quantiles: Row;
}

export function referenceDecode(network: ReferenceNetwork, { decoder, state, features }: DecoderRow): DecoderPass {
  const layout = network.layout.decoders[decoder] as DecoderLayout;
  const first = biasOf(network, layout.firstBias);
  addProduct(network, layout.stateWeights, { input: state, output: first });
  addProduct(network, layout.featureWeights, { input: features, output: first });
  rectify(first);
  const second = biasOf(network, layout.secondBias);
  addProduct(network, layout.secondWeights, { input: first, output: second });
  rectify(second);
  const raw = biasOf(network, layout.headBias);
  addProduct(network, layout.headWeights, { input: second, output: raw });
  const quantiles = new Float64Array(LEVEL_COUNT);
  let value = at(raw, 0);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    if (level > 0) value += softplus(at(raw, level));
    quantiles[level] = value;
  }
  return { first, second, raw, quantiles };
}

export interface LossAndGradient {
  readonly loss: number;
  /** Laid out as the parameters. */
  readonly gradient: Float64Array;
}

export function referenceGradient(network: ReferenceNetwork, batch: TrainingBatch): LossAndGradient {
  const { shape } = network;
  const gradient = new Float64Array(network.layout.length);
  const passes = Array.from({ length: batch.windows }, (_, window) =>
    referenceEncode(network, { inputs: inputsOf(shape, batch, window) }),
  );
  const stateGradients = passes.map(({ states }) => states.map(() => new Float64Array(shape.hidden)));
  let loss = 0;
  for (const question of batch.questions) {
    const scale = question.weight / (Math.max(1, knownRows(question.targets)) * LEVEL_COUNT);
    for (const [row, target] of question.targets.entries()) {
      if (Number.isNaN(target)) continue;
      const { window, step, features } = placeOf(shape, { batch, question, row });
      const state = passes[window]?.states[step + 1] as Row;
      const asked = { decoder: question.decoder, state, features };
      const pass = referenceDecode(network, asked);
      const asTarget = { target, volume: question.volumeWeights[row] ?? 0 };
      loss += scale * rowLoss(pass.quantiles, asTarget);
      const stateGradient = stateGradients[window]?.[step + 1] as Row;
      decodeBack(
        network,
        { asked, pass, rawGradient: rawGradient(pass, asTarget, scale) },
        { gradient, stateGradient },
      );
    }
  }
  for (const [window, pass] of passes.entries())
    encodeBack(network, { pass, stateGradients: stateGradients[window] ?? [] }, gradient);
  return { loss, gradient };
}

function inputsOf(shape: NetworkShape, batch: TrainingBatch, window: number): Row[] {
  return Array.from({ length: batch.steps }, (_, step) => {
    const from = (step * batch.windows + window) * shape.inputs;
    return Float64Array.from(batch.inputs.subarray(from, from + shape.inputs));
  });
}

interface AskedRow {
  readonly batch: TrainingBatch;
  readonly question: Question;
  readonly row: number;
}

function placeOf(
  shape: NetworkShape,
  { batch, question, row }: AskedRow,
): { window: number; step: number; features: Row } {
  const state = question.states[Math.floor(row / question.rowsPerState)] ?? 0;
  const width = shape.decoders[question.decoder]?.features ?? 0;
  return {
    window: state % batch.windows,
    step: Math.floor(state / batch.windows),
    features: Float64Array.from(question.features.subarray(row * width, (row + 1) * width)),
  };
}

interface Came {
  readonly target: number;
  /** How much the loss as a volume counts. */
  readonly volume: number;
}

function rowLoss(quantiles: Row, { target, volume }: Came): number {
  let loss = 0;
  for (const [level, quantile] of QUANTILE_LEVELS.entries()) {
    const said = at(quantiles, level);
    const error = (PINBALL_WEIGHTS[level] ?? 0) * (target - said) + volume * (asVolume(target) - asVolume(said));
    loss += Math.max(quantile * error, (quantile - 1) * error);
  }
  return loss;
}

function rawGradient({ raw, quantiles }: DecoderPass, { target, volume }: Came, scale: number): Row {
  const gradient = new Float64Array(raw.length);
  let above = 0;
  for (let level = LEVEL_COUNT - 1; level >= 0; level--) {
    const quantile = QUANTILE_LEVELS[level] ?? 0;
    const said = at(quantiles, level);
    const slope = (PINBALL_WEIGHTS[level] ?? 0) + volume * (asVolume(said) + PER_VOLUME) * LOG_RANGE;
    above += scale * slope * (target >= said ? -quantile : 1 - quantile);
    gradient[level] = level === 0 ? above : above * sigmoid(at(raw, level));
  }
  return gradient;
}

const PER_VOLUME = 1 / Math.expm1(LOG_RANGE);

function asVolume(value: number): number {
  return PER_VOLUME * Math.expm1(LOG_RANGE * value);
}

interface DecodedRow {
  readonly asked: DecoderRow;
  readonly pass: DecoderPass;
  readonly rawGradient: Row;
}

function decodeBack(
  network: ReferenceNetwork,
  { asked, pass, rawGradient }: DecodedRow,
  { gradient, stateGradient }: { readonly gradient: Float64Array; readonly stateGradient: Row },
): void {
  const layout = network.layout.decoders[asked.decoder] as DecoderLayout;
  const second = new Float64Array(pass.second.length);
  const first = new Float64Array(pass.first.length);
  productBack(network, layout.headWeights, {
    input: pass.second,
    outputGradient: rawGradient,
    inputGradient: second,
    gradient,
  });
  biasBack(layout.headBias, rawGradient, gradient);
  rectifyBack(second, pass.second);
  productBack(network, layout.secondWeights, {
    input: pass.first,
    outputGradient: second,
    inputGradient: first,
    gradient,
  });
  biasBack(layout.secondBias, second, gradient);
  rectifyBack(first, pass.first);
  productBack(network, layout.stateWeights, {
    input: asked.state,
    outputGradient: first,
    inputGradient: stateGradient,
    gradient,
  });
  productBack(network, layout.featureWeights, { input: asked.features, outputGradient: first, gradient });
  biasBack(layout.firstBias, first, gradient);
}

function encodeBack(
  network: ReferenceNetwork,
  { pass, stateGradients }: { readonly pass: WindowPass; readonly stateGradients: readonly Row[] },
  gradient: Float64Array,
): void {
  const { layout, shape } = network;
  const { hidden } = shape;
  const cellGradient = new Float64Array(hidden);
  for (let step = pass.inputs.length - 1; step >= 0; step--) {
    const gates = pass.gates[step] as Gates;
    const [before, after] = [pass.cells[step] as Row, pass.cells[step + 1] as Row];
    const stateGradient = stateGradients[step + 1] as Row;
    const sums = new Float64Array(4 * hidden);
    for (let i = 0; i < hidden; i++) {
      const [input, forget, candidate, output] = [
        at(gates.input, i),
        at(gates.forget, i),
        at(gates.candidate, i),
        at(gates.output, i),
      ];
      const bent = Math.tanh(at(after, i));
      const cell = at(cellGradient, i) + at(stateGradient, i) * output * (1 - bent * bent);
      sums[i] = cell * candidate * input * (1 - input);
      sums[hidden + i] = cell * at(before, i) * forget * (1 - forget);
      sums[2 * hidden + i] = cell * input * (1 - candidate * candidate);
      sums[3 * hidden + i] = at(stateGradient, i) * bent * output * (1 - output);
      cellGradient[i] = cell * forget;
    }
    productBack(network, layout.inputWeights, { input: pass.inputs[step] as Row, outputGradient: sums, gradient });
    productBack(network, layout.hiddenWeights, {
      input: pass.states[step] as Row,
      outputGradient: sums,
      inputGradient: stateGradients[step] as Row,
      gradient,
    });
    biasBack(layout.gateBias, sums, gradient);
  }
}

function biasOf({ parameters }: ReferenceNetwork, { at: from, columns }: Block): Row {
  return parameters.slice(from, from + columns);
}

/** output += input · weights. */
function addProduct(
  { parameters }: ReferenceNetwork,
  block: Block,
  { input, output }: { input: Row; output: Row },
): void {
  for (let row = 0; row < block.rows; row++)
    for (let column = 0; column < block.columns; column++)
      output[column] = at(output, column) + at(input, row) * at(parameters, block.at + row * block.columns + column);
}

interface ProductBack {
  readonly input: Row;
  readonly outputGradient: Row;
  readonly inputGradient?: Row;
  readonly gradient: Float64Array;
}

function productBack({ parameters }: ReferenceNetwork, block: Block, back: ProductBack): void {
  const { input, outputGradient, inputGradient, gradient } = back;
  for (let row = 0; row < block.rows; row++)
    for (let column = 0; column < block.columns; column++) {
      const place = block.at + row * block.columns + column;
      gradient[place] = at(gradient, place) + at(input, row) * at(outputGradient, column);
      if (inputGradient)
        inputGradient[row] = at(inputGradient, row) + at(parameters, place) * at(outputGradient, column);
    }
}

function biasBack(block: Block, outputGradient: Row, gradient: Float64Array): void {
  for (let column = 0; column < block.columns; column++)
    gradient[block.at + column] = at(gradient, block.at + column) + at(outputGradient, column);
}

function rectify(row: Row): void {
  for (let i = 0; i < row.length; i++) row[i] = Math.max(0, at(row, i));
}

function rectifyBack(gradient: Row, activation: Row): void {
  for (let i = 0; i < gradient.length; i++) if (at(activation, i) <= 0) gradient[i] = 0;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function at(row: Row, index: number): number {
  return row[index] as number;
}
