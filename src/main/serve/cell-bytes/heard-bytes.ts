// What a cell heard, as bytes that can be stored, and back. Read only by the version that writes them: they are needed from one
// checkpoint to the next.
import { deserialize, serialize } from "node:v8";
import type { CellInput } from "../../../control/loop.ts";
import { failure, type Result, success } from "../../../model/result.ts";

const FORMAT = "headroom.heard/2";

export function inputBytes(input: CellInput): Uint8Array {
  return serialize({ format: FORMAT, input });
}

/** "bad-input": what another version wrote, or what is damaged. */
export function inputFromBytes(bytes: Uint8Array): Result<CellInput> {
  try {
    const { format, input } = deserialize(bytes) as { format?: unknown; input?: CellInput };
    if (format === FORMAT && input !== undefined) return success(input);
    return failure("bad-input", `What a cell heard is in the form ${String(format)}, this version reads ${FORMAT}.`);
  } catch {
    return failure("bad-input", "What a cell heard cannot be read: it is damaged.");
  }
}
