// `headroom train` from options to a stored model: read, learn, compare with the model that serves, keep, and promote the better.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Piscina } from "piscina";
import { readServingModel } from "../../adapters/model-files/model-store.ts";
import { readTrace } from "../../adapters/trace-files/open-trace.ts";
import type { TrainOptions, TrainOutcome, Watcher } from "../../cli/commands.ts";
import type { TrainingSpan } from "../../forecast/lstm/training-data.ts";
import { panelSourceOf } from "../../forecast/trace-series.ts";
import { failure, type Result } from "../../model/result.ts";
import { HOUR_MS, iso, startOfTick } from "../../model/time.ts";
import type { Trace } from "../../model/trace.ts";
import { keepModel } from "./keep-model.ts";
import { learn } from "./run-training.ts";
import { spanUntil } from "./training-plan.ts";

export async function train(options: TrainOptions, watcher: Watcher): Promise<Result<TrainOutcome>> {
  const drawers = drawersOf(options);
  const threads = Math.max(options.jobs ?? availableParallelism(), drawers + 1);
  const filename = new URL("./train-worker.js", import.meta.url).href;
  const pool = new Piscina({ filename, minThreads: threads, maxThreads: threads });
  try {
    const trace = await readInPool({ options, watcher, pool, threads });
    return trace.ok ? await trainOn(trace.value, { options, watcher, pool, drawers }) : trace;
  } finally {
    await pool.destroy();
  }
}

/** Drawing a batch takes half as long again as learning from it: two keep up, more would wait. */
const DRAWERS_MAX = 2;

function drawersOf({ jobs }: TrainOptions): number {
  return Math.min(DRAWERS_MAX, jobs ?? availableParallelism());
}

interface Reading {
  readonly options: TrainOptions;
  readonly watcher: Watcher;
  readonly pool: Piscina;
  readonly threads: number;
}

function readInPool({ options, watcher, pool, threads }: Reading): Promise<Result<Trace>> {
  return readTrace({
    paths: options.traces,
    format: options.format,
    lenient: options.isLenient,
    onProgress: (done, total) => watcher.progress({ doing: "Reading files", done, total }),
    onNotice: (sentence) => watcher.notice(sentence),
    readFile: (job) => pool.run(job, { name: "readFileInThread" }),
    filesAtOnce: 2 * threads,
  });
}

interface Setting {
  readonly options: TrainOptions;
  readonly watcher: Watcher;
  readonly pool: Piscina;
  readonly drawers: number;
}

async function trainOn(trace: Trace, setting: Setting): Promise<Result<TrainOutcome>> {
  const { options, pool } = setting;
  const folder = join(options.out, "models");
  // A folder that cannot be used is not found out after minutes of training.
  const usable = await readServingModel(folder);
  if (!usable.ok) return usable;
  const span = spanUntil(trace.grid, options.until);
  if (!span.ok) return span;
  const source = panelSourceOf(trace, span.value.ticks);
  const fits = await pool.run({ source, span: span.value }, { name: "spanFitsInThread" });
  if (!fits) return tooShort(trace, span.value);
  const learned = await learn({ ...setting, folder, source, span: span.value });
  if (!learned.ok) return learned;
  return keepModel(learned.value, { ...setting, trace, folder, span: span.value });
}

function tooShort({ name, grid }: Trace, { ticks }: TrainingSpan): Result<never> {
  const hours = ((ticks * grid.stepMs) / HOUR_MS).toFixed(1);
  const sentence = `The trace ${name} has ${hours} h of demand to learn from, up to ${iso(startOfTick(grid, ticks))}`;
  return failure("bad-input", `${sentence}: two days of at least one VM are needed. Give more, or a later --until.`);
}
