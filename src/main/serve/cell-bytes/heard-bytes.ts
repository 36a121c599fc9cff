// What a cell heard since it was last written down, as bytes that can be stored, and back. Read only by the version that writes
// them: they are needed from one checkpoint to the next.
import { deserialize, serialize } from "node:v8";
import type { CellInput } from "../../../control/loop.ts";
import { failure, type Result, success } from "../../../model/result.ts";

const FORMAT = "headroom.heard/1";

/** Inputs are numbered from 1, without a gap, over the life of a cell. */
export interface HeardInput {
  readonly number: number;
  /** Of `inputBytes`. */
  readonly bytes: Uint8Array;
}

export function inputBytes(input: CellInput): Uint8Array {
  return serialize(input);
}

export function heardBytes(heard: readonly HeardInput[]): Uint8Array {
  return serialize({ format: FORMAT, heard });
}

export interface Heard extends HeardInput {
  readonly input: CellInput;
}

/** "bad-input": what another version wrote, or what is damaged. */
export function heardFromBytes(bytes: Uint8Array): Result<readonly Heard[]> {
  try {
    const { format, heard } = deserialize(bytes) as { format?: unknown; heard?: readonly HeardInput[] };
    if (format !== FORMAT || heard === undefined)
      return failure("bad-input", `What a cell heard is in the form ${String(format)}, this version reads ${FORMAT}.`);
    return success(heard.map((each) => ({ ...each, input: deserialize(each.bytes) as CellInput })));
  } catch {
    return failure("bad-input", "What a cell heard cannot be read: it is damaged.");
  }
}
