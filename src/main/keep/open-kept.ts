// The store of a service that is stopped, found as the service finds it. Whoever holds it holds it alone.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type OpenStore, openStore } from "../../adapters/postgres/open-store.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { readConfig } from "../serve/read-config.ts";

export interface KeptStore {
  readonly store: OpenStore;
  /** For people; no password in it. */
  readonly name: string;
}

export interface KeptStoreChoice {
  readonly data?: string;
  readonly config?: string;
  /** Where left out, a folder in which nothing is kept is an error. */
  readonly mayBeNew?: true;
}

/** "not-found" where there is none; "conflict" while a service runs on it. A folder that was typed goes before DATABASE_URL. */
export async function openKept({ data, config: file, mayBeNew }: KeptStoreChoice): Promise<Result<KeptStore>> {
  const read = readConfig({ file, environment: process.env, typed: { data } });
  if (!read.ok) return read;
  const { data: folder, database } = read.value;
  const isFolder = data !== undefined || database === undefined;
  if (isFolder && !mayBeNew && !existsSync(join(folder, "postgres")))
    return failure("not-found", `Nothing is kept in ${folder}: say where it is with --data FOLDER.`);
  const opened = await openStore(isFolder ? { kind: "embedded", folder } : { kind: "server", url: database });
  if (!opened.ok) return opened.error.kind === "conflict" ? failure("conflict", held(isFolder ? folder : "")) : opened;
  return success({ store: opened.value, name: isFolder ? folder : "the database of DATABASE_URL" });
}

function held(folder: string): string {
  const where = folder === "" ? "this database" : folder;
  return `A Headroom works on ${where}: stop it first (Ctrl-C, or SIGTERM to its process), then try again.`;
}
