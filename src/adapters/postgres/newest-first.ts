// Rows of a table that only grows, newest first: by any of its columns, behind a cursor, never more than a list may have.
import { type Result, success } from "../../model/result.ts";
import type { Connections } from "./connections.ts";
import { checkedLimit } from "./list-limits.ts";

export interface NewestAsked {
  /** Columns and table, as after "select". */
  readonly rows: string;
  readonly limit: number;
  /** By condition, like "at >="; undefined ones are not asked for. */
  readonly filters: Readonly<Record<string, string | number | undefined>>;
}

export async function newestFirst<Row extends object>(
  connections: Connections,
  { rows, limit, filters }: NewestAsked,
): Promise<Result<readonly Row[]>> {
  const most = checkedLimit(limit);
  if (!most.ok) return most;
  const asked = Object.entries(filters).filter(([, value]) => value !== undefined);
  const where = asked.map(([condition], index) => `${condition} $${index + 2}`).join(" and ");
  const found = await connections.ask<Row>(`select ${rows} ${where && `where ${where}`} order by id desc limit $1`, [
    most.value,
    ...asked.map(([, value]) => value),
  ]);
  return found.ok ? success(found.value) : found;
}
