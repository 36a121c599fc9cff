// What the commands for the daily work need of the world: a way to a running service, a file, and the store itself.
import type { ApiClient } from "../api/client/client.ts";
import type { LiveNews } from "../api/client/watch-live.ts";
import type { Problem } from "../api/contract/live.ts";
import type { Resource } from "../model/resources.ts";
import type { Failure, Result } from "../model/result.ts";
import type { Instant } from "../model/time.ts";
import type { Watcher } from "./commands.ts";

export interface ServiceCommands {
  /** "bad-input" for an address that is none. Asks nobody yet. */
  connect(choice: ServerChoice): Result<Connection>;
  /** What a file of JSON or YAML says; "-" is standard input. */
  readDocument(path: string): Promise<Result<unknown>>;
  /** Works it out again from what the service keeps. */
  verifyInvoice(invoice: unknown, client: ApiClient): Promise<Result<VerifiedInvoice, Problem | Failure>>;
  /** Reads history from a server that answers PromQL, and hands it in. */
  backfill(options: BackfillOptions, watcher: Watcher): Promise<Result<BackfillOutcome>>;
  /** A file as it is; "-" is standard input. */
  readText(path: string): Promise<Result<string>>;
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

/** Checked: numbers are in range. */
export interface BackfillOptions extends ServerChoice {
  /** Of Prometheus, VictoriaMetrics, or whatever answers PromQL; may carry a user and a password. */
  readonly from: string;
  /** Sent with every question: "Name: value". */
  readonly headers: readonly string[];
  readonly since: { readonly days: number } | { readonly at: Instant };
  /** Now where left out. */
  readonly until?: Instant;
  readonly stepSeconds: number;
  /** Rates and means are taken over so much; the step where left out, a minute at least. */
  readonly windowSeconds?: number;
  /** The file that says what metrics mean; all ready sets where left out. */
  readonly mapping?: string;
  /** Questions a second, and at once. */
  readonly rate: number;
  readonly parallel: number;
  /** Where it is kept how far it came; a place of its own where left out. */
  readonly cursor?: string;
  /** Begins from the beginning though it came further before. */
  readonly isAnew: boolean;
  /** Nothing is read but what there is. */
  readonly isDryRun: boolean;
}

export interface BackfillOutcome {
  readonly schema: "headroom.backfill/1";
  /** Without user and password. */
  readonly from: string;
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
  readonly stepSeconds: number;
  readonly isDryRun: boolean;
  /** From where it was interrupted the last time; null: from the beginning. */
  readonly resumedAt: string | null;
  readonly metrics: readonly BackfilledMetric[];
  /** That metrics tell of. */
  readonly vms: number;
  /** That Headroom does not know: their samples are left out. The first 100, and how many there are; null where it cannot be told. */
  readonly unknownVms: readonly string[];
  readonly unknownCount: number | null;
  /** Handed in and kept; handed in and left out, since nobody knows their VM. */
  readonly rows: number;
  readonly unknownRows: number;
  /** Values and sums that are not finite or negative; resources of a VM and step of which a part was missing; series that name no VM. */
  readonly absurd: number;
  readonly incomplete: number;
  readonly nameless: number;
  readonly questions: number;
  readonly askedAgain: number;
  readonly answerBytes: number;
  readonly seconds: number;
}

interface BackfilledMetric {
  readonly metric: string;
  readonly source: string;
  readonly resource: Resource;
  readonly part: "value" | "less" | "times";
  /** Null: more than can be listed. */
  readonly series: number | null;
  readonly vms: number;
}
