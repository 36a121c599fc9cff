// `headroom evaluate` from files to a report: reads series and events, forecasts each series from many origins with
// every model, puts the figures together.
import { availableParallelism } from "node:os";
import { readEventsFile } from "../../adapters/series-files/events-file.ts";
import { readSeriesFile, type SeriesFile } from "../../adapters/series-files/series-file.ts";
import type { EvaluateOptions, Watcher } from "../../cli/commands.ts";
import { MODELS, REFERENCE_MODEL } from "../../forecast/models/registry.ts";
import { seasonTicksOf } from "../../forecast/season-detection.ts";
import type { Panel } from "../../lab/evaluate/evaluate-panel.ts";
import { rollingOrigins } from "../../lab/evaluate/rolling-origins.ts";
import { skillReport } from "../../lab/evaluate/skill-report.ts";
import { targetsOf, ticksOf } from "../../lab/evaluate/targets.ts";
import type { ExternalEvent } from "../../model/event.ts";
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { SeasonChoice } from "../../model/season.ts";
import { type EvaluatedSeries, HORIZONS, type Horizon, type SkillReport } from "../../model/skill-report.ts";
import { DAY_MS, iso, startOfTick } from "../../model/time.ts";
import type { EvaluationJob, NetworkJob } from "./evaluate-worker.ts";
import { modelNames } from "./named-models.ts";
import { type NamedNetwork, namedNetwork } from "./named-network.ts";
import { runEvaluations } from "./run-evaluations.ts";

export async function evaluate(options: EvaluateOptions, watcher: Watcher): Promise<Result<SkillReport>> {
  const paths = [...new Set(options.files)];
  const network = options.model === undefined ? success(undefined) : await namedNetwork(options.model);
  if (!network.ok) return network;
  const models = modelNames(options.models, network.value);
  if (!models.ok) return models;
  const files = await readAll(paths, watcher);
  if (!files.ok) return files;
  const events = options.events === undefined ? success([]) : await readEventsFile(options.events);
  if (!events.ok) return events;
  const panels: Panel[] = [];
  for (const [index, file] of files.value.entries()) {
    const path = paths[index] ?? file.name;
    const panel = panelOf({ file, path, events: events.value, options });
    if (!panel.ok) return panel;
    panels.push(panel.value);
  }
  if (network.value !== undefined) tellHowFair(panels, network.value, watcher);
  const setting = { models: models.value, season: options.season, hasEvents: events.value.length > 0 };
  const jobs = jobsOf(panels, { ...setting, network: network.value });
  const total = jobs.reduce((sum, { panel }) => sum + panel.origins.length, 0);
  let done = 0;
  const evaluated = await runEvaluations({
    jobs,
    threads: options.jobs ?? availableParallelism(),
    onOrigin: () => watcher.progress({ doing: "Forecasting", done: ++done, total }),
  });
  const runs = evaluated.map(({ job, skills }) => ({ ...job, skills }));
  const targets = [
    ...new Map(panels.flatMap((panel) => panel.targets).map((target) => [target.name, target])).values(),
  ];
  const series = panels.flatMap(evaluatedSeries);
  return success(skillReport({ runs, reference: REFERENCE_MODEL, series, targets, events: events.value.length }));
}

async function readAll(paths: readonly string[], watcher: Watcher): Promise<Result<SeriesFile[]>> {
  if (paths.length > SERIES_MAX)
    return failure("bad-input", `At most ${SERIES_MAX} series can be evaluated at once, got ${paths.length}.`);
  const files: SeriesFile[] = [];
  let ticks = 0;
  for (const path of paths) {
    const file = await readSeriesFile(path);
    if (!file.ok) return file;
    ticks += file.value.series.grid.length;
    if (ticks > TICKS_MAX)
      return failure(
        "bad-input",
        `${path}: with it, the series have more than ${TICKS_MAX} ticks. Evaluate fewer at once.`,
      );
    for (const notice of file.value.notices) watcher.notice(notice);
    files.push(file.value);
    watcher.progress({ doing: "Reading files", done: files.length, total: paths.length });
  }
  return success(files);
}

