// headroom backfill: the history that Prometheus or VictoriaMetrics has, so that forecasts need not begin from nothing.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Instant } from "../../model/time.ts";
import type { CommandSetting } from "../commands.ts";
import { ageOf, momentIn, typedInstant, zoneOf } from "../local-time.ts";
import { decimalNumber, pathName, serverUrl, wholeNumber } from "../option-values.ts";
import { showProgress } from "../progress.ts";
import type { BackfillOptions, BackfillOutcome } from "../service-commands.ts";
import { printLine, shownOn, wrapped } from "../terminal.ts";
import { tableLines } from "../text-table.ts";
import { type LocalPage, type ServerTyped, withServer } from "./ask.ts";

interface Typed extends ServerTyped {
  readonly from: string;
  readonly header?: string[];
  readonly since: BackfillOptions["since"];
  readonly until?: Instant;
  readonly step: number;
  readonly window?: number;
  readonly mapping?: string;
  readonly rate: number;
  readonly parallel: number;
  readonly cursor?: string;
  readonly anew?: true;
  readonly dryRun?: true;
}

const [STEP, RATE, PARALLEL, DAYS] = [300, 20, 2, 30];
const STEP_MAX = 3_600;

export function backfillCommand(program: Command, setting: CommandSetting): void {
  const zone = zoneOf(setting.terminal);
  const time = (typed: string): Instant => {
    const at = typedInstant(typed, { zone, now: Date.now(), direction: "past" });
    if (at !== undefined) return at;
    throw new InvalidArgumentError(`Give a time such as 2026-03-01 (${zone}) or 2026-03-01T00:00:00Z.`);
  };
  const command = program
    .command("backfill")
    .summary("read history from Prometheus or VictoriaMetrics")
    .description(
      "Reads what VMs used from a server that answers PromQL, by the same mapping as metrics that are pushed, and hands it to the " +
        "running service, which learns from it at once. Interrupted, it goes on where it was; read twice, samples count once.",
    )
    .requiredOption(
      "--from <url>",
      "the server, such as http://127.0.0.1:9090; user:password@ is understood",
      sourceUrl,
    )
    .addOption(
      new Option("--since <when>", "days back, such as 30d, or a time")
        .argParser((typed) => sinceOf(typed, time))
        .default({ days: DAYS }, `${DAYS}d`),
    )
    .option("--until <time>", "now where left out", time)
    .option("--step <seconds>", "one sample of each VM every so often", wholeNumber({ from: 1, to: STEP_MAX }), STEP)
    .option(
      "--window <seconds>",
      "rates and means over so much; at least two scrapes (default: the step, 60 at least)",
      wholeNumber({ from: 1, to: STEP_MAX }),
    )
    .option(
      "--mapping <file>",
      "what metrics mean (metricsMapping of the service); all ready sets where left out",
      pathName,
    )
    .option("--header <line>", "sent to the server, such as X-Scope-OrgID: one; again for more", oneLine)
    .option("--rate <number>", "questions a second", decimalNumber({ from: 0.01, to: 1_000, such: "5" }), RATE)
    .option("--parallel <count>", "questions at once", wholeNumber({ from: 1, to: 16 }), PARALLEL)
    .option("--cursor <file>", "where it keeps how far it came (default: below ~/.local/state/headroom)", pathName)
    .option("--anew", "begin from the beginning")
    .option("--dry-run", "show what would be read, and read nothing")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom backfill --help.");
  withServer(command).action((typed: Typed) => run(setting, typed));
}

async function run({ commands, terminal, exit }: CommandSetting, typed: Typed): Promise<void> {
  const { out, err } = terminal;
  const watcher = showProgress(err);
  const result = await commands.service.backfill(optionsOf(typed), watcher).finally(() => watcher.finish());
  if (!result.ok) {
    printLine(err, shownOn(err, `headroom: ${result.error.message}`));
    return exit(1);
  }
  if (typed.json) printLine(out, JSON.stringify(result.value));
  else for (const line of outcomeLines(result.value, { ...out, zone: zoneOf(terminal) })) printLine(out, line);
}

