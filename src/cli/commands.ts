// What the command line can do, as functions that whoever starts the program puts in. The command line parses and
// shows; it computes nothing.
import type { ForecastReport } from "../model/forecast-report.ts";
import type { ModelLineage, ServingRecord } from "../model/model-lineage.ts";
import type { Resource } from "../model/resources.ts";
import type { Result } from "../model/result.ts";
import type { FrontierPoint, ScorecardFile } from "../model/scorecard.ts";
import type { SeasonChoice } from "../model/season.ts";
import type { Horizon, SkillReport } from "../model/skill-report.ts";
import type { Instant } from "../model/time.ts";
import type { TraceFormat } from "../model/trace.ts";
import type { ServiceCommands } from "./service-commands.ts";
import type { Terminal } from "./terminal.ts";

export interface Commands {
  readonly version: string;
  /** Of the policies that a backtest can run, in the order in which they are named in the help. */
  readonly policyNames: readonly string[];
  /** Of the models that can forecast. */
  readonly modelNames: readonly string[];
  /** Of the faults that a simulation knows. */
  readonly faultNames: readonly string[];
  /** What works on a running service, or on what it keeps. */
  readonly service: ServiceCommands;
  backtest(options: BacktestOptions, watcher: Watcher): Promise<Result<BacktestOutcome>>;
  evaluate(options: EvaluateOptions, watcher: Watcher): Promise<Result<SkillReport>>;
  forecast(options: ForecastOptions, watcher: Watcher): Promise<Result<ForecastOutcome>>;
  train(options: TrainOptions, watcher: Watcher): Promise<Result<TrainOutcome>>;
  models(request: ModelsRequest): Promise<Result<ModelsAnswer>>;
  demo(options: DemoOptions): Promise<Result<RunningDemo>>;
  serve(options: ServeOptions): Promise<Result<RunningService>>;
  simulate(options: SimulateOptions, watcher: Watcher): Promise<Result<SimulateOutcome>>;
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
  /** How our own policy changes leases: at every tick, or few times and gently as in production. */
  readonly pace: "every-tick" | "gentle";
  /** File of a trained network; statistics alone where left out. */
  readonly model?: string;
  readonly isLenient: boolean;
  /** What NAB files measure; only with `auto` or `nab`. */
  readonly resource?: Resource;
  /** Without it: as many as there are processors. */
  readonly jobs?: number;
}

/** Told while a long command runs. */
export interface Watcher {
  /** `done` of `total` of what is being done now ("Reading files"); starts anew when `doing` changes. */
  progress(step: ProgressStep): void;
  /** A sentence that a person should read: an assumption that was made, what was skipped and why. */
  notice(sentence: string): void;
}

export interface ProgressStep {
  readonly doing: string;
  readonly done: number;
  readonly total: number;
  /** Figures to show beside the bar: short, ASCII, of about the same length each time. */
  readonly detail?: string;
}

