// A cell as it was when the process before ended: written down whole at a checkpoint, and what it heard since heard again.
import { deserialize, serialize } from "node:v8";
import { type CellLayout, layOut } from "../../control/cell-layout.ts";
import { hearAgain, type RunningCell } from "../../control/loop.ts";
import { restore, snapshotOf } from "../../control/snapshot.ts";
import type { StoredCell } from "../../control/store-ports.ts";
import type { Cell } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { inputFromBytes } from "./cell-bytes/heard-bytes.ts";
import { snapshotFromParts, snapshotParts } from "./cell-bytes/snapshot-parts.ts";

/** What a cell was laid out from, and with which network it began: before its columns can be read this must be known. */
export interface CellForm {
  readonly cell: Cell;
  readonly options: Parameters<typeof layOut>[1];
  readonly serviceLevel: number;
  /** Undefined: statistics alone. */
  readonly networkId: string | undefined;
}

export interface RestoredCell {
  readonly form: CellForm;
  readonly running: RunningCell;
  /** Of the inputs since the checkpoint, which were heard again. */
  readonly heardBytes: number;
  /** Of the last one. */
  readonly number: number;
}

/** The parts of a checkpoint. The cell may go on while they are read. */
export function checkpointOf(
  running: RunningCell,
  { form, number }: { readonly form: CellForm; readonly number: number },
): Iterable<Uint8Array> {
  const snapshot = snapshotOf(running);
  return (function* () {
    yield serialize({ form, number } satisfies Beginning);
    yield* snapshotParts(snapshot);
  })();
}

/** `begin` makes a cell of that form that knows nothing yet. */
export async function restoreCell(
  stored: StoredCell,
  begin: (form: CellForm, layout: CellLayout) => RunningCell,
): Promise<Result<RestoredCell>> {
  if (stored.checkpoint === undefined) return NOT_WHOLE;
  const parts = stored.checkpoint.parts[Symbol.asyncIterator]();
  const beginning = await readBeginning(parts);
  if (!beginning.ok) return beginning;
  const { form, number: from } = beginning.value;
  const fresh = begin(form, layOut(form.cell, form.options));
  const snapshot = await snapshotFromParts({ [Symbol.asyncIterator]: () => parts });
  if (!snapshot.ok) return snapshot;
  const running = restore(fresh, snapshot.value);
  const since = stored.heard.filter(({ number }) => number > from);
  for (const { bytes } of since) {
    const input = inputFromBytes(bytes);
    if (!input.ok) return input;
    hearAgain(running, input.value);
  }
  const heardBytes = since.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return success({ form, running, heardBytes, number: since.at(-1)?.number ?? from });
}

/** Before the memory itself. */
interface Beginning {
  readonly form: CellForm;
  readonly number: number;
}

async function readBeginning(parts: AsyncIterator<Result<Uint8Array>>): Promise<Result<Beginning>> {
  const first = await parts.next();
  if (first.done === true) return NOT_WHOLE;
  if (!first.value.ok) return first.value;
  try {
    return success(deserialize(first.value.value) as Beginning);
  } catch {
    return NOT_WHOLE;
  }
}

const NOT_WHOLE = failure(
  "bad-input",
  "The checkpoint of a cell is not whole: go back to a backup, or let it start anew.",
);
