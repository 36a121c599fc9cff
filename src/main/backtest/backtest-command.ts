// `headroom backtest` from options to files: runs it, then writes the report and the scorecard beside each other.
import { join } from "node:path";
import { writeWhole } from "../../adapters/files/written-files.ts";
import { fontCss } from "../../adapters/report-file/report-fonts.ts";
import type { BacktestOptions, BacktestOutcome, Watcher, WrittenFile } from "../../cli/commands.ts";
import { renderReport } from "../../lab/report/page.ts";
import { summarise } from "../../lab/report/summary.ts";
import { FONT_FAMILIES, fontFace } from "../../lab/report/theme.ts";
import { type Result, success } from "../../model/result.ts";
import { scorecardFile } from "../../model/scorecard.ts";
import { ASSUMED_PRICES } from "../../pricing/price-list.ts";
import { type NamedNetwork, namedNetwork } from "../evaluate/named-network.ts";
import { runBacktest } from "./run-backtest.ts";

export async function backtest(options: BacktestOptions, watcher: Watcher): Promise<Result<BacktestOutcome>> {
  const prices = ASSUMED_PRICES;
  const network = await networkFor(options);
  if (!network.ok) return network;
  const run = await runBacktest({ options, watcher, prices, ...(network.value && { network: network.value }) });
  if (!run.ok) return run;
  const { scorecard, pictures } = run.value;
  const printed = scorecardFile(scorecard);
  const report = renderReport({
    scorecard,
    pictures,
    prices,
    command: commandOf(options),
    fontCss: fontCss(fontFace, FONT_FAMILIES),
  });
  const files: WrittenFile[] = [];
  for (const [what, name, text] of [
    ["report", "report.html", report],
    ["scorecard", "scorecard.json", `${JSON.stringify(printed, null, 2)}\n`],
  ] as const) {
    const written = await writeWhole(join(options.out, name), text);
    if (!written.ok) return written;
    files.push({ what, path: written.value });
  }
  if (options.audit !== undefined) files.push({ what: "audit file", path: options.audit });
  return success({ scorecard: printed, summary: summarise(scorecard, prices), files });
}

async function networkFor({ model }: BacktestOptions): Promise<Result<NamedNetwork | undefined>> {
  return model === undefined ? success(undefined) : namedNetwork(model);
}

/** What to type to get the same report again. */
function commandOf(options: BacktestOptions): string {
  const { traces, format, policies, serviceLevel, hostSize, isLenient, resource, model, pace } = options;
  return [
    "headroom backtest",
    ...traces.map((path) => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`)),
    ...(format === "auto" ? [] : [`--format ${format}`]),
    `--policy ${policies.join(",")}`,
    `--service-level ${serviceLevel}`,
    `--host-size ${hostSize}`,
    ...(pace === "every-tick" ? [] : [`--pace ${pace}`]),
    ...(isLenient ? ["--lenient"] : []),
    ...(resource === undefined ? [] : [`--resource ${resource}`]),
    ...(model === undefined ? [] : [`--model ${model}`]),
  ].join(" ");
}
