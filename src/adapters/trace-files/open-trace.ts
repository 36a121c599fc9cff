// Recorded demand from files: finds the files, tells the format, reads them one by one (or in a pool) and joins them.
import type { Resource } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Trace, TraceFormat } from "../../model/trace.ts";
import { detectFormat } from "./detect-format.ts";
import type { FileSamples, TraceFileJob } from "./file-samples.ts";
import { joinFiles } from "./join-files.ts";
import { listFiles } from "./list-files.ts";
import { badInput } from "./problems.ts";
import { readTraceFile } from "./read-trace-file.ts";
import { AMOUNTS_MAX, tooMuchText } from "./ticks.ts";

export interface ReadTraceOptions {
  /** Files and folders. The same VM in several of them is one VM. */
  readonly paths: readonly string[];
  readonly format: TraceFormat | "auto";
  /** Skip and count what cannot be read, instead of failing. */
  readonly lenient: boolean;
  /** What the files measured; only for `nab`. */
  readonly resource?: Resource | undefined;
  /** In files. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** A sentence that a person should read: an assumption that was made, what was skipped and why. */
  readonly onNotice?: ((sentence: string) => void) | undefined;
  /** Reads one file; for a pool of threads, each running `readTraceFile`. Without it files are read here, one by one. */
  readonly readFile?: ((job: TraceFileJob) => Promise<Result<FileSamples>>) | undefined;
  /** How many calls of `readFile` may be under way at once. */
  readonly filesAtOnce?: number | undefined;
}

/**
 * Reads a trace. Fails with "bad-input" (file, line, column, what was expected), "not-found" or "unavailable".
 * Values lie in shared memory. Equal input gives an equal trace and an equal failure, however many files at once.
 */
export async function readTrace(options: ReadTraceOptions): Promise<Result<Trace>> {
  const listed = await listFiles(options.paths);
  if (!listed.ok) return listed;
  const { files, traceName, notices } = listed.value;
  const format = options.format === "auto" ? await firstFormat(files, options.lenient) : success(options.format);
  if (!format.ok) return format;
  if (options.resource !== undefined && format.value !== "nab")
    return badInput(`a resource can be given for nab only; ${format.value} says itself what was measured`);
  const samples = await readFiles({ options, files, format: format.value });
  if (!samples.ok) return samples;
  const joined = joinFiles(samples.value);
  tellOnce(options, [...notices, ...samples.value.flatMap((file) => file.notices)]);
  return joined.ok ? success({ name: traceName, format: format.value, ...joined.value }) : joined;
}

/** Of the first file; with `lenient` of the first file that has one. All others are then read as that format. */
async function firstFormat(files: readonly string[], lenient: boolean): Promise<Result<TraceFormat>> {
  let first: Result<TraceFormat> | undefined;
  for (const file of files) {
    const format = await detectFormat(file);
    if (format.ok || !lenient) return format;
    first ??= format;
  }
  return first ?? badInput("there are no files in the trace");
}

interface Reading {
  readonly options: ReadTraceOptions;
  readonly files: readonly string[];
  readonly format: TraceFormat;
}

/** In the order of `files`. Files are begun in order, so the first failing one is always among those that were read. */
async function readFiles({ options, files, format }: Reading): Promise<Result<readonly FileSamples[]>> {
  const { lenient, resource, onProgress, filesAtOnce = 1 } = options;
  const results: (Result<FileSamples> | undefined)[] = files.map(() => undefined);
  let begun = 0;
  let done = 0;
  let amounts = 0;
  let stopped = false;
  const readOn = async () => {
    while (begun < files.length && !stopped) {
      const at = begun++;
      const result = await readOne(options, { file: files[at] as string, format, lenient, resource });
      results[at] = result;
      amounts += result.ok ? amountsIn(result.value) : 0;
      stopped ||= !result.ok || amounts > AMOUNTS_MAX;
      onProgress?.(++done, files.length);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, filesAtOnce) }, readOn));
  const samples: FileSamples[] = [];
  for (const result of results) {
    if (result === undefined) break;
    if (!result.ok) return result;
    samples.push(result.value);
  }
  return amounts > AMOUNTS_MAX ? badInput(tooMuchText()) : success(samples);
}

function amountsIn({ segments }: FileSamples): number {
  return segments.reduce((sum, { counts, sums }) => sum + counts.length * Object.keys(sums).length, 0);
}

async function readOne(options: ReadTraceOptions, job: TraceFileJob): Promise<Result<FileSamples>> {
  try {
    return await (options.readFile ?? readTraceFile)(job);
  } catch (thrown) {
    return failure("unavailable", `${job.file}: the thread that read it failed (${String(thrown)})`);
  }
}

function tellOnce({ onNotice }: ReadTraceOptions, sentences: readonly string[]): void {
  for (const sentence of new Set(sentences)) onNotice?.(sentence);
}
