// Bytes of a file, unpacked where they are gzip. What the bytes say decides, never the file's name.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Result, success } from "../../model/result.ts";
import { readingFailed } from "./problems.ts";

const HEAD_BYTES = 64 * 1024;
const TAR_MAGIC_AT = 257;

/** The unpacked bytes as a stream; errors of the disk and of the packing come out of it. */
export async function openBytes(file: string): Promise<Result<Readable>> {
  try {
    const packed = await isGzip(file);
    const source = createReadStream(file);
    // pipeline hands an error of the source to the last stream, whose reader sees it there.
    return success(packed ? pipeline(source, createGunzip(), () => {}) : source);
  } catch (thrown) {
    return readingFailed(file, thrown);
  }
}

/** The first bytes, unpacked: enough to tell formats apart. Bytes in front of a damage are given, the damage is not told. */
export async function headOf(file: string): Promise<Result<Buffer>> {
  const bytes = await openBytes(file);
  if (!bytes.ok) return bytes;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of bytes.value as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= HEAD_BYTES) break;
    }
  } catch (thrown) {
    if (length === 0) return readingFailed(file, thrown);
  }
  return success(Buffer.concat(chunks).subarray(0, HEAD_BYTES));
}

/** The whole text of a small file; undefined when it has more bytes than that. Always reads to the end. Throws as the stream does. */
export async function textOf(bytes: AsyncIterable<unknown>, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= bytesMax) chunks.push(chunk);
  }
  return length <= bytesMax ? Buffer.concat(chunks).toString("utf8") : undefined;
}

export function isTar(head: Buffer): boolean {
  return head.toString("latin1", TAR_MAGIC_AT, TAR_MAGIC_AT + 5) === "ustar";
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}
