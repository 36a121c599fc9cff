// headroom backtest: replays recorded demand under every policy and shows how they compare.
import { type Command, Option } from "commander";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { TRACE_FORMATS, type TraceFormat } from "../model/trace.ts";
import { backtestLines } from "./backtest-table.ts";
import type { BacktestOptions, BacktestOutcome, CommandSetting } from "./commands.ts";
import { decimalNumber, namesOf, pathName, wholeNumber } from "./option-values.ts";
import { showProgress } from "./progress.ts";
import { printLine, shownOn, type Terminal } from "./terminal.ts";

/** As commander hands them over: parsed and in range. */
interface Typed {
  readonly format: TraceFormat | "auto";
  readonly policy: string[];
  readonly serviceLevel: number;
  readonly hostSize: number;
  readonly pace: BacktestOptions["pace"];
  readonly out: string;
  readonly audit?: string;
  readonly model?: string;
  readonly lenient?: true;
  readonly resource?: Resource;
  readonly jobs?: number;
  readonly json?: true;
}

export function backtestCommand(program: Command, setting: CommandSetting): void {
  const { policyNames } = setting.commands;
  program
    .command("backtest")
    .summary("replay recorded demand, and compare policies at equal safety")
    .description(
      "Replays recorded demand: the first half trains, the second is scored. Every policy is run over its whole " +
        "knob, so that all are compared at equal safety. Prints a table, and writes a report to look at and to send.",
    )
    .argument("<trace...>", "files and folders with recorded demand; .gz is read as it is")
    .addOption(new Option("--format <name>", "format of the files").choices(["auto", ...TRACE_FORMATS]).default("auto"))
    .addOption(
      new Option("--policy <a,b>", `policies to run: ${policyNames.join(", ")}`)
        .argParser(namesOf(policyNames))
        .default([...policyNames], "all"),
    )
    .option(
      "--service-level <share>",
      "share of intervals in which demand must be covered",
      decimalNumber({ from: 0.5, to: 0.9999, such: "0.99" }),
      0.99,
    )
    .option("--host-size <vms>", "VMs on one host", wholeNumber({ from: 1, to: 10_000 }), 50)
    .addOption(
      new Option("--pace <name>", "how our own leases change: at every tick, or few times and gently as in production")
        .choices(["every-tick", "gentle"])
        .default("every-tick"),
    )
    .option("--out <folder>", "where to write the report", pathName, "out")
    .option("--model <path>", "trained model that forecasts beside the statistics: ID.network, or a folder", pathName)
    .option("--audit <file>", "also write all that the score is made of, as CSV", pathName)
    .option("--lenient", "skip and count rows that cannot be read, instead of failing")
    .addOption(new Option("--resource <name>", "what NAB files measure").choices(RESOURCES))
    .option("--jobs <count>", "threads (default: one for each processor)", wholeNumber({ from: 1, to: 256 }))
    .option("--json", "print the scorecard as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom backtest --help.")
    .action((traces: string[], typed: Typed, command: Command) => {
      if (typed.resource !== undefined && !["auto", "nab"].includes(typed.format))
        command.error(`headroom: --resource is for NAB files only; ${typed.format} files say what they measure.`);
      return runBacktest({ traces, typed, setting });
    });
}

async function runBacktest(given: { traces: string[]; typed: Typed; setting: CommandSetting }): Promise<void> {
  const { commands, terminal, exit } = given.setting;
  const watcher = showProgress(terminal.err);
  const result = await commands.backtest(optionsOf(given), watcher).finally(() => watcher.finish());
  if (!result.ok) {
    printLine(terminal.err, shownOn(terminal.err, `headroom: ${result.error.message}`));
    return exit(1);
  }
  if (given.typed.json) printLine(terminal.out, JSON.stringify(result.value.scorecard));
  else printOutcome(result.value, terminal);
}

function optionsOf({ traces, typed }: { traces: string[]; typed: Typed }): BacktestOptions {
  const { policy, lenient, json, ...same } = typed;
  return { ...same, traces, policies: policy, isLenient: lenient === true };
}

function printOutcome({ summary, files }: BacktestOutcome, { out }: Terminal): void {
  for (const line of backtestLines(summary, out)) printLine(out, line);
  printLine(out);
  for (const { what, path } of files) printLine(out, shownOn(out, `${what}: ${path}`));
}

const EXAMPLES = `
Examples:
  headroom backtest bitbrains/2013-8
  headroom backtest month.csv.gz --host-size 20 --service-level 0.995
  headroom backtest traces/ --policy headroom,vpa --json > scorecard.json
  headroom backtest traces/ --audit audit.csv

Formats: bitbrains (GWA-T-12), planetlab, csv (time,vm,resource,value),
nab (timestamp,value). "auto" looks at the first file.`;
