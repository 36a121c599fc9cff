// `headroom simulate`: seeds on all processors; the first few that fail are shrunk to the smallest setting that still does.
import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import type { SimulateOptions, SimulateOutcome, SimulationFailure, Watcher } from "../../cli/commands.ts";
import { FAULT_KINDS } from "../../lab/simulation/fault-kinds.ts";
import { type Result, success } from "../../model/result.ts";
import type { Simulated, SimulatedFailure, SimulationJob } from "./simulate-worker.ts";

/** Shrinking takes dozens of runs, and one cause often fails many seeds. */
const SHRUNK_MAX = 3;

export async function simulate(options: SimulateOptions, watcher: Watcher): Promise<Result<SimulateOutcome>> {
  const threads = options.jobs ?? availableParallelism();
  const pool = new Piscina({
    filename: new URL("./simulate-worker.js", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    const runs = await runSeeds(pool, { options, watcher });
    const failed = runs.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
    const failures = await shrinkFirst(pool, { failed, watcher });
    const steps = runs.reduce((sum, run) => sum + run.steps, 0);
    return success({ schema: "headroom.simulation/1", seeds: runs.length, steps, failures });
  } finally {
    await pool.destroy();
  }
}

/** In the order of the seeds, whatever the number of threads. */
async function runSeeds(
  pool: Piscina,
  { options, watcher }: { readonly options: SimulateOptions; readonly watcher: Watcher },
): Promise<Simulated[]> {
  const { from, to } = options.seeds;
  const total = to - from + 1;
  const begun = performance.now();
  let [done, broken, steps] = [0, 0, 0];
  const runOne = async (seed: number): Promise<Simulated> => {
    const run: Simulated = await pool.run(jobOf(seed, options), { name: "simulateInThread" });
    steps += run.steps;
    if (run.failure) broken++;
    const perSecond = Math.round((1000 * steps) / (performance.now() - begun));
    watcher.progress({ doing: "Simulating", done: ++done, total, detail: `${perSecond} steps/s, ${broken} broken` });
    return run;
  };
  return Promise.all(Array.from({ length: total }, (_, index) => runOne(from + index)));
}

function jobOf(seed: number, { ticks, hosts, vms, faults }: SimulateOptions): SimulationJob {
  const given = {
    ticks,
    ...(hosts === undefined ? {} : { hosts }),
    ...(vms === undefined ? {} : { vms }),
    ...(faults === undefined ? {} : { faults: FAULT_KINDS.filter((kind) => faults.includes(kind)) }),
  };
  return { seed, given };
}

async function shrinkFirst(
  pool: Piscina,
  { failed, watcher }: { readonly failed: readonly SimulatedFailure[]; readonly watcher: Watcher },
): Promise<SimulationFailure[]> {
  const total = Math.min(failed.length, SHRUNK_MAX);
  if (total > 0) watcher.progress({ doing: "Shrinking failures", done: 0, total });
  let done = 0;
  const smallest = await Promise.all(
    failed.slice(0, total).map(async ({ verdict }): Promise<SimulatedFailure> => {
      const shrunk: SimulatedFailure = await pool.run(verdict, { name: "shrinkInThread" });
      watcher.progress({ doing: "Shrinking failures", done: ++done, total });
      return shrunk;
    }),
  );
  return failed.map(({ verdict, command, told }, index) => {
    const { seed } = verdict.setting;
    const { invariant } = verdict.broken;
    return { seed, invariant, command, told, smallest: smallest[index]?.told ?? null };
  });
}
