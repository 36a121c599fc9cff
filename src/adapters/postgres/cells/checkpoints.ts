// What is too large for every step: written part by part under a number of its own, and put in place by one small transaction.
// The one before stays until then; what a crash left unfinished goes with the next.
import type { CellClaim, CellStore } from "../../../control/store-ports.ts";
import { failure, type Result, success } from "../../../model/result.ts";
import type { Connections } from "../connections.ts";
import { heldCell } from "./cell-claims.ts";

const PART_BYTES_MAX = 64 * 2 ** 20;

type Checkpoint = Parameters<CellStore["checkpoint"]>[1];

export async function writeCheckpoint(
  connections: Connections,
  claim: CellClaim,
  { at, number, parts }: Checkpoint,
): Promise<Result<void>> {
  const begun = await connections.transaction(async (sql) => {
    const held = await heldCell(sql, claim);
    if (!held.ok) return held;
    const [row] = await sql<{ id: number }>("insert into checkpoints (cell, at) values ($1, $2) returning id", [
      claim.cell,
      at,
    ]);
    return success(row?.id ?? 0);
  });
  if (!begun.ok) return begun;
  const kept = await keepParts(connections, begun.value, parts);
  return kept.ok ? putInPlace(connections, claim, { checkpoint: begun.value, number }) : kept;
}

/** Ends with a failure where a later checkpoint took its place meanwhile. */
export async function* checkpointParts(
  connections: Connections,
  checkpoint: number,
): AsyncGenerator<Result<Uint8Array>> {
  const counted = await connections.ask<{ parts: number }>(
    "select count(*) as parts from checkpoint_parts where checkpoint = $1",
    [checkpoint],
  );
  if (!counted.ok) return yield counted;
  const parts = counted.value[0]?.parts ?? 0;
  for (let number = 0; number < parts; number++) {
    const rows = await connections.ask<{ body: Buffer }>(
      "select body from checkpoint_parts where checkpoint = $1 and number = $2",
      [checkpoint, number],
    );
    if (!rows.ok) return yield rows;
    const [row] = rows.value;
    if (row === undefined) return yield failure("conflict", "A later checkpoint took this one's place: load it again.");
    yield success(row.body);
  }
}

async function keepParts(
  connections: Connections,
  checkpoint: number,
  parts: Checkpoint["parts"],
): Promise<Result<void>> {
  let number = 0;
  for await (const part of parts) {
    if (part.length > PART_BYTES_MAX)
      return failure("bad-input", `A part of a checkpoint has at most ${PART_BYTES_MAX} bytes, not ${part.length}.`);
    const kept = await connections.ask(
      `insert into checkpoint_parts (checkpoint, number, body)
       select $1::bigint, $2::int, $3::bytea where exists (select from checkpoints where id = $1)`,
      [checkpoint, number, Buffer.from(part.buffer, part.byteOffset, part.byteLength)],
    );
    if (!kept.ok) return kept;
    number++;
  }
  return success(undefined);
}

function putInPlace(
  connections: Connections,
  claim: CellClaim,
  { checkpoint, number }: { readonly checkpoint: number; readonly number: number },
): Promise<Result<void>> {
  return connections.transaction(async (sql) => {
    const held = await heldCell(sql, claim);
    if (!held.ok) return held;
    await sql("update cells set checkpoint = $2 where cell = $1", [claim.cell, checkpoint]);
    await sql("delete from checkpoints where cell = $1 and id <> $2", [claim.cell, checkpoint]);
    await sql("delete from cell_inputs where cell = $1 and number <= $2", [claim.cell, number]);
    return success(undefined);
  });
}
