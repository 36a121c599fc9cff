// The memory of cells: the last checkpoint, and a row for each input heard since. The row of a cell holds the epoch of the last claim:
// who writes locks it first, and whoever claimed earlier is refused. Inputs and records of a step commit together.
import type { CellClaim, CellStore, HeardInput, StoredCell, StoredStep } from "../../../control/store-ports.ts";
import type { CellId } from "../../../model/fleet.ts";
import { failure, type Result, success } from "../../../model/result.ts";
import { instant } from "../../../model/time.ts";
import type { Connections, Sql } from "../connections.ts";
import { toText } from "../document-text.ts";
import { removeOld } from "../remove-old.ts";
import { insertUsage } from "../usage.ts";
import { claimCell, heldCell } from "./cell-claims.ts";
import { checkpointParts, writeCheckpoint } from "./checkpoints.ts";
import { decisionsAsked, insertDecisions } from "./decisions.ts";

/** The driver carries bytes as hexadecimal text, and no text is longer than 512 MiB. */
const INPUT_BYTES_MAX = 128 * 2 ** 20;
const ROWS_READ_AT_ONCE = 50;
const DECISIONS_REMOVED_AT_ONCE = 10_000;

export function cellStore(connections: Connections): CellStore {
  return {
    claim: (cell, by) => claimCell(connections, cell, by),
    load: (cell) => load(connections, cell),
    commit: (claimed, steps) => commit(connections, claimed, steps),
    checkpoint: (claimed, checkpoint) => writeCheckpoint(connections, claimed, checkpoint),
    decisions: (question) => decisionsAsked(connections, question),
    retainDecisions: (before) =>
      removeOld(connections, { table: "decisions", column: "at", before, atOnce: DECISIONS_REMOVED_AT_ONCE }),
  };
}

interface CellRow {
  readonly checkpoint: number | null;
  readonly checkpoint_at: number | null;
}

async function load(connections: Connections, cell: CellId): Promise<Result<StoredCell | undefined>> {
  const rows = await connections.ask<CellRow>(
    `select checkpoint, checkpoints.at as checkpoint_at
     from cells left join checkpoints on checkpoints.id = cells.checkpoint where cells.cell = $1`,
    [cell],
  );
  if (!rows.ok) return rows;
  const [row] = rows.value;
  const heard = await heardBy(connections, cell);
  if (!heard.ok) return heard;
  if (row?.checkpoint == null || row.checkpoint_at === null)
    return success(heard.value.length === 0 ? undefined : { heard: heard.value });
  const parts = checkpointParts(connections, row.checkpoint);
  return success({ heard: heard.value, checkpoint: { at: instant(row.checkpoint_at), parts } });
}

async function heardBy(connections: Connections, cell: CellId): Promise<Result<readonly HeardInput[]>> {
  const heard: HeardInput[] = [];
  for (;;) {
    const rows = await connections.ask<{ number: number; body: Buffer }>(
      "select number, body from cell_inputs where cell = $1 and number > $2 order by number limit $3",
      [cell, heard.at(-1)?.number ?? 0, ROWS_READ_AT_ONCE],
    );
    if (!rows.ok) return rows;
    for (const { number, body } of rows.value) heard.push({ number, bytes: body });
    if (rows.value.length < ROWS_READ_AT_ONCE) return success(heard);
  }
}

async function commit(
  connections: Connections,
  claimed: CellClaim,
  steps: readonly StoredStep[],
): Promise<Result<void>> {
  const large = steps.find(({ bytes }) => bytes.length > INPUT_BYTES_MAX);
  if (large !== undefined)
    return failure(
      "bad-input",
      `An input of cell ${claimed.cell} has ${large.bytes.length} bytes: ${INPUT_BYTES_MAX} at most.`,
    );
  return connections.transaction(async (sql) => {
    const held = await heldCell(sql, claimed);
    if (!held.ok) return held;
    const fresh = steps.filter(({ number }) => number > held.value);
    for (const step of fresh) await insertStep(sql, claimed.cell, step);
    const newest = fresh.at(-1);
    if (newest) await sql("update cells set step = $2 where cell = $1", [claimed.cell, newest.number]);
    return success(undefined);
  });
}

async function insertStep(sql: Sql, cell: CellId, { number, bytes, records, usage = [] }: StoredStep): Promise<void> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  await sql("insert into cell_inputs (cell, number, body) values ($1, $2, $3)", [cell, number, body]);
  await insertDecisions(sql, cell, { records, bodies: records.map(toText) });
  await insertUsage(sql, usage);
}
