// A whole copy as of one moment, while everything goes on.
import { type Result, success } from "../../../model/result.ts";
import { type Connections, SCHEMA, type Snapshot, type Sql } from "../connections.ts";
import { databaseFailure } from "../database-failures.ts";
import { SCHEMA_VERSION } from "../migrations.ts";
import { type BackupRow, type BackupTable, backupWriter } from "./backup-format.ts";

/** All that there is, in an order in which it can be put back, and how many rows to hold in memory at once. */
export const BACKUP_TABLES: Readonly<Record<string, number>> = {
  change_counter: 1,
  documents: 1000,
  document_needs: 1000,
  changes: 1000,
  sample_batches: 50,
  sample_days: 1000,
  cells: 1,
  checkpoints: 100,
  checkpoint_parts: 1,
  cell_inputs: 10,
  decisions: 1000,
  usage: 100,
  api_keys: 1000,
  idempotent_answers: 100,
};

export async function* backup(connections: Connections): AsyncGenerator<Result<Uint8Array>> {
  const snapshot = await connections.snapshot();
  if (!snapshot.ok) return yield snapshot;
  try {
    yield* copied(snapshot.value);
  } catch (error) {
    yield databaseFailure(error);
  } finally {
    await snapshot.value.end();
  }
}

async function* copied({ sql }: Snapshot): AsyncGenerator<Result<Uint8Array>> {
  const tables = await tablesOf(sql);
  const writer = backupWriter();
  yield success(writer.start({ schema: SCHEMA_VERSION, tables }));
  const counts: Record<string, number> = {};
  for (const [place, table] of tables.entries()) {
    counts[table.name] = 0;
    for await (const rows of rowsOf(sql, table)) {
      counts[table.name] = (counts[table.name] ?? 0) + rows.length;
      yield success(writer.rows(place, rows));
    }
  }
  yield success(writer.end(counts));
}

async function tablesOf(sql: Sql): Promise<readonly BackupTable[]> {
  const columns = await sql<{ table_name: string; name: string; type: string }>(
    `select table_name::text, column_name::text as name, udt_name::text as type from information_schema.columns
     where table_schema = $1 order by ordinal_position`,
    [SCHEMA],
  );
  return Object.keys(BACKUP_TABLES).map((name) => ({
    name,
    columns: columns
      .filter(({ table_name }) => table_name === name)
      .map((each) => ({ name: each.name, type: each.type })),
  }));
}

async function* rowsOf(sql: Sql, { name, columns }: BackupTable): AsyncGenerator<readonly BackupRow[]> {
  const texts = columns.map((column) => (column.type === "bytea" ? column.name : `${column.name}::text`));
  await sql(`declare copied no scroll cursor for select ${texts.join(", ")} from ${name}`);
  for (;;) {
    const rows = await sql<Record<string, Buffer | string | null>>(`fetch ${BACKUP_TABLES[name] ?? 1} from copied`);
    if (rows.length === 0) break;
    yield rows.map((row) => columns.map((column) => row[column.name] ?? null));
  }
  await sql("close copied");
}
