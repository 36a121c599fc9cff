// The compiled kernels as plain functions, and their memory: reserved from below, released to a mark, read through short-lived views.
// Addresses and row distances are bytes, sizes are floats; what each function does is said in kernels/*.as.ts.
import { KERNELS_WASM_BASE64 } from "./kernels-wasm.ts";

/** Pure rooms are not given the types of WebAssembly: this is the part used here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A byte address in the kernels' memory. */
export type Address = number;

// biome-ignore format: one signature a line reads like the table that it is.
interface KernelFunctions {
  product(a: Address, aRow: number, b: Address, bRow: number, start: Address, startRow: number, c: Address, cRow: number, rows: number, inner: number, columns: number, rectify: boolean): void;
  addTransposedProduct(a: Address, aRow: number, b: Address, bRow: number, c: Address, cRow: number, rows: number, inner: number, columns: number): void;
  encoderForward(x: Address, xStep: number, inputWeights: Address, hiddenWeights: Address, bias: Address, h: Address, c: Address, gates: Address, tanhC: Address, steps: number, windows: number, inputs: number, hidden: number, keep: boolean): void;
  encoderBackward(x: Address, xStep: number, hiddenWeightsT: Address, h: Address, c: Address, gates: Address, tanhC: Address, dStates: Address, dCell: Address, dInputWeights: Address, dHiddenWeights: Address, dBias: Address, steps: number, windows: number, inputs: number, hidden: number): void;
  gatherRows(source: Address, indices: Address, target: Address, rows: number, width: number): void;
  scatterRows(source: Address, indices: Address, target: Address, rows: number, width: number): void;
  repeatRows(source: Address, target: Address, rows: number, times: number, width: number): void;
  sumRows(source: Address, target: Address, rows: number, times: number, width: number): void;
  addColumns(source: Address, target: Address, rows: number, columns: number): void;
  transpose(source: Address, target: Address, rows: number, columns: number): void;
  rectifyBack(gradient: Address, activation: Address, count: number): void;
  ascend(raw: Address, quantiles: Address, rows: number, levels: number): void;
  pinball(raw: Address, targets: Address, volumes: Address, levels: Address, weights: Address, scratch: Address, rows: number, levelCount: number, scale: number, growth: number): number;
  sumOfSquares(values: Address, count: number): number;
  adam(parameters: Address, gradient: Address, firstMoments: Address, secondMoments: Address, count: number, gradientScale: number, beta1: number, beta2: number, rate: number, epsilon: number): void;
}

interface KernelExports extends KernelFunctions {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapStart(): Address;
}

export interface Kernels {
  readonly run: KernelFunctions;
  /** Room for so many floats, above all that is reserved; what lies there is left from before. Ends every view. */
  reserve(floats: number): Address;
  /** Everything below is taken. */
  mark(): Address;
  /** Gives back all that was reserved after the mark was read. */
  release(mark: Address): void;
  /** A view of floats (or int32) in the memory: good until the next `reserve`. */
  floats(at: Address, length: number): Float32Array;
  integers(at: Address, length: number): Int32Array;
}

const PAGE_BYTES = 65_536;
/** A line of the cache. */
const ALIGNMENT = 64;

/** Each call has a memory of its own. Compiles anew: about a millisecond. */
export function openKernels(): Kernels {
  const module = new WebAssembly.Module(bytesOfBase64(KERNELS_WASM_BASE64));
  const run = new WebAssembly.Instance(module).exports as KernelExports;
  const { memory } = run;
  let top = roundUp(run.heapStart(), ALIGNMENT);
  return {
    run,
    reserve: (floats) => {
      const at = top;
      // One line of slack: kernels may read, and never use, what lies behind a row.
      top = roundUp(at + 4 * floats, ALIGNMENT) + ALIGNMENT;
      const missing = top - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
      return at;
    },
    mark: () => top,
    release: (mark) => {
      top = mark;
    },
    floats: (at, length) => new Float32Array(memory.buffer, at, length),
    integers: (at, length) => new Int32Array(memory.buffer, at, length),
  };
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

const BASE64_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648: four digits of six bits give three bytes; "=" fills the last four up. */
function bytesOfBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | BASE64_DIGITS.indexOf(digit)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = bits >> held;
  }
  return bytes;
}
