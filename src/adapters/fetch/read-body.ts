// The body of an answer, unpacked, with a bound before and after: a few bytes that unpack to gigabytes end at the bound.
import type { IncomingMessage } from "node:http";
import { PassThrough, pipeline, type Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { failure, type Result, success } from "../../model/result.ts";

export interface BodyLimits {
  /** As sent. */
  readonly packedBytesMax: number;
  /** Unpacked. */
  readonly bytesMax: number;
}

export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

/** Destroys the connection where a bound is passed. `host` for messages. */
export async function readBody(
  response: IncomingMessage,
  { host, ...limits }: BodyLimits & { readonly host: string },
): Promise<Result<Uint8Array>> {
  const unpacker = unpackerOf(response);
  if (unpacker === undefined) {
    response.destroy();
    return failure("unavailable", `${host} packs its answer in a way that was not asked for.`);
  }
  const body = unpacked(response, { unpacker, ...limits });
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of body) {
      length += part.length;
      if (length > limits.bytesMax) {
        response.destroy();
        return failure("rejected", `${host} sends more than ${limits.bytesMax} bytes: that is not read.`);
      }
      parts.push(part);
    }
  } catch (error) {
    response.destroy();
    if (error instanceof TooLong)
      return failure("rejected", `${host} sends more than ${limits.packedBytesMax} bytes: that is not read.`);
    return failure("unavailable", `${host} broke off: ${String((error as Error).message).slice(0, 200)}.`);
  }
  if (!response.complete) return failure("unavailable", `${host} broke off.`);
  return success(Buffer.concat(parts, length));
}

function unpackerOf({ headers }: IncomingMessage): Transform | undefined {
  switch ((headers["content-encoding"] ?? "identity").trim().toLowerCase()) {
    case "identity":
    case "":
      return new PassThrough();
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

class TooLong extends Error {}

function unpacked(
  response: IncomingMessage,
  { unpacker, packedBytesMax }: { readonly unpacker: Transform; readonly packedBytesMax: number },
): Readable {
  let length = 0;
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const part of source) {
      length += part.length;
      if (length > packedBytesMax) throw new TooLong();
      yield part;
    }
  };
  // What goes wrong on the way destroys the last stream with it, and whoever reads that one hears of it.
  pipeline(response, counted, unpacker, () => {});
  return unpacker;
}
