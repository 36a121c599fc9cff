// A backup back into an empty store, in one transaction: whole, checked and brought to this program's schema, or not at all.
import { DatabaseError } from "pg";
import { failure, type Result, success } from "../../../model/result.ts";
import { type Connections, SCHEMA, type Sql } from "../connections.ts";
import { migrationSteps, SCHEMA_VERSION } from "../migrations.ts";
import { BACKUP_TABLES } from "./backup.ts";
import {
  type BackupEnd,
  type BackupHeader,
  type BackupRow,
  type BackupTable,
  damaged,
  jsonIn,
  rowsIn,
} from "./backup-format.ts";
import { type Frame, framesOf } from "./backup-frames.ts";

/** A statement carries at most 65,535 values. */
const VALUES_AT_ONCE = 10_000;
const STATEMENT_TIMEOUT_MS = 10 * 60_000;
/** Data and constraints that do not fit: of a file that is no backup of ours, however well it is made. */
const MISFIT_CLASSES = ["22", "23", "42"];

export function restore(connections: Connections, parts: AsyncIterable<Uint8Array>): Promise<Result<void>> {
  return connections.transaction(
    async (sql) => {
      await sql("set local idle_in_transaction_session_timeout = 0");
      const empty = await isEmpty(sql);
      if (!empty) return failure("conflict", "There is something in this store: restore only into an empty one.");
      try {
        return await restored(sql, framesOf(parts));
      } catch (error) {
        const misfit = error instanceof DatabaseError && MISFIT_CLASSES.some((each) => error.code?.startsWith(each));
        if (!misfit) throw error;
        return failure("bad-input", `The backup does not fit into this store (${error.message}): take another copy.`);
      }
    },
    { statementTimeoutMs: STATEMENT_TIMEOUT_MS },
  );
}

async function isEmpty(sql: Sql): Promise<boolean> {
  const tables = Object.keys(BACKUP_TABLES).filter((name) => name !== "change_counter");
  const any = tables.map((name) => `exists (select from ${name})`).join(" or ");
  const [found] = await sql<{ any: boolean }>(`select ${any} or newest > 0 as any from change_counter`);
  return found?.any === false;
}

async function restored(sql: Sql, frames: AsyncIterator<Result<Frame>>): Promise<Result<void>> {
  const header = await begun(sql, await next(frames));
  if (!header.ok) return header;
  const { tables, schema } = header.value;
  const counts: Record<string, number> = Object.fromEntries(tables.map(({ name }) => [name, 0]));
  for (;;) {
    const frame = await next(frames);
    if (!frame.ok) return frame;
    const { kind, body, sha256Before } = frame.value;
    if (kind === "end") {
      const whole = checkedEnd(body, { rows: counts, sha256: sha256Before });
      if (!whole.ok) return whole;
      break;
    }
    const read = kind === "rows" ? rowsIn(body, tables) : undefined;
    if (read === undefined) return damaged();
    await insertRows(sql, read.table, read.rows);
    counts[read.table.name] = (counts[read.table.name] ?? 0) + read.rows.length;
  }
  await countOn(sql);
  for (const step of migrationSteps({ from: schema, to: SCHEMA_VERSION })) await step(sql);
  return success(undefined);
}

async function next(frames: AsyncIterator<Result<Frame>>): Promise<Result<Frame>> {
  const { done, value } = await frames.next();
  return done ? damaged() : value;
}

/** Makes the tables as they were when the backup was. */
async function begun(sql: Sql, first: Result<Frame>): Promise<Result<BackupHeader>> {
  if (!first.ok) return first;
  if (first.value.kind !== "header") return damaged();
  const json = jsonIn(first.value.body);
  if (!json.ok) return json;
  const header = json.value as BackupHeader;
  if (!isHeader(header)) return damaged();
  if (header.schema > SCHEMA_VERSION) {
    const why = `The backup is of a newer Headroom (schema ${header.schema}, this one knows ${SCHEMA_VERSION})`;
    return failure("rejected", `${why}: restore it with that one.`);
  }
  await sql(`drop schema ${SCHEMA} cascade`);
  for (const step of migrationSteps({ from: 0, to: header.schema })) await step(sql);
  await sql("delete from change_counter");
  return success(header);
}

/** Names go into statements: only those of a table and its columns pass. */
function isHeader(header: BackupHeader): boolean {
  const isName = (name: unknown) => typeof name === "string" && /^[a-z_][a-z0-9_]{0,62}$/.test(name);
  return (
    Number.isInteger(header?.schema) &&
    header.schema >= 1 &&
    Array.isArray(header.tables) &&
    header.tables.every(
      ({ name, columns }) =>
        isName(name) && Array.isArray(columns) && columns.every((each) => isName(each?.name) && isName(each?.type)),
    )
  );
}

async function insertRows(sql: Sql, { name, columns }: BackupTable, rows: readonly BackupRow[]): Promise<void> {
  const width = columns.length;
  const rowsAtOnce = Math.max(1, Math.floor(VALUES_AT_ONCE / width));
  const names = columns.map((column) => column.name).join(", ");
  for (let begin = 0; begin < rows.length; begin += rowsAtOnce) {
    const some = rows.slice(begin, begin + rowsAtOnce);
    const places = some.map((_, row) => `(${columns.map((_, column) => `$${row * width + column + 1}`).join(", ")})`);
    await sql(`insert into ${name} (${names}) values ${places.join(", ")}`, some.flat());
  }
}

function checkedEnd(body: Buffer, found: BackupEnd): Result<void> {
  const json = jsonIn(body);
  return json.ok && JSON.stringify(json.value) === JSON.stringify(found) ? success(undefined) : damaged();
}

/** New rows get numbers above those restored. */
async function countOn(sql: Sql): Promise<void> {
  for (const table of ["sample_batches", "checkpoints", "decisions", "usage"])
    await sql(
      `select setval(pg_get_serial_sequence('${SCHEMA}.${table}', 'id'), greatest(max(id), 1), max(id) is not null) from ${table}`,
    );
}