export interface BacktestOutcome {
  readonly scorecard: ScorecardFile;
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

/** Checked: numbers are in range, names are known. */
export interface EvaluateOptions {
  /** Files with one series each, at least one. */
  readonly files: readonly string[];
  /** File with the events that all of them share. */
  readonly events?: string;
  /** Without repeats, at least one; left out: all that can answer. */
  readonly models?: readonly string[];
  /** File of a trained network, or folder of models for the one that serves. */
  readonly model?: string;
  /** Left out: all that the grid and the length of the series allow, 30 days only where a tick is a day. */
  readonly horizons?: readonly Horizon[];
  /** Forecasts a series. */
  readonly origins: number;
  readonly season: SeasonChoice;
  /** Without it: as many as there are processors. */
  readonly jobs?: number;
}

/** Checked: numbers are in range, names are known. */
export interface ForecastOptions {
  /** Series files, or the files and folders of a trace; at least one. */
  readonly files: readonly string[];
  /** `auto` also knows files with one series. */
  readonly format: TraceFormat | "auto";
  readonly isLenient: boolean;
  /** Left out: all. */
  readonly vms?: readonly string[];
  /** Of a trace those to forecast; of series the one that they measure. */
  readonly resources?: readonly Resource[];
  /** Left out: 30 min and 24 h, or 30 days where a tick is a day. */
  readonly horizons?: readonly Horizon[];
  /** Also every tick of the horizons. */
  readonly hasPath: boolean;
  /** Nothing later is known; left out: the end of the data. */
  readonly at?: Instant;
  readonly events?: string;
  readonly profile?: string;
  /** Without repeats, at least one. */
  readonly models: readonly string[];
  /** File of a trained network, or folder of models for the one that serves. */
  readonly model?: string;
  readonly season: SeasonChoice;
  /** What forecasts are made of, in numbers. */
  readonly hasParts: boolean;
  /** CSV file for the quantiles. */
  readonly out?: string;
  /** Without it: as many as there are processors. */
  readonly jobs?: number;
}

export interface ForecastOutcome {
  readonly report: ForecastReport;
  readonly files: readonly WrittenFile[];
}

/** Checked: numbers are in range. */
export interface TrainOptions {
  /** Files and folders, at least one. */
  readonly traces: readonly string[];
  readonly format: TraceFormat | "auto";
  /** Nothing after it is learned from: a share of the trace in (0, 1], or an instant. */
  readonly until: { readonly share: number } | { readonly at: Instant };
  readonly steps: number;
  readonly seed: number;
  /** Networks that are trained and serve as one, 1 to MEMBERS_MAX. */
  readonly members: number;
  /** Models go into the folder `models` in it. */
  readonly out: string;
  readonly isLenient: boolean;
  /** Go on with the same training where it was interrupted. */
  readonly isResumed: boolean;
  /** Without it: as many as there are processors. */
  readonly jobs?: number;
}

export interface TrainOutcome {
  readonly lineage: ModelLineage;
  readonly isServing: boolean;
  readonly files: readonly WrittenFile[];
}

export type ModelsRequest = { readonly folder: string } & (
  | { readonly kind: "list" }
  | { readonly kind: "show"; readonly id: string }
  /** `reason`: for the record; by hand where left out. */
  | { readonly kind: "promote"; readonly id: string; readonly reason?: string }
  | { readonly kind: "roll-back"; readonly reason?: string }
);

export interface ModelsAnswer {
  readonly record: ServingRecord;
  /** All of them, or the one that was asked about; oldest first. */
  readonly models: readonly ModelLineage[];
  /** What could not be read. */
  readonly problems: readonly string[];
}

export interface DemoOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly seed: number;
  /** How many seconds of the simulated fleet pass in one of the wall's. */
  readonly speed: number;
  readonly vms: number;
  /** File of a trained network, or a folder of models; left out: the one that serves in out/models, where there is one. */
  readonly model?: string;
  /** JSON file with profiles and events; left out: what the customers of the demo declare. */
  readonly declared?: string;
}

export interface RunningDemo {
  /** Where a browser finds it: "http://127.0.0.1:8710/". */
  readonly address: string;
  /** Which models forecast, and why, in a sentence. */
  readonly forecaster: string;
  /** Settles when it has stopped, for whatever reason. */
  readonly stopped: Promise<Result<void>>;
}

/** What is left out comes from the environment, the file, or the defaults. */
export interface ServeOptions {
  /** YAML or JSON. */
  readonly config?: string;
  readonly data?: string;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
}

export interface RunningService {
  /** Where a browser or a program finds it: "http://127.0.0.1:8710/". */
  readonly address: string;
  /** The key of the first operator, this once; undefined where there are keys already. */
  readonly firstKey?: string;
  /** Settles when it has stopped, for whatever reason. */
  readonly stopped: Promise<Result<void>>;
}

/** Checked: numbers are in range, names are known. What is left out is drawn from the seed. */
export interface SimulateOptions {
  /** Both included. */
  readonly seeds: { readonly from: number; readonly to: number };
  readonly ticks: number;
  readonly hosts?: number;
  readonly vms?: number;
  readonly faults?: readonly string[];
  /** Without it: as many as there are processors. */
  readonly jobs?: number;
}

export interface SimulateOutcome {
  readonly schema: "headroom.simulation/1";
  readonly seeds: number;
  readonly steps: number;
  /** In the order of their seeds. */
  readonly failures: readonly SimulationFailure[];
}

export interface SimulationFailure {
  readonly seed: number;
  readonly invariant: string;
  /** What to type to see it again. */
  readonly command: string;
  /** For people, line by line; of the smallest setting that still fails too, where it was looked for. */
  readonly told: readonly string[];
  readonly smallest: readonly string[] | null;
}

/** Done, failed, typed wrongly. */
export type ExitCode = 0 | 1 | 2;

/** What every command is made from. `exit` says how it ended; nothing here ends the process. */
export interface CommandSetting {
  readonly commands: Commands;
  readonly terminal: Terminal;
  exit(code: ExitCode): void;
}
