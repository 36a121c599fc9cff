// Numbers and their description as bytes that notice damage: a kind, some JSON, arrays of float32, a checksum. Little-endian.
import { assert, failure, type Result, success } from "../../model/result.ts";

export interface Sections {
  /** ASCII: what the bytes are and in which version, like "headroom.network/1". */
  readonly kind: string;
  /** ASCII once written as JSON. */
  readonly description: unknown;
  readonly arrays: readonly Float32Array[];
}

const MAGIC = "HDRM";
/** Magic, length of the header. */
const FRONT_BYTES = 8;
const CHECKSUM_BYTES = 4;

interface Header {
  readonly kind: string;
  readonly description: unknown;
  readonly lengths: readonly number[];
}

export function sectionsToBytes({ kind, description, arrays }: Sections): Uint8Array {
  const header: Header = { kind, description, lengths: arrays.map(({ length }) => length) };
  const text = asciiBytes(JSON.stringify(header));
  const floatBytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const bytes = new Uint8Array(FRONT_BYTES + text.length + floatBytes + CHECKSUM_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(asciiBytes(MAGIC));
  view.setUint32(4, text.length, true);
  bytes.set(text, FRONT_BYTES);
  let at = FRONT_BYTES + text.length;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  view.setUint32(at, checksum(bytes.subarray(0, at)), true);
  return bytes;
}

/** Arrays are copies. Anything but whole, undamaged bytes of this kind is "bad-input". */
export function bytesToSections(bytes: Uint8Array, kind: string): Result<Sections> {
  const bad = (what: string) =>
    failure("bad-input", `These bytes are no ${kind}: ${what}. Take another copy, or make them anew.`);
  if (bytes.length < FRONT_BYTES + CHECKSUM_BYTES) return bad(`there are only ${bytes.length} of them`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (asciiText(bytes.subarray(0, 4)) !== MAGIC) return bad(`they do not begin with ${MAGIC}`);
  const end = bytes.length - CHECKSUM_BYTES;
  if (view.getUint32(end, true) !== checksum(bytes.subarray(0, end)))
    return bad("they are damaged or cut off (checksum)");
  const floatsAt = FRONT_BYTES + view.getUint32(4, true);
  const header = JSON.parse(asciiText(bytes.subarray(FRONT_BYTES, floatsAt))) as Header;
  if (header.kind !== kind) return bad(`they are a ${header.kind}`);
  let at = floatsAt;
  const arrays = header.lengths.map((length) => {
    at += 4 * length;
    // A copy in a buffer of its own; `slice` of Node's Buffer would be a view of a larger one.
    return new Float32Array(Uint8Array.from(bytes.subarray(at - 4 * length, at)).buffer);
  });
  return success({ kind, description: header.description, arrays });
}

export function asciiBytes(text: string): Uint8Array {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  assert(
    bytes.every((byte, index) => byte < 128 && byte === text.charCodeAt(index)),
    "only ASCII is written",
  );
  return bytes;
}

function asciiText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** CRC-32 as in zip and PNG (ISO 3309, polynomial 0xEDB88320 reflected). */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_OF_BYTE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const CRC_OF_BYTE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
