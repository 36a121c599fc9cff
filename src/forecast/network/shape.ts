// How large the network is and where each number lies: every parameter of the encoder and its decoders, in ONE flat array.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { assert } from "../../model/result.ts";

/**
 * An LSTM encoder reads `inputs` numbers a step and keeps `hidden` ones. Decoders turn a state h of it into quantiles:
 * [h ; own features] -> dense(width) ReLU -> dense(width) ReLU -> LEVEL_COUNT quantiles, ascending.
 */
export interface NetworkShape {
  readonly inputs: number;
  /** A multiple of 8: the kernels work on eight columns at a time. */
  readonly hidden: number;
  /** Of both dense layers of every decoder; a multiple of 8. */
  readonly width: number;
  readonly decoders: readonly DecoderShape[];
}

interface DecoderShape {
  /** Lower-case letters, digits and hyphens, like "next-tick". */
  readonly name: string;
  /** Numbers of its own beside the state, at least 1. */
  readonly features: number;
  /** The last so many of them begin with weights of 0: a network that was never told them goes on as if they did not exist. */
  readonly unheard?: number;
}

export const WIDTH_DEFAULT = 64;

/** The columns of the last layer: one for each level, rounded up to a multiple of 8. Those left over are 0 and stay 0. */
export const HEAD_WIDTH = Math.ceil(LEVEL_COUNT / 8) * 8;

/** A matrix [rows x columns] (a bias: one row) within the flat array, row after row. */
export interface Block {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
}

/** In this order in the array, without gaps. Columns of gates: input, forget, candidate, output, `hidden` each. */
export interface ParameterLayout {
  readonly inputWeights: Block;
  readonly hiddenWeights: Block;
  readonly gateBias: Block;
  readonly decoders: readonly DecoderLayout[];
  /** Of the whole array, in numbers. */
  readonly length: number;
}

export interface DecoderLayout {
  /** The first layer lies in two parts, so that a state shared by many rows is multiplied once. */
  readonly stateWeights: Block;
  readonly featureWeights: Block;
  readonly firstBias: Block;
  readonly secondWeights: Block;
  readonly secondBias: Block;
  readonly headWeights: Block;
  readonly headBias: Block;
}

export function layOutParameters(shape: NetworkShape): ParameterLayout {
  assertShape(shape);
  const { inputs, hidden, width } = shape;
  let at = 0;
  const block = (rows: number, columns: number): Block => {
    at += rows * columns;
    return { at: at - rows * columns, rows, columns };
  };
  const encoder = {
    inputWeights: block(inputs, 4 * hidden),
    hiddenWeights: block(hidden, 4 * hidden),
    gateBias: block(1, 4 * hidden),
  };
  const decoders = shape.decoders.map(({ features }) => ({
    stateWeights: block(hidden, width),
    featureWeights: block(features, width),
    firstBias: block(1, width),
    secondWeights: block(width, width),
    secondBias: block(1, width),
    headWeights: block(width, HEAD_WIDTH),
    headBias: block(1, HEAD_WIDTH),
  }));
  return { ...encoder, decoders, length: at };
}

function assertShape({ inputs, hidden, width, decoders }: NetworkShape): void {
  assert(isSize(inputs), `a network has at least 1 input, not ${inputs}`);
  assert(isSize(hidden) && hidden % 8 === 0, `hidden is a multiple of 8, not ${hidden}`);
  assert(isSize(width) && width % 8 === 0, `width is a multiple of 8, not ${width}`);
  assert(decoders.length > 0, "a network has at least 1 decoder");
  const names = decoders.map(({ name }) => name);
  assert(new Set(names).size === names.length, `decoders have names of their own, not ${names.join(", ")}`);
  for (const { name, features, unheard = 0 } of decoders) {
    assert(/^[a-z0-9-]+$/.test(name), `"${name}" is no name of a decoder: lower-case letters, digits, hyphens`);
    assert(isSize(features), `the decoder ${name} has at least 1 feature, not ${features}`);
    assert(unheard >= 0 && unheard <= features, `the decoder ${name} has no ${unheard} features to be unheard`);
  }
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
