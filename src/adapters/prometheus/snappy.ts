// Snappy's block format, unpacked. By hand, since the library at hand hangs on five hostile bytes: here every length is checked before
// a byte is copied, each turn of the loop eats input, and no more is ever written than was allowed.
import { failure, type Result, success } from "../../model/result.ts";

/**
 * "bad-input": these bytes are no Snappy block. "rejected": what is in it is longer than `bytesMax`, which is found out first.
 * The format: google/snappy, format_description.txt.
 */
export function unpackSnappy(packed: Uint8Array, bytesMax: number): Result<Buffer> {
  const source = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const length = readLength(source);
  if (length === undefined) return failure("bad-input", `${BAD}: its length cannot be read.`);
  if (length.value > bytesMax)
    return failure("rejected", `The body holds ${length.value} bytes, more than ${bytesMax}: send smaller batches.`);
  const target = Buffer.allocUnsafe(length.value);
  const written = unpackInto(target, source, length.next);
  return written === length.value ? success(target) : failure("bad-input", `${BAD}: it is damaged or cut.`);
}

const BAD = "The body is no Snappy block";
const LENGTH_BYTES_MAX = 5;

/** A number in groups of seven bits, lowest first. */
function readLength(source: Buffer): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let at = 0; at < Math.min(source.length, LENGTH_BYTES_MAX); at++) {
    const byte = source[at] as number;
    value += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { value, next: at + 1 };
  }
  return undefined;
}

/** Bytes written; -1 for what cannot be. */
function unpackInto(target: Buffer, source: Buffer, start: number): number {
  let from = start;
  let to = 0;
  while (from < source.length) {
    const tag = source[from] as number;
    const extra = bytesBehind(tag);
    if (from + 1 + extra > source.length) return -1;
    const number = extra === 0 ? 0 : source.readUIntLE(from + 1, extra);
    from += 1 + extra;
    const length = lengthOf(tag, number);
    if (to + length > target.length) return -1;
    const isLiteral = (tag & 3) === LITERAL;
    const back = (tag & 3) === 1 ? ((tag >> 5) << 8) | number : number;
    const isDone = isLiteral ? copy(target, { to, length, source, from }) : repeat(target, { to, length, back });
    if (!isDone) return -1;
    if (isLiteral) from += length;
    to += length;
  }
  return to;
}

const LITERAL = 0;

/** How many bytes of a number follow: of a long literal's length, or of how far back a copy begins. */
function bytesBehind(tag: number): number {
  const kind = tag & 3;
  if (kind === LITERAL) return Math.max((tag >> 2) - 59, 0);
  return kind === 3 ? 4 : kind;
}

function lengthOf(tag: number, number: number): number {
  if ((tag & 3) === 1) return ((tag >> 2) & 7) + 4;
  if ((tag & 3) !== 0) return (tag >> 2) + 1;
  return tag >> 2 < 60 ? (tag >> 2) + 1 : number + 1;
}

/** False: it is cut. */
function copy(
  target: Buffer,
  { to, length, source, from }: { to: number; length: number; source: Buffer; from: number },
): boolean {
  if (from + length > source.length) return false;
  source.copy(target, to, from, from + length);
  return true;
}

/** What is copied may overlap what is written: then it repeats. False: it would begin before the beginning. */
function repeat(target: Buffer, { to, back, length }: { to: number; back: number; length: number }): boolean {
  if (back === 0 || back > to) return false;
  if (back >= length) target.copy(target, to, to - back, to - back + length);
  else for (let index = to; index < to + length; index++) target[index] = target[index - back] as number;
  return true;
}
