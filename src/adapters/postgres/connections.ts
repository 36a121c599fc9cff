// Connections to one database: bounded in number and in time, opened again where they break. What is asked here comes as a Result;
// inside a transaction errors are thrown up to its end, which rolls back.
import { Pool, type PoolClient, type PoolConfig, type QueryConfig, types } from "pg";
import { failure, type Result, success } from "../../model/result.ts";
import { databaseFailure, isWorthRepeating } from "./database-failures.ts";

const CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
/** Of a server that does not even answer that it was too slow. */
const SILENCE_TIMEOUT_MS = 60_000;
const REPEATS_MAX = 3;

export const SCHEMA = "headroom";

/** A statement on one connection; throws what the database says against it. */
export type Sql = <Row extends object = Record<string, never>>(
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>;

interface TransactionOptions {
  readonly statementTimeoutMs?: number;
}

/** Reads of one moment, for as long as its reader takes. */
export interface Snapshot {
  readonly sql: Sql;
  readonly end: () => Promise<void>;
}

export interface Connections {
  /** One statement, on its own durable when it resolves. */
  ask<Row extends object = Record<string, never>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Result<readonly Row[]>>;
  /** Committed when the work's result is a success, rolled back when it is a failure; repeated after deadlocks. */
  transaction<Value>(work: (sql: Sql) => Promise<Result<Value>>, options?: TransactionOptions): Promise<Result<Value>>;
  snapshot(): Promise<Result<Snapshot>>;
  close(): Promise<void>;
}

/** Where to connect to: a URL or a socket folder. */
export type Address = Pick<PoolConfig, "connectionString" | "host" | "user" | "database">;

/** `isOurs`: false while somebody else may have the database; nothing is asked then. */
export function openConnections(address: Address, isOurs: () => boolean, max = CONNECTIONS_MAX): Connections {
  const pool = new Pool({ ...settingsOf(address), max });
  // A connection that breaks while nobody uses it is replaced by the next who asks.
  pool.on("error", () => undefined);
  const lost = () =>
    failure("unavailable", "The hold on the database was lost and is being taken again: try again in some seconds.");

  async function transaction<Value>(
    work: (sql: Sql) => Promise<Result<Value>>,
    options: TransactionOptions = {},
  ): Promise<Result<Value>> {
    for (let repeats = 0; ; repeats++) {
      if (!isOurs()) return lost();
      try {
        return await once(pool, work, options);
      } catch (error) {
        if (!isWorthRepeating(error) || repeats === REPEATS_MAX) return databaseFailure(error);
      }
    }
  }

  return {
    async ask(text, values) {
      if (!isOurs()) return lost();
      try {
        const { rows } = await pool.query({ text, values: [...(values ?? [])] });
        return success(rows);
      } catch (error) {
        return databaseFailure(error);
      }
    },
    transaction,
    async snapshot() {
      if (!isOurs()) return lost();
      try {
        return success(await openSnapshot(pool));
      } catch (error) {
        return databaseFailure(error);
      }
    },
    close: () => pool.end(),
  };
}

export function settingsOf(address: Address): PoolConfig {
  return {
    ...address,
    application_name: "headroom",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
    options: [
      `search_path=${SCHEMA}`,
      "synchronous_commit=on",
      `statement_timeout=${STATEMENT_TIMEOUT_MS}`,
      `lock_timeout=${LOCK_TIMEOUT_MS}`,
      `idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
      "idle_session_timeout=0",
      "client_min_messages=warning",
    ]
      .map((each) => `-c ${each}`)
      .join(" "),
  };
}

async function once<Value>(
  pool: Pool,
  work: (sql: Sql) => Promise<Result<Value>>,
  { statementTimeoutMs }: TransactionOptions,
): Promise<Result<Value>> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query("begin");
    if (statementTimeoutMs !== undefined) await client.query(`set local statement_timeout = ${statementTimeoutMs}`);
    const result = await work(sqlOf(client, statementTimeoutMs));
    await client.query(result.ok ? "commit" : "rollback");
    broken = false;
    return result;
  } catch (error) {
    broken = !(await rolledBack(client));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function openSnapshot(pool: Pool): Promise<Snapshot> {
  const client = await pool.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    await client.query("set local idle_in_transaction_session_timeout = 0");
  } catch (error) {
    client.release(true);
    throw error;
  }
  return { sql: sqlOf(client), end: async () => client.release(!(await rolledBack(client))) };
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query("rollback");
    return true;
  } catch {
    return false;
  }
}

function sqlOf(client: PoolClient, statementTimeoutMs = 0): Sql {
  // The driver knows it for each query, its types for each client only.
  const query_timeout = Math.max(SILENCE_TIMEOUT_MS, 2 * statementTimeoutMs);
  return async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const query: QueryConfig & { readonly query_timeout: number } = { text, values: [...values], query_timeout };
    return (await client.query<Row>(query)).rows;
  };
}

/** Whole numbers here are counts, ids and milliseconds: all within what a number holds exactly. */
function parserOf(oid: number, format?: "text" | "binary"): unknown {
  return oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format as "text");
}
