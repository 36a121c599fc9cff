// `headroom forecast` from files to a report: reads demand, events and profile, forecasts every series from its end.
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { writeWhole } from "../../adapters/files/written-files.ts";
import { readEventsFile } from "../../adapters/series-files/events-file.ts";
import type { ForecastOptions, ForecastOutcome, Watcher } from "../../cli/commands.ts";
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { FORECAST_SCHEMA, type ForecastReport, type SeriesForecast } from "../../model/forecast-report.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { instant, iso, startOfTick } from "../../model/time.ts";
import { modelNames } from "../evaluate/named-models.ts";
import { type NamedNetwork, namedNetwork } from "../evaluate/named-network.ts";
import { forecastCsv } from "./forecast-csv.ts";
import type { ForecastJob } from "./forecast-worker.ts";
import { type PlannedForecast, planForecasts } from "./plan-forecasts.ts";
import { type DemandSource, readDemand } from "./read-demand.ts";
import { readProfile } from "./read-profile.ts";
import { runForecasts } from "./run-forecasts.ts";
import { seriesForecasts } from "./series-forecasts.ts";

export async function forecast(options: ForecastOptions, watcher: Watcher): Promise<Result<ForecastOutcome>> {
  const threads = options.jobs ?? availableParallelism();
  const filename = new URL("./forecast-worker.js", import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: 1, maxThreads: threads });
  try {
    const report = await forecastIn(pool, { options, watcher, threads });
    return report.ok ? await writeOut(report.value, options) : report;
  } finally {
    await pool.destroy();
  }
}

interface Setting {
  readonly options: ForecastOptions;
  readonly watcher: Watcher;
  readonly threads: number;
}

async function forecastIn(pool: Piscina, setting: Setting): Promise<Result<ForecastReport>> {
  const { options, watcher, threads } = setting;
  const network = options.model === undefined ? success(undefined) : await namedNetwork(options.model);
  if (!network.ok) return network;
  const models = modelNames(options.models, network.value);
  if (!models.ok) return models;
  const events = options.events === undefined ? success([]) : await readEventsFile(options.events);
  if (!events.ok) return events;
  const sources = await readDemand({
    options,
    watcher,
    readFile: (job) => pool.run(job, { name: "readFileInThread" }),
    filesAtOnce: 2 * threads,
  });
  if (!sources.ok) return sources;
  const profile = await profileFor(options, sources.value);
  if (!profile.ok) return profile;
  const signals = { events: events.value, profile: profile.value };
  const plans = planForecasts(sources.value, { options, ...signals, network: network.value });
  if (!plans.ok) return plans;
  const tooMany = tooManyWindows(plans.value, options);
  if (tooMany !== undefined) return failure("bad-input", tooMany);
  tellHowFair(plans.value, network.value, watcher);
  const series = await askAll(plans.value, { pool, setting, models: models.value, network: network.value });
  return success({ schema: FORECAST_SCHEMA, levels: QUANTILE_LEVELS, network: network.value?.id ?? null, series });
}

interface Asking {
  readonly pool: Piscina;
  readonly setting: Setting;
  readonly models: readonly string[];
  readonly network: NamedNetwork | undefined;
}

async function askAll(plans: readonly PlannedForecast[], asking: Asking): Promise<SeriesForecast[]> {
  const { pool, setting, models, network } = asking;
  const { season, hasParts } = setting.options;
  const jobs = plans.map(
    ({ question }): ForecastJob => ({ ...question, models, season, hasParts, ...(network && { network }) }),
  );
  const total = jobs.reduce((sum, { asked }) => sum + asked.length, 0);
  let done = 0;
  const tell = (more: number) => {
    done += more;
    setting.watcher.progress({ doing: "Forecasting", done, total });
  };
  tell(0);
  const answers = await runForecasts({ pool, jobs, onForecast: tell });
  return answers.flatMap((answer, index) => {
    const [plan, job] = [plans[index], jobs[index]];
    return plan && job ? seriesForecasts(plan, { job, answer }) : [];
  });
}

/** Of a report that fits into one text. */
const WINDOWS_MAX = 1_000_000;
/** Parts have so many times the numbers of quantiles. */
const PARTS_FACTOR = 6;

function tooManyWindows(plans: readonly PlannedForecast[], { models, hasParts }: ForecastOptions): string | undefined {
  const windows = plans.reduce((sum, { question }) => sum + question.asked.length * question.windows.length, 0);
  const windowsMax = Math.floor(WINDOWS_MAX / (hasParts ? PARTS_FACTOR : 1));
  if (windows * models.length <= windowsMax) return undefined;
  const fault = `These are ${windows * models.length} windows to forecast, more than ${windowsMax} at once.`;
  return `${fault} Name some VMs with --vm, or ask for less (--path, --explain).`;
}

/** Its numbers hold at the origin, the latest of all, unless it says when it was declared. */
function profileFor(
  { profile, at }: ForecastOptions,
  sources: readonly DemandSource[],
): Promise<Result<WorkloadProfile | undefined>> {
  if (profile === undefined) return Promise.resolve(success(undefined));
  const ends = sources.map(({ grid }) => startOfTick(grid, grid.length));
  return readProfile(profile, at ?? instant(Math.max(0, ...ends)));
}

/** A network says nothing of other ticks than those that it was taught, and may know too much of the time that it learned from. */
function tellHowFair(plans: readonly PlannedForecast[], network: NamedNetwork | undefined, watcher: Watcher): void {
  if (network === undefined) return;
  const { id, stepMs, trainedUntil } = network;
  const other = plans.find(({ source }) => source.grid.stepMs !== stepMs);
  if (other !== undefined) {
    const taught = `the network ${id} was taught ${stepMs / 1000} s: it says nothing`;
    watcher.notice(`${other.source.name}: its ticks are ${other.source.grid.stepMs / 1000} s, and ${taught}`);
  }
  const early = plans.find(({ source, origin }) => startOfTick(source.grid, origin) < trainedUntil);
  if (early !== undefined)
    watcher.notice(
      `the network ${id} learned up to ${iso(trainedUntil)}: of what is forecast before, it may know what came`,
    );
}

async function writeOut(report: ForecastReport, { out }: ForecastOptions): Promise<Result<ForecastOutcome>> {
  if (out === undefined) return success({ report, files: [] });
  const written = await writeWhole(out, forecastCsv(report));
  return written.ok ? success({ report, files: [{ what: "quantiles", path: written.value }] }) : written;
}
