// headroom train: a network learns from recorded demand, and serves if it forecasts better than the one that served before.
import { type Command, InvalidArgumentError, Option } from "commander";
import { MEMBERS_MAX } from "../model/model-lineage.ts";
import { TRACE_FORMATS, type TraceFormat } from "../model/trace.ts";
import type { CommandSetting, TrainOptions, TrainOutcome } from "./commands.ts";
import { lineageLines } from "./lineage-lines.ts";
import { instantOf, pathName, wholeNumber } from "./option-values.ts";
import { showProgress } from "./progress.ts";
import { printLine, shownOn, type Terminal } from "./terminal.ts";

/** As commander hands them over: parsed and in range. */
interface Typed {
  readonly format: TraceFormat | "auto";
  readonly until: TrainOptions["until"];
  readonly steps: number;
  readonly seed: number;
  readonly members: number;
  readonly out: string;
  readonly lenient?: true;
  readonly resume?: true;
  readonly jobs?: number;
  readonly json?: true;
}

const STEPS_DEFAULT = 10_000;
const MEMBERS_DEFAULT = 2;
const SEED_MAX = 4_294_967_295;

export function trainCommand(program: Command, setting: CommandSetting): void {
  program
    .command("train")
    .summary("train a forecasting network on recorded demand")
    .description(
      "Trains one network on the demand of all VMs. The end of the span only says when to stop. The new model serves if " +
        "it forecasts later demand better than the one that serves; the first has to beat the same time yesterday.",
    )
    .argument("<trace...>", "files and folders with recorded demand; .gz is read as it is")
    .addOption(new Option("--format <name>", "format of the files").choices(["auto", ...TRACE_FORMATS]).default("auto"))
    .addOption(
      new Option("--until <share|time>", "nothing later is learned from: a share of the trace, or an ISO 8601 time")
        .argParser(untilValue)
        .default({ share: 0.5 }, "0.5"),
    )
    .option("--steps <count>", "training steps at most", wholeNumber({ from: 1, to: 10_000_000 }), STEPS_DEFAULT)
    .option("--seed <number>", "the same seed gives the same model", wholeNumber({ from: 0, to: SEED_MAX }), 1)
    .option(
      "--members <count>",
      "networks that forecast together, each as costly as the first",
      wholeNumber({ from: 1, to: MEMBERS_MAX }),
      MEMBERS_DEFAULT,
    )
    .option("--out <folder>", "models go into the folder models in it", pathName, "out")
    .option("--lenient", "skip and count rows that cannot be read, instead of failing")
    .option("--resume", "go on where the same training was interrupted")
    .option(
      "--jobs <count>",
      "threads that read and draw examples (default: one for each processor)",
      wholeNumber({ from: 1, to: 256 }),
    )
    .option("--json", "print what is known of the model as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom train --help.")
    .action((traces: string[], typed: Typed) => runTrain({ traces, typed, setting }));
}

/** "0.5" is a share; whatever has a dash in it a time. */
function untilValue(typed: string): TrainOptions["until"] {
  const share = /^(0|1)?(\.\d{1,15})?$/.test(typed) ? Number(typed) : Number.NaN;
  if (share > 0 && share <= 1) return { share };
  const at = instantOf(typed);
  if (at !== undefined) return { at };
  throw new InvalidArgumentError("Give a share of the trace such as 0.5, or a time such as 2026-03-01T00:00:00Z.");
}

async function runTrain(given: { traces: string[]; typed: Typed; setting: CommandSetting }): Promise<void> {
  const { commands, terminal, exit } = given.setting;
  const watcher = showProgress(terminal.err);
  const result = await commands.train(optionsOf(given), watcher).finally(() => watcher.finish());
  if (!result.ok) {
    printLine(terminal.err, shownOn(terminal.err, `headroom: ${result.error.message}`));
    return exit(1);
  }
  const { lineage, isServing, files } = result.value;
  if (given.typed.json) printLine(terminal.out, JSON.stringify({ ...lineage, isServing, files }));
  else printOutcome(result.value, terminal);
}

function optionsOf({ traces, typed }: { traces: string[]; typed: Typed }): TrainOptions {
  const { lenient, resume, json, ...same } = typed;
  return { ...same, traces, isLenient: lenient === true, isResumed: resume === true };
}

function printOutcome({ lineage, isServing, files }: TrainOutcome, { out }: Terminal): void {
  for (const line of lineageLines({ lineage, isServing, screen: out })) printLine(out, line);
  printLine(out);
  for (const { what, path } of files) printLine(out, shownOn(out, `${what}: ${path}`));
}

const EXAMPLES = `
Examples:
  headroom train bitbrains/2013-8
  headroom train month.csv.gz --until 2026-03-15 --steps 20000
  headroom train month.csv.gz --resume          after it was interrupted

What is later than --until decides whether the model serves; with --until 1 that
is what it stopped by. See headroom models --help for what can be done then.`;
