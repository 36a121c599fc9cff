// What there is to forecast: series files, one series each, or a trace with the resources of many VMs.
import { isSeriesFile, readSeriesFile } from "../../adapters/series-files/series-file.ts";
import { detectFormat } from "../../adapters/trace-files/detect-format.ts";
import type { FileSamples, TraceFileJob } from "../../adapters/trace-files/file-samples.ts";
import { readTrace } from "../../adapters/trace-files/open-trace.ts";
import type { ForecastOptions, Watcher } from "../../cli/commands.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { TimeGrid } from "../../model/time.ts";

/** The series of one VM, or a series of its own. */
export interface DemandSource {
  readonly name: string;
  readonly grid: TimeGrid;
  readonly series: readonly SourceSeries[];
}

interface SourceSeries {
  /** Left out where a file does not say what it measures. */
  readonly resource?: Resource;
  /** [grid.length], NaN where no sample is known. */
  readonly values: Float64Array;
}

interface Reading {
  readonly options: ForecastOptions;
  readonly watcher: Watcher;
  readonly readFile: (job: TraceFileJob) => Promise<Result<FileSamples>>;
  readonly filesAtOnce: number;
}

const SOURCES_MAX = 10_000;

/** Only the VMs that were asked for, all of their resources. */
export async function readDemand(reading: Reading): Promise<Result<DemandSource[]>> {
  const { files, format } = reading.options;
  const paths = [...new Set(files)];
  const isSeries = format === "auto" ? await Promise.all(paths.map(isSeriesFile)) : [];
  const other = paths.find((_, index) => isSeries[index] !== true);
  if (other === undefined) return chosen(await readSeriesFiles(paths, reading), reading.options);
  if (isSeries.includes(true))
    return failure("bad-input", `${other}: no series as the other files are. Forecast series and traces one by one.`);
  const read = await readVms(paths, reading);
  return read.ok ? chosen(read, reading.options) : orSeries(read, other, reading.options);
}

async function readSeriesFiles(paths: readonly string[], reading: Reading): Promise<Result<DemandSource[]>> {
  const { options, watcher } = reading;
  const [resource, ...more] = options.resources ?? [];
  if (more.length > 0)
    return failure("bad-input", `${paths[0]} holds one series: name one --resource, the one that it measures.`);
  const sources: DemandSource[] = [];
  for (const path of paths.slice(0, SOURCES_MAX + 1)) {
    const file = await readSeriesFile(path);
    if (!file.ok) return file;
    for (const notice of file.value.notices) watcher.notice(notice.replace(NOT_SCORED, ""));
    const { grid, values } = file.value.series;
    const isNamedTwice = sources.some(({ name }) => name === file.value.name);
    const series = [{ ...(resource === undefined ? {} : { resource }), values }];
    sources.push({ name: isNamedTwice ? path : file.value.name, grid, series });
    watcher.progress({ doing: "Reading files", done: sources.length, total: paths.length });
  }
  return success(sources);
}

/** What only an evaluation has to say. */
const NOT_SCORED = /; they are not scored$/;

async function readVms(paths: readonly string[], reading: Reading): Promise<Result<DemandSource[]>> {
  const { options, watcher, readFile, filesAtOnce } = reading;
  const { format, isLenient, resources } = options;
  const trace = await readTrace({
    paths,
    format,
    lenient: isLenient,
    onProgress: (done, total) => watcher.progress({ doing: "Reading files", done, total }),
    onNotice: watcher.notice,
    readFile,
    filesAtOnce,
    ...(format === "nab" && resources?.length === 1 ? { resource: resources[0] } : {}),
  });
  if (!trace.ok) return trace;
  const { grid, vms } = trace.value;
  return success(
    vms.map(({ name, demand }) => ({
      name,
      grid,
      series: RESOURCES.flatMap((resource) => {
        const values = demand[resource]?.values;
        return values === undefined ? [] : [{ resource, values }];
      }),
    })),
  );
}

/** A file that is neither hears of both. */
async function orSeries(read: Result<never>, path: string, { format }: ForecastOptions): Promise<Result<never>> {
  if (read.ok || read.error.kind !== "bad-input" || format !== "auto") return read;
  const detected = await detectFormat(path);
  if (detected.ok || detected.error.message !== read.error.message) return read;
  return failure(
    "bad-input",
    `${read.error.message.replace(/\.?$/, ".")} A file with one series begins with "time,value" or "ds,y".`,
  );
}

const NAMES_SHOWN_MAX = 6;

function chosen(read: Result<DemandSource[]>, { vms, resources }: ForecastOptions): Result<DemandSource[]> {
  if (!read.ok) return read;
  const sources = vms === undefined ? read.value : read.value.filter(({ name }) => vms.includes(name));
  const lost = vms?.find((name) => !sources.some((source) => source.name === name));
  if (lost !== undefined) {
    const names = read.value.map(({ name }) => name);
    const more = names.length > NAMES_SHOWN_MAX ? ` and ${names.length - NAMES_SHOWN_MAX} more` : "";
    const known = `${names.slice(0, NAMES_SHOWN_MAX).join(", ")}${more}`;
    return failure("not-found", `There is no VM ${JSON.stringify(lost)} in the input. There are ${known}.`);
  }
  if (sources.length > SOURCES_MAX)
    return failure("bad-input", `${sources.length} VMs are too many to forecast at once: name some with --vm.`);
  const missing = resources?.find((resource) => !sources.some(({ series }) => series.some(isOf(resource))));
  return missing === undefined
    ? success(sources)
    : failure("not-found", `The input records no ${missing}: leave it out of --resource.`);
}

function isOf(resource: Resource): (series: SourceSeries) => boolean {
  return (series) => series.resource === resource;
}