const SERIES_MAX = 10_000;
/** 160 MB in each thread. */
const TICKS_MAX = 20_000_000;

interface PanelFile {
  readonly file: SeriesFile;
  readonly path: string;
  readonly events: readonly ExternalEvent[];
  readonly options: EvaluateOptions;
}

/** A series of its own: the second half is forecast, from origins spread over it. */
function panelOf({ file, path, events, options }: PanelFile): Result<Panel> {
  const { grid, values } = file.series;
  const horizons = options.horizons ?? defaultHorizons(grid.stepMs);
  const targets = targetsOf(grid.stepMs, horizons);
  const unfit = horizons.find((horizon) => targetsOf(grid.stepMs, [horizon]).length === 0);
  if (unfit !== undefined || targets.length === 0) {
    const ahead = unfit ?? HORIZONS.join(", ");
    return failure(
      "bad-input",
      `${path}: a tick is ${grid.stepMs / 1000} s, and ${ahead} are no whole ticks of it. ${LESS}`,
    );
  }
  const from = Math.max(1, Math.ceil(grid.length / 2));
  const origins = rollingOrigins({ from, to: grid.length - ticksOf(targets), count: options.origins });
  if (origins.length === 0)
    return failure(
      "bad-input",
      `${path}: ${grid.length} ticks are too few to forecast ${horizons.join(" and ")}. ${MORE}`,
    );
  const seasonTicks = seasonTicksOf({ grid, values: values.subarray(0, from) }, options.season);
  const series = [{ name: path, group: "", grid, values, events }];
  return success({ series, origins, targets, seasonTicks });
}

const MORE = "Give a longer series, or a shorter horizon with --horizon.";
const LESS = "Name another with --horizon, or give samples at other distances.";

/** Half an hour and a day, as far as the grid can tell them; 30 days where a tick is a day. */
function defaultHorizons(stepMs: number): readonly Horizon[] {
  if (stepMs >= DAY_MS) return ["30d"];
  return (["30m", "24h"] as const).filter((horizon) => targetsOf(stepMs, [horizon]).length > 0);
}

interface Asked {
  readonly models: readonly string[];
  readonly season: SeasonChoice;
  readonly hasEvents: boolean;
  readonly network: NetworkJob | undefined;
}

/** The reference always runs; models that take events run without and with them. */
function jobsOf(panels: readonly Panel[], { models, season, hasEvents, network }: Asked): EvaluationJob[] {
  const names = [...new Set([REFERENCE_MODEL, ...models])];
  return panels.flatMap((panel) =>
    names.flatMap((model) => {
      const both = hasEvents && MODELS[model]?.usesEvents === true ? [false, true] : [false];
      const rest = { season, levels: QUANTILE_LEVELS, ...(network && { network }) };
      return both.map((withEvents) => ({ panel, model, withEvents, ...rest }));
    }),
  );
}

/** A network that has seen what it is asked about looks better than it is; one of other ticks says nothing. */
function tellHowFair(panels: readonly Panel[], { stepMs, trainedUntil, id }: NamedNetwork, watcher: Watcher): void {
  for (const { series, origins } of panels)
    for (const { name, grid } of series) {
      const seen = origins.filter((origin) => startOfTick(grid, origin) < trainedUntil).length;
      const steps = `its ticks are ${grid.stepMs / 1000} s, and the network ${id} was taught ${stepMs / 1000} s`;
      if (grid.stepMs !== stepMs) watcher.notice(`${name}: ${steps}: it says nothing`);
      else if (seen > 0)
        watcher.notice(
          `${name}: ${seen} of ${origins.length} forecasts begin before ${iso(trainedUntil)}, up to when the network ` +
            `${id} learned. If it learned from these series, its figures and those of the ensemble flatter it`,
        );
    }
}

function evaluatedSeries({ series, origins, seasonTicks }: Panel): EvaluatedSeries[] {
  return series.map(({ name, grid, values }) => ({
    name,
    start: iso(grid.startMs),
    stepSeconds: grid.stepMs / 1000,
    ticks: grid.length,
    missing: values.filter(Number.isNaN).length,
    seasonTicks,
    origins,
  }));
}
