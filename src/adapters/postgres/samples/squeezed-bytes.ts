// Columns of numbers as bytes: a version, then everything squeezed by raw deflate. Little-endian, as every machine that runs Node.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { assert } from "../../../model/result.ts";

/** Level 1: higher ones gain 2 % on real demand. */
const LEVEL = 1;

export function squeezed(version: number, parts: readonly ArrayBufferView[]): Buffer {
  const bytes = parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  return Buffer.concat([Buffer.of(version), deflateRawSync(Buffer.concat(bytes), { level: LEVEL })]);
}

/** Takes the columns out again, in the order in which they were put in. */
export interface ByteReader {
  readonly bytes: (length: number) => Uint8Array;
  readonly u16: (length: number) => Uint16Array;
  readonly u32: (length: number) => Uint32Array;
  readonly f64: (length: number) => Float64Array;
}

export function unsqueezed(version: number, body: Uint8Array): ByteReader {
  assert(body[0] === version, `samples in format ${body[0]}, and this program reads ${version}`);
  const plain = inflateRawSync(body.subarray(1));
  let offset = 0;
  // A copy of their own: typed arrays want addresses that are multiples of their width.
  const next = (length: number) => {
    assert(offset + length <= plain.length, "a column of samples ends before its rows do");
    const taken = Uint8Array.prototype.slice.call(plain, offset, offset + length);
    offset += length;
    return taken;
  };
  return {
    bytes: next,
    u16: (length) => new Uint16Array(next(2 * length).buffer),
    u32: (length) => new Uint32Array(next(4 * length).buffer),
    f64: (length) => new Float64Array(next(8 * length).buffer),
  };
}
