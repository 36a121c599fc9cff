// Rows that are kept no longer, removed some at a time, so that others get their turn between them.
import { type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { Connections } from "./connections.ts";

interface Old {
  /** One of ours with an `id`, and its column of times. */
  readonly table: "decisions" | "usage";
  readonly column: "at" | "last_from";
  readonly before: Instant;
  /** Rows. */
  readonly atOnce: number;
}

export async function removeOld(
  connections: Connections,
  { table, column, before, atOnce }: Old,
): Promise<Result<void>> {
  for (;;) {
    const gone = await connections.ask<{ id: number }>(
      `delete from ${table} where id in (select id from ${table} where ${column} < $1 limit $2) returning id`,
      [before, atOnce],
    );
    if (!gone.ok) return gone;
    if (gone.value.length === 0) return success(undefined);
  }
}
