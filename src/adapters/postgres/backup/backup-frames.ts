// Reads the frames of a backup from a stream of bytes, however it is cut into parts: all up to the end, or a failure that says why not.
import { createHash } from "node:crypto";
import { failure, type Result, success } from "../../../model/result.ts";
import { damaged, FIRST_LINE, FRAME_KINDS, type FrameKind, HEAD_BYTES } from "./backup-format.ts";

/** The largest value of all is the memory of a cell. */
const FRAME_BYTES_MAX = 512 * 2 ** 20;

export interface Frame {
  readonly kind: FrameKind;
  readonly body: Buffer;
  /** SHA-256 of all that came before the end; empty for other frames. */
  readonly sha256Before: string;
}

/** The last one is the end, or a failure. "bad-input" where the bytes are no backup or not a whole one. */
export async function* framesOf(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Result<Frame>> {
  const bytes = byteSource(parts);
  const hash = createHash("sha256");
  const firstLine = await bytes.take(FIRST_LINE.length);
  if (!firstLine.ok) return yield firstLine;
  if (!firstLine.value.equals(FIRST_LINE)) return yield failure("bad-input", "This is no backup of Headroom.");
  hash.update(FIRST_LINE);
  for (;;) {
    const frame = await frameIn(bytes);
    if (!frame.ok) return yield frame;
    const { kind, head, body } = frame.value;
    if (kind === "end") return yield success({ kind, body, sha256Before: hash.digest("hex") });
    yield success({ kind, body, sha256Before: "" });
    hash.update(head).update(body);
  }
}

type ByteSource = ReturnType<typeof byteSource>;

async function frameIn(bytes: ByteSource): Promise<Result<Omit<Frame, "sha256Before"> & { readonly head: Buffer }>> {
  const head = await bytes.take(HEAD_BYTES);
  if (!head.ok) return head;
  const kind = FRAME_KINDS[head.value[0] ?? FRAME_KINDS.length];
  const length = head.value.readUInt32BE(1);
  if (kind === undefined || length > FRAME_BYTES_MAX) return damaged();
  const body = await bytes.take(length);
  if (!body.ok) return body;
  if (kind === "end" && (await bytes.take(1)).ok) return damaged();
  return success({ kind, head: head.value, body: body.value });
}

/** Just so many bytes at a time; a failure where there are fewer, or where reading them fails. */
function byteSource(parts: AsyncIterable<Uint8Array>) {
  const iterator = parts[Symbol.asyncIterator]();
  let pending: Uint8Array[] = [];
  let length = 0;
  return {
    async take(wanted: number): Promise<Result<Buffer>> {
      try {
        while (length < wanted) {
          const { done, value } = await iterator.next();
          if (done) return failure("bad-input", "The backup ends in the middle: take a whole copy of it.");
          pending.push(value);
          length += value.length;
        }
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return failure("unavailable", `The backup could not be read: ${why}.`);
      }
      const all = Buffer.concat(pending);
      pending = [all.subarray(wanted)];
      length -= wanted;
      return success(all.subarray(0, wanted));
    },
  };
}
