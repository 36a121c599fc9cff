// THE way to what is kept: a PostgreSQL of our own in a data folder, or the operator's by its URL; the same tables and queries on both.
import type { Store } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import { keyStore } from "./api-keys.ts";
import { backup } from "./backup/backup.ts";
import { restore } from "./backup/restore.ts";
import { cellStore } from "./cells/cells.ts";
import { changeLog } from "./change-log.ts";
import { type Address, type Connections, openConnections, type Sql } from "./connections.ts";
import { documentStore } from "./documents.ts";
import { openEmbeddedServer } from "./embedded/embedded-server.ts";
import { forgetUnanswered, idempotencyStore } from "./idempotency.ts";
import { checkedVersion, migrationSteps, SCHEMA_VERSION } from "./migrations.ts";
import { type OwnerLock, takeOwnerLock } from "./owner-lock.ts";
import { sampleStore } from "./samples/samples.ts";
import { usageStore } from "./usage.ts";

export type StoreOptions =
  | {
      readonly kind: "embedded";
      /** Made where it is not there. */
      readonly folder: string;
      /** More settings, as in postgresql.conf. */
      readonly settings?: readonly string[];
    }
  | {
      readonly kind: "server";
      /** postgresql://user:password@host:port/database, straight to the server: a pooler between would break the hold on it. */
      readonly url: string;
    };

/** Where the database runs, for who wants to tell. */
export interface OpenStore extends Store {
  readonly server: {
    readonly kind: StoreOptions["kind"];
    /** True when an earlier run of Headroom had left it running. */
    readonly isAdopted: boolean;
  };
  /** For other threads of this process, as long as this store is open. */
  readonly ticket: StoreTicket;
}

/** Plain data: what a thread needs to open connections of its own. */
export interface StoreTicket {
  readonly address: Address;
  /** As in OwnerLock. */
  readonly flag: Int32Array<SharedArrayBuffer>;
}

/** A cell writes one thing at a time. */
const THREAD_CONNECTIONS = 3;

/** Cells and samples of a store that another thread of this process holds: nothing is asked while it does not. */
export function joinStore({ address, flag }: StoreTicket): Pick<Store, "cells" | "samples" | "close"> {
  const connections = openConnections(address, () => Atomics.load(flag, 0) === 1, THREAD_CONNECTIONS);
  return { cells: cellStore(connections), samples: sampleStore(connections), close: () => connections.close() };
}

interface Server {
  readonly address: Address;
  readonly isAdopted: boolean;
  readonly ensureRunning: () => Promise<Result<void>>;
  readonly stop: () => Promise<void>;
}

/**
 * Opens it, brings its schema to this program's, and holds it until it is closed. "conflict": another Headroom has it; "rejected": its
 * folder or its schema is not ours, or newer than this program, or PostgreSQL is older than 15; "unavailable" or "timeout" else.
 */
export async function openStore(options: StoreOptions): Promise<Result<OpenStore>> {
  const server =
    options.kind === "embedded" ? await openEmbeddedServer(options) : success(operatorsServer(options.url));
  if (!server.ok) return server;
  const { address, isAdopted, ensureRunning, stop } = server.value;
  const lock = await takeOwnerLock(address, ensureRunning);
  if (!lock.ok) {
    // Somebody else may be working with one that was running already.
    if (!isAdopted) await stop();
    return lock;
  }
  const connections = openConnections(address, lock.value.isHeld);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closed({ connections, lock: lock.value, server: server.value });
    return closing;
  };
  const ready = await migrated(connections);
  const ticket = { address, flag: lock.value.flag };
  if (ready.ok) return success({ ...storeOn(connections), close, server: { kind: options.kind, isAdopted }, ticket });
  await close();
  return ready;
}

function storeOn(connections: Connections): Omit<Store, "close"> {
  return {
    documents: documentStore(connections),
    log: changeLog(connections),
    samples: sampleStore(connections),
    cells: cellStore(connections),
    usage: usageStore(connections),
    keys: keyStore(connections),
    idempotency: idempotencyStore(connections),
    backup: () => backup(connections),
    restore: (parts) => restore(connections, parts),
    health: () => health(connections),
  };
}

function operatorsServer(url: string): Server {
  return {
    address: { connectionString: url },
    isAdopted: true,
    ensureRunning: async () => success(undefined),
    stop: async () => undefined,
  };
}

async function migrated(connections: Connections): Promise<Result<void>> {
  const version = await connections.transaction(checkedVersion);
  if (!version.ok) return version;
  const steps = migrationSteps({ from: version.value, to: SCHEMA_VERSION });
  for (const step of [...steps, forgetUnanswered]) {
    const done = await connections.transaction(async (sql: Sql) => success(await step(sql)));
    if (!done.ok) return done;
  }
  return success(undefined);
}

async function health(connections: Connections): ReturnType<Store["health"]> {
  const rows = await connections.ask<{ version: string; bytes: number }>(
    "select current_setting('server_version') as version, pg_database_size(current_database()) as bytes",
  );
  if (!rows.ok) return rows;
  const [row] = rows.value;
  return success({ version: row?.version ?? "", schema: SCHEMA_VERSION, bytes: row?.bytes ?? 0 });
}

interface Opened {
  readonly connections: Connections;
  readonly lock: OwnerLock;
  readonly server: Server;
}

async function closed({ connections, lock, server }: Opened): Promise<void> {
  await connections.close();
  await lock.release();
  await server.stop();
}
