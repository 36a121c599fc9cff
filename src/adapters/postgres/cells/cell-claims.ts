// Who may write for a cell: the row of a cell holds the epoch of the last claim. Who writes locks that row first, and whoever claimed
// earlier is refused.
import type { CellClaim, CellStore } from "../../../control/store-ports.ts";
import type { CellId } from "../../../model/fleet.ts";
import { failure, type Result, success } from "../../../model/result.ts";
import type { Connections, Sql } from "../connections.ts";

type Claimant = Parameters<CellStore["claim"]>[1];

export async function claimCell(connections: Connections, cell: CellId, by: Claimant): Promise<Result<CellClaim>> {
  const rows = await connections.ask<{ epoch: number }>(
    `insert into cells (cell, epoch, process, claimed_at) values ($1, 1, $2, $3)
     on conflict (cell) do update
     set epoch = cells.epoch + 1, process = excluded.process, claimed_at = excluded.claimed_at returning epoch`,
    [cell, by.process, by.at],
  );
  return rows.ok ? success({ cell, epoch: rows.value[0]?.epoch ?? 0 }) : rows;
}

/** Holds the cell until the end of the transaction; the number of its newest step comes back. "conflict" when somebody claimed it since. */
export async function heldCell(sql: Sql, { cell, epoch }: CellClaim): Promise<Result<number>> {
  const [row] = await sql<{ epoch: number; process: string; step: number }>(
    "select epoch, process, step from cells where cell = $1 for update",
    [cell],
  );
  if (row === undefined) return failure("conflict", `Nobody claimed the cell ${cell}: claim it first.`);
  if (row.epoch === epoch) return success(row.step);
  return failure("conflict", `The cell ${cell} was claimed by ${row.process} since: this claim (${epoch}) is void.`);
}