function optionsOf(typed: Typed): BackfillOptions {
  const { server, key, from, since, until, step, window, mapping, rate, parallel, cursor } = typed;
  return {
    ...(server !== undefined && { server }),
    ...(key !== undefined && { key }),
    ...{ from, since, stepSeconds: step, rate, parallel, headers: typed.header ?? [] },
    ...(until !== undefined && { until }),
    ...(window !== undefined && { windowSeconds: window }),
    ...(mapping !== undefined && { mapping }),
    ...(cursor !== undefined && { cursor }),
    isAnew: typed.anew === true,
    isDryRun: typed.dryRun === true,
  };
}

const NAMES_SHOWN = 5;

function outcomeLines(outcome: BackfillOutcome, page: LocalPage): string[] {
  const { metrics, vms, from, isDryRun } = outcome;
  const span = `${momentIn(page.zone, outcome.since)} to ${momentIn(page.zone, outcome.until)}`;
  const columns = [
    { head: "metric", isText: true },
    { head: "is", isText: true },
    { head: "set", isText: true },
    { head: "series", isText: false },
    { head: "VMs" },
  ].map(({ isText, ...column }) => ({ ...column, ...(isText && { isText: true as const }) }));
  const rows = metrics.map(({ metric, resource, part, source, series, vms }) => [
    metric,
    part === "value" ? resource : `${resource}, ${part}`,
    source,
    series === null ? "many" : String(series),
    String(vms),
  ]);
  const table = metrics.length === 0 ? [] : [...tableLines({ columns, rows }, page), ""];
  const sentences = [
    metrics.length === 0
      ? `${from} has nothing that the mapping names from ${span}. See docs/connect.md for rules of your own.`
      : `${from} tells of ${vms} VMs from ${span}.`,
    ...strangersOf(outcome),
    ...(isDryRun ? ["Nothing was read: leave --dry-run out."] : doneLines(outcome, page)),
  ];
  return [...table, ...sentences.flatMap((sentence) => wrapped(shownOn(page, sentence), page.columns))];
}

function strangersOf({ unknownVms, unknownCount }: BackfillOutcome): string[] {
  if (unknownVms.length === 0) return [];
  const count = unknownCount ?? unknownVms.length;
  const others = count - NAMES_SHOWN;
  const names = `${unknownVms.slice(0, NAMES_SHOWN).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
  return [
    `Headroom does not know ${count} of them, and leaves them out: ${names}. headroom discovered adopt declares them; or say which VM ` +
      "is meant under vms in the mapping.",
  ];
}

function doneLines(outcome: BackfillOutcome, { zone }: LocalPage): string[] {
  const { rows, seconds, resumedAt, absurd, incomplete, nameless, questions, askedAgain } = outcome;
  const odd = [
    ...(absurd > 0 ? [`${absurd} absurd values`] : []),
    ...(incomplete > 0 ? [`${incomplete} amounts of which a part was missing`] : []),
    ...(nameless > 0 ? [`${nameless} series without a VM`] : []),
  ];
  return [
    ...(resumedAt === null ? [] : [`It went on where it was interrupted, at ${momentIn(zone, resumedAt)}.`]),
    `${rows} samples are kept, in ${ageOf(seconds * 1_000)}, by ${questions} questions${askedAgain > 0 ? `, ${askedAgain} of them asked again` : ""}.`,
    ...(odd.length > 0 ? [`Left out: ${odd.join(", ")}.`] : []),
    ...(rows > 0
      ? ["Headroom learns from them now: forecasts follow within minutes (headroom vms ID shows one)."]
      : []),
  ];
}

function sinceOf(typed: string, time: (typed: string) => Instant): BackfillOptions["since"] {
  const [, days] = /^(\d{1,4})d$/.exec(typed) ?? [];
  return days !== undefined && Number(days) > 0 ? { days: Number(days) } : { at: time(typed) };
}

function sourceUrl(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url) {
    url.username = "";
    url.password = "";
    if (serverUrl(url.href)) return typed;
  }
  throw new InvalidArgumentError("Give an address such as http://127.0.0.1:9090.");
}

function oneLine(typed: string, before: readonly string[] = []): string[] {
  if (/^[A-Za-z0-9-]+:/.test(typed)) return [...before, typed];
  throw new InvalidArgumentError("Give a header such as X-Scope-OrgID: one.");
}

const EXAMPLES = `
Examples:
  headroom backfill --from http://prometheus:9090 --dry-run
  headroom backfill --from http://victoria:8428 --since 90d
  headroom backfill --from https://mimir/prometheus --header "X-Scope-OrgID: one" --rate 2`;
