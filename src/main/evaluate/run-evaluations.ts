// Runs evaluations in worker threads, all processors at once.
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import type { SeriesSkill } from "../../lab/evaluate/evaluate-panel.ts";
import type { EvaluationJob } from "./evaluate-worker.ts";

export interface Evaluations<Job extends EvaluationJob> {
  readonly jobs: readonly Job[];
  readonly threads: number;
  /** After each origin of each job. */
  readonly onOrigin: () => void;
  /** The compiled worker; beside this file where it is left out. */
  readonly worker?: URL;
}

export interface Evaluated<Job extends EvaluationJob> {
  readonly job: Job;
  readonly skills: readonly SeriesSkill[];
}

/** In the order of the jobs, whatever the number of threads. */
export async function runEvaluations<Job extends EvaluationJob>(run: Evaluations<Job>): Promise<Evaluated<Job>[]> {
  const filename = (run.worker ?? new URL("./evaluate-worker.js", import.meta.url)).href;
  const pool = new Piscina({ filename, minThreads: run.threads, maxThreads: run.threads });
  try {
    return await Promise.all(run.jobs.map((job) => runOne(pool, job, run.onOrigin)));
  } finally {
    await pool.destroy();
  }
}

async function runOne<Job extends EvaluationJob>(
  pool: Piscina,
  job: Job,
  onOrigin: () => void,
): Promise<Evaluated<Job>> {
  const { port1, port2 } = new MessageChannel();
  let told = 0;
  const tell = (): void => {
    told++;
    onOrigin();
  };
  port1.on("message", tell);
  try {
    const skills = await pool.run({ job, progress: port2 }, { name: "evaluateInThread", transferList: [port2] });
    // The last messages may come after the result itself.
    while (told < job.panel.origins.length) tell();
    return { job, skills };
  } finally {
    port1.close();
  }
}
