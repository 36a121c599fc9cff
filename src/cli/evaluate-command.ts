// headroom evaluate: how well each model would have forecast a series, with and without the events that were announced.
import { type Command, Option } from "commander";
import { SEASON_CHOICES, type SeasonChoice } from "../model/season.ts";
import { HORIZONS, type Horizon } from "../model/skill-report.ts";
import type { CommandSetting, EvaluateOptions } from "./commands.ts";
import { evaluateLines } from "./evaluate-table.ts";
import { NETWORK, namesOf, networkPath, pathName, wholeNumber } from "./option-values.ts";
import { showProgress } from "./progress.ts";
import { printLine, shownOn } from "./terminal.ts";

/** As commander hands them over: parsed and in range. */
interface Typed {
  readonly events?: string;
  readonly models?: string[];
  readonly model?: string;
  readonly horizon?: Horizon[];
  readonly origins: number;
  readonly season: SeasonChoice;
  readonly jobs?: number;
  readonly json?: true;
}

export function evaluateCommand(program: Command, setting: CommandSetting): void {
  const { modelNames } = setting.commands;
  program
    .command("evaluate")
    .summary("how well each model would have forecast a series")
    .description(
      "Forecasts a series again and again from points of its past, each time with what was known then, and sets the " +
        "forecasts against what came. With events: each model that takes them runs without and with them.",
    )
    .argument("<series...>", "CSV files with one series each; .gz is read as it is")
    .option("--events <file>", "CSV file with events that all series share", pathName)
    .addOption(
      new Option("--models <a,b>", `models to run: ${modelNames.join(", ")} (default: all that can answer)`).argParser(
        namesOf(modelNames),
      ),
    )
    .option("--model <path>", NETWORK, networkPath(modelNames))
    .addOption(
      new Option(
        "--horizon <a,b>",
        `how far ahead: ${HORIZONS.join(", ")} (default: 30m and 24h, or 30d where a tick is a day)`,
      ).argParser(namesOf(HORIZONS)),
    )
    .option(
      "--origins <count>",
      "forecasts a series, spread over its second half",
      wholeNumber({ from: 1, to: 1_000 }),
      10,
    )
    .addOption(
      new Option("--season <name>", "season that models follow; grid: a day, or a week where a tick is a day")
        .choices(SEASON_CHOICES)
        .default("grid"),
    )
    .option("--jobs <threads>", "threads (default: one for each processor)", wholeNumber({ from: 1, to: 256 }))
    .option("--json", "print the figures as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom evaluate --help.")
    .action((files: string[], typed: Typed) => runEvaluate({ files, typed, setting }));
}

async function runEvaluate(given: { files: string[]; typed: Typed; setting: CommandSetting }): Promise<void> {
  const { commands, terminal, exit } = given.setting;
  const watcher = showProgress(terminal.err);
  const result = await commands.evaluate(optionsOf(given), watcher).finally(() => watcher.finish());
  if (!result.ok) {
    printLine(terminal.err, shownOn(terminal.err, `headroom: ${result.error.message}`));
    return exit(1);
  }
  if (given.typed.json) printLine(terminal.out, JSON.stringify(result.value));
  else for (const line of evaluateLines(result.value, terminal.out)) printLine(terminal.out, line);
}

function optionsOf({ files, typed }: { files: string[]; typed: Typed }): EvaluateOptions {
  const { horizon, json, ...same } = typed;
  return { ...same, files, ...(horizon === undefined ? {} : { horizons: horizon as Horizon[] }) };
}

const EXAMPLES = `
Examples:
  headroom evaluate requests.csv
  headroom evaluate cpu.csv.gz memory.csv.gz --horizon 30m --origins 50
  headroom evaluate views.csv --events games.csv --models seasonal-naive,stl
  headroom evaluate cpu.csv --models lstm,ensemble --model out/models
  headroom evaluate requests.csv --json > skill.json

A series: time,value (or timestamp,value, or ds,y), a row a sample, amounts of
at least 0. Events: start,end,event (or ds,event with lower_window_days and
upper_window_days), and where known kind, announced and uplift.`;
