// The memory of cells. The row of a cell holds the epoch of the last claim: who writes locks it first, and whoever claimed earlier is
// refused. Memory and records of a step commit together.
import { createHash } from "node:crypto";
import type { CellClaim, CellStore, StoredCell, StoredStep } from "../../../control/store-ports.ts";
import type { CellId } from "../../../model/fleet.ts";
import { failure, type Result, success } from "../../../model/result.ts";
import { instant } from "../../../model/time.ts";
import type { Connections } from "../connections.ts";
import { toText } from "../document-text.ts";
import { claimCell, heldCell } from "./cell-claims.ts";
import { checkpointParts, writeCheckpoint } from "./checkpoints.ts";
import { decisionsAsked, insertDecisions, removeDecisions } from "./decisions.ts";

/** The driver carries bytes as hexadecimal text, and no text is longer than 512 MiB. */
const MEMORY_BYTES_MAX = 128 * 2 ** 20;

export function cellStore(connections: Connections): CellStore {
  return {
    claim: (cell, by) => claimCell(connections, cell, by),
    load: (cell) => load(connections, cell),
    commit: (claimed, step) => commit(connections, claimed, step),
    checkpoint: (claimed, checkpoint) => writeCheckpoint(connections, claimed, checkpoint),
    decisions: (question) => decisionsAsked(connections, question),
    retainDecisions: (from) => removeDecisions(connections, from),
  };
}

interface CellRow {
  readonly stepped_at: number | null;
  readonly memory: Buffer | null;
  readonly checkpoint: number | null;
  readonly checkpoint_at: number | null;
}

async function load(connections: Connections, cell: CellId): Promise<Result<StoredCell | undefined>> {
  const rows = await connections.ask<CellRow>(
    `select stepped_at, memory, checkpoint, checkpoints.at as checkpoint_at
     from cells left join checkpoints on checkpoints.id = cells.checkpoint where cells.cell = $1`,
    [cell],
  );
  if (!rows.ok) return rows;
  const [row] = rows.value;
  if (row === undefined || row.stepped_at === null || row.memory === null) return success(undefined);
  const step = { at: instant(row.stepped_at), memory: row.memory };
  if (row.checkpoint === null || row.checkpoint_at === null) return success(step);
  const parts = checkpointParts(connections, row.checkpoint);
  return success({ ...step, checkpoint: { at: instant(row.checkpoint_at), parts } });
}

async function commit(connections: Connections, claimed: CellClaim, step: StoredStep): Promise<Result<void>> {
  const { at, memory, records } = step;
  if (memory.length > MEMORY_BYTES_MAX)
    return failure(
      "bad-input",
      `The memory of cell ${claimed.cell} has ${memory.length} bytes: ${MEMORY_BYTES_MAX} at most.`,
    );
  const bodies = records.map(toText);
  const hash = hashOf(step, bodies);
  return connections.transaction(async (sql) => {
    const held = await heldCell(sql, claimed);
    if (!held.ok) return held;
    // The connection broke while an earlier try was being committed, and nobody could say whether it was.
    if (held.value?.equals(hash)) return success(undefined);
    await sql("update cells set stepped_at = $2, memory = $3, step_hash = $4 where cell = $1", [
      claimed.cell,
      at,
      Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength),
      hash,
    ]);
    await insertDecisions(sql, claimed.cell, { records, bodies });
    return success(undefined);
  });
}

function hashOf({ at, memory }: StoredStep, bodies: readonly string[]): Buffer {
  const hash = createHash("sha256").update(`${at}\n`).update(memory);
  for (const body of bodies) hash.update("\n").update(body);
  return hash.digest();
}
