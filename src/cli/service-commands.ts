// What the commands for the daily work need of the world: a way to a running service, a file, and the store itself.
import type { ApiClient } from "../api/client/client.ts";
import type { LiveNews } from "../api/client/watch-live.ts";
import type { Problem } from "../api/contract/live.ts";
import type { Failure, Result } from "../model/result.ts";

export interface ServiceCommands {
  /** "bad-input" for an address that is none. Asks nobody yet. */
  connect(choice: ServerChoice): Result<Connection>;
  /** What a file of JSON or YAML says; "-" is standard input. */
  readDocument(path: string): Promise<Result<unknown>>;
  /** Works it out again from what the service keeps. */
  verifyInvoice(invoice: unknown, client: ApiClient): Promise<Result<VerifiedInvoice, Problem | Failure>>;
  backup(options: BackupOptions): Promise<Result<Copied>>;
  restore(options: RestoreOptions): Promise<Result<Copied>>;
}

export interface VerifiedInvoice {
  /** That it was worked out from. */
  readonly records: number;
  /** A sentence each; none: it holds. */
  readonly differences: readonly string[];
}

/** As typed; what is left out comes from HEADROOM_SERVER and HEADROOM_KEY, or is the default. */
export interface ServerChoice {
  readonly server?: string;
  readonly key?: string;
}

export interface Connection {
  /** "http://127.0.0.1:8710" */
  readonly address: string;
  /** Where the key came from, for sentences about it: never the key itself. */
  readonly key: "--key" | "HEADROOM_KEY" | "none";
  readonly client: ApiClient;
  /** Of the service; undefined where it does not say. */
  version(): Promise<string | undefined>;
  /** Never ends by itself. */
  watch(signal: AbortSignal): AsyncIterable<LiveNews>;
}

/** Where the store is, as `headroom serve` finds it: typed, in the environment, or in the file. */
interface StoreChoice {
  readonly data?: string;
  readonly config?: string;
}

export interface BackupOptions extends StoreChoice {
  readonly file: string;
  /** A file that is there already is replaced. */
  readonly isForced: boolean;
}

export interface RestoreOptions extends StoreChoice {
  readonly file: string;
}

export interface Copied {
  readonly file: string;
  /** The data folder, or "the database of DATABASE_URL": no password in it. */
  readonly store: string;
  readonly bytes: number;
}
