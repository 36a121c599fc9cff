// headroom forecast: how much each VM or series will ask for from now on, as quantiles, and what that rests on.
import { type Command, Option } from "commander";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { SEASON_CHOICES, type SeasonChoice } from "../model/season.ts";
import { HORIZONS, type Horizon } from "../model/skill-report.ts";
import type { Instant } from "../model/time.ts";
import { TRACE_FORMATS, type TraceFormat } from "../model/trace.ts";
import type { CommandSetting, ForecastOptions } from "./commands.ts";
import { forecastLines } from "./forecast-lines.ts";
import { NETWORK, namesOf, networkPath, oneMore, pathName, timeValue, wholeNumber } from "./option-values.ts";
import { showProgress } from "./progress.ts";
import { printLine, shownOn } from "./terminal.ts";

/** As commander hands them over: parsed and in range. */
interface Typed {
  readonly vm?: string[];
  readonly resource?: string[];
  readonly horizon?: string[];
  readonly path?: true;
  readonly at?: Instant;
  readonly events?: string;
  readonly profile?: string;
  readonly models: string[];
  readonly model?: string;
  readonly season: SeasonChoice;
  readonly explain?: true;
  readonly format: TraceFormat | "auto";
  readonly lenient?: true;
  readonly out?: string;
  readonly jobs?: number;
  readonly json?: true;
}

export function forecastCommand(program: Command, setting: CommandSetting): void {
  const { modelNames } = setting.commands;
  program
    .command("forecast")
    .summary("how much will be asked for from now on, as quantiles")
    .description(
      "Forecasts demand from the end of the data: the next tick, the peak of the next 30 min, the hourly peaks of the " +
        "next 24 h, each as the amount that demand stays below in 5 % to 99.8 % of all cases.",
    )
    .argument(
      "<demand...>",
      "CSV files with one series each, or the files and folders of a trace; .gz is read as it is",
    )
    .option("--vm <name>", "VM to forecast; once for each (default: all)", oneMore)
    .addOption(
      new Option(
        "--resource <a,b>",
        `of a trace those to forecast; of one series what it measures: ${RESOURCES.join(", ")}`,
      ).argParser(namesOf(RESOURCES)),
    )
    .addOption(
      new Option(
        "--horizon <a,b>",
        `how far ahead: ${HORIZONS.join(", ")} (default: 30m and 24h, or 30d where a tick is a day)`,
      ).argParser(namesOf(HORIZONS)),
    )
    .option("--path", "also every single tick (to --json and --out)")
    .option("--at <time>", "forecast from this time on, as if nothing later were known (ISO 8601)", timeValue)
    .option("--events <file>", "CSV file with events, past ones and those ahead", pathName)
    .option("--profile <file>", "JSON file with what is declared of the workload", pathName)
    .addOption(
      new Option("--models <a,b>", `models to ask: ${modelNames.join(", ")}`)
        .argParser(namesOf(modelNames))
        .default(["ensemble"], "ensemble"),
    )
    .option("--model <path>", NETWORK, networkPath(modelNames))
    .addOption(
      new Option("--season <name>", "season that models follow; grid: a day, or a week where a tick is a day")
        .choices(SEASON_CHOICES)
        .default("grid"),
    )
    .option("--explain", "also what the forecast is made of, in numbers")
    .addOption(new Option("--format <name>", "format of the files").choices(["auto", ...TRACE_FORMATS]).default("auto"))
    .option("--lenient", "skip and count rows of a trace that cannot be read, instead of failing")
    .option("--out <file>", "also write all quantiles, as CSV", pathName)
    .option("--jobs <threads>", "threads (default: one for each processor)", wholeNumber({ from: 1, to: 256 }))
    .option("--json", "print the forecast as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom forecast --help.")
    .action((files: string[], typed: Typed) => runForecast({ files, typed, setting }));
}

async function runForecast(given: { files: string[]; typed: Typed; setting: CommandSetting }): Promise<void> {
  const { commands, terminal, exit } = given.setting;
  const { out, err } = terminal;
  const watcher = showProgress(err);
  const result = await commands.forecast(optionsOf(given), watcher).finally(() => watcher.finish());
  if (!result.ok) {
    printLine(err, shownOn(err, `headroom: ${result.error.message}`));
    return exit(1);
  }
  const { report, files } = result.value;
  if (given.typed.json) return printLine(out, JSON.stringify(report));
  for (const line of forecastLines(report, out)) printLine(out, line);
  if (files.length > 0) printLine(out);
  for (const { what, path } of files) printLine(out, shownOn(out, `${what}: ${path}`));
}

function optionsOf({ files, typed }: { files: string[]; typed: Typed }): ForecastOptions {
  const { vm, resource, horizon, path, explain, lenient, json, ...same } = typed;
  return {
    ...same,
    files,
    ...(vm === undefined ? {} : { vms: vm }),
    ...(resource === undefined ? {} : { resources: resource as Resource[] }),
    ...(horizon === undefined ? {} : { horizons: horizon as Horizon[] }),
    hasPath: path === true,
    hasParts: explain === true,
    isLenient: lenient === true,
  };
}

const EXAMPLES = `
Examples:
  headroom forecast cpu.csv --resource cpu
  headroom forecast month/ --vm web-1 --resource cpu,memory --explain
  headroom forecast month/ --vm web-1 --model out/models --at 2026-03-20T12:00
  headroom forecast visits.csv --events campaigns.csv --horizon 24h --json
  headroom forecast cpu.csv --resource cpu --profile web.json --out ahead.csv

A series, and events: see headroom evaluate --help. A trace: bitbrains,
planetlab, csv (time,vm,resource,value), nab. With --at in the past, what came
is shown beside the forecast.`;
