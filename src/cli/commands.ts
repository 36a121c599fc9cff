// What the command line can do, as functions that whoever starts the program puts in. The command line parses and
// shows; it computes nothing.
import type { Resource } from "../model/resources.ts";
import type { Result } from "../model/result.ts";
import type { FrontierPoint, Scorecard } from "../model/scorecard.ts";
import type { TraceFormat } from "../model/trace.ts";
import type { Terminal } from "./terminal.ts";

export interface Commands {
  readonly version: string;
  /** Of the policies that a backtest can run, in the order in which they are named in the help. */
  readonly policyNames: readonly string[];
  backtest(options: BacktestOptions, watcher: Watcher): Promise<Result<BacktestOutcome>>;
  demo(options: DemoOptions): Promise<Result<RunningDemo>>;
}

/** Checked: numbers are in range, names are known. */
export interface BacktestOptions {
  /** Files and folders, at least one. */
  readonly traces: readonly string[];
  readonly format: TraceFormat | "auto";
  /** Without repeats, at least one. */
  readonly policies: readonly string[];
  /** In (0, 1): the share of VM-intervals in which demand must be covered. */
  readonly serviceLevel: number;
  readonly hostSize: number;
  /** Folder for the report and the scorecard. */
  readonly out: string;
  readonly audit?: string;
  readonly isLenient: boolean;
  /** What NAB files measure; only with `auto` or `nab`. */
  readonly resource?: Resource;
  /** Without it: as many as there are processors. */
  readonly jobs?: number;
}

/** Told while a backtest runs. */
export interface Watcher {
  /** `done` of `total` of what is being done now ("Reading files"); starts anew when `doing` changes. */
  progress(step: { readonly doing: string; readonly done: number; readonly total: number }): void;
  /** A sentence that a person should read: an assumption that was made, what was skipped and why. */
  notice(sentence: string): void;
}

export interface BacktestOutcome {
  readonly scorecard: Scorecard;
  readonly summary: BacktestSummary;
  readonly files: readonly WrittenFile[];
}

/** `what` is one or two words: "report", "scorecard", "audit file". */
export interface WrittenFile {
  readonly what: string;
  readonly path: string;
}

export interface BacktestSummary {
  readonly headline: string;
  readonly conditions: string;
  /** The shares of intervals short that `needs` are for: "1 %", "0.5 %". */
  readonly compared: readonly string[];
  readonly resources: readonly ResourceSummary[];
  readonly savings: string | null;
  readonly repairs: readonly string[];
}

export interface ResourceSummary {
  readonly title: string;
  /** As in "reserved for each core used". */
  readonly unit: string;
  readonly policies: readonly PolicySummary[];
}

export interface PolicySummary {
  readonly title: string;
  readonly role: "ours" | "ours-each" | "peer" | "fixed" | "bound";
  /** reserved/used for each of `compared`; null: never gets there. */
  readonly needs: readonly (number | null)[];
  /** The measured setting nearest to the service level. */
  readonly nearest: FrontierPoint | null;
}

export interface DemoOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly seed: number;
  /** How many seconds of the simulated fleet pass in one of the wall's. */
  readonly speed: number;
  readonly vms: number;
}

export interface RunningDemo {
  /** Where a browser finds it: "http://127.0.0.1:8710/". */
  readonly address: string;
  /** Settles when it has stopped, for whatever reason. */
  readonly stopped: Promise<Result<void>>;
}

/** Done, failed, typed wrongly. */
export type ExitCode = 0 | 1 | 2;

/** What every command is made from. `exit` says how it ended; nothing here ends the process. */
export interface CommandSetting {
  readonly commands: Commands;
  readonly terminal: Terminal;
  exit(code: ExitCode): void;
}
