// The few messages of ONNX that a model needs, written by hand in the protobuf wire format (https://protobuf.dev/programming-guides/encoding).
// Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx, IR version 8).
import { asciiBytes } from "./byte-sections.ts";

/** An encoded message. */
export type Message = Uint8Array;

const FLOAT = 1;
const INT64 = 7;
const IR_VERSION = 8;
const INT_ATTRIBUTE = 2;

export interface Graph {
  readonly nodes: readonly Message[];
  readonly constants: readonly Message[];
  readonly inputs: readonly Message[];
  readonly outputs: readonly Message[];
}

export function onnxModel({ nodes, constants, inputs, outputs }: Graph, opset: number): Message {
  const graph = joined([
    ...nodes.map((node) => bytesField(1, node)),
    textField(2, "network"),
    ...constants.map((constant) => bytesField(5, constant)),
    ...inputs.map((input) => bytesField(11, input)),
    ...outputs.map((output) => bytesField(12, output)),
  ]);
  const operators = joined([textField(1, ""), numberField(2, opset)]);
  return joined([numberField(1, IR_VERSION), textField(2, "headroom"), bytesField(7, graph), bytesField(8, operators)]);
}

export interface Node {
  readonly operator: string;
  /** "" leaves an optional input or output out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly Message[];
}

export function node({ operator, inputs, outputs, attributes = [] }: Node): Message {
  return joined([
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(4, operator),
    ...attributes.map((attribute) => bytesField(5, attribute)),
  ]);
}

export function integerAttribute(name: string, value: number): Message {
  return joined([textField(1, name), numberField(3, value), numberField(20, INT_ATTRIBUTE)]);
}

/** Row after row, little-endian. */
export function floatConstant(name: string, sizes: readonly number[], values: Float32Array): Message {
  return constant({ name, sizes, type: FLOAT }, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function integerConstant(name: string, values: readonly number[]): Message {
  return constant({ name, sizes: [values.length], type: INT64 }, int64Bytes(values));
}

/** A tensor without a dimension. */
export function integerScalar(name: string, value: number): Message {
  return constant({ name, sizes: [], type: INT64 }, int64Bytes([value]));
}

function int64Bytes(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setBigInt64(8 * index, BigInt(value), true);
  return bytes;
}

function constant(
  { name, sizes, type }: { name: string; sizes: readonly number[]; type: number },
  raw: Uint8Array,
): Message {
  return joined([
    ...sizes.map((size) => numberField(1, size)),
    numberField(2, type),
    textField(8, name),
    bytesField(9, raw),
  ]);
}

/** A float tensor that goes in or comes out; a size that has a name is free. */
export function tensorOf(name: string, sizes: readonly (number | string)[]): Message {
  const dimensions = sizes.map((size) =>
    bytesField(1, typeof size === "number" ? numberField(1, size) : textField(2, size)),
  );
  const type = bytesField(1, joined([numberField(1, FLOAT), bytesField(2, joined(dimensions))]));
  return joined([textField(1, name), bytesField(2, type)]);
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;

function numberField(field: number, value: number): Message {
  return joined([varint((field << 3) | VARINT), varint(value)]);
}

function textField(field: number, text: string): Message {
  return bytesField(field, asciiBytes(text));
}

function bytesField(field: number, bytes: Uint8Array): Message {
  return joined([varint((field << 3) | LENGTH_DELIMITED), varint(bytes.length), bytes]);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
