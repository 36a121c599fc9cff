// One whole tick (learn, features, inference, ensemble, conformal, horizons, lend, pool, account) of 1,000 to 100,000 VMs with a
// week of history, in cells of 5,000 on two threads.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { growth, median } from "./medians.ts";
import { PARTS, VMS_PER_HOST } from "./tick-cell.ts";
import type { WorkerAnswer, WorkerTask } from "./tick-worker.ts";

const SIZES = [1_000, 10_000, 100_000];
const THREADS = 2;
const CELL_VMS = 5_000;
/** An hour: whatever is redone once an hour was redone for every series. */
const WARM_UP_TICKS = 13;
const RUNS = 12;
const SEED = 1;

/** A thread starts without what reads TypeScript. */
const WORKER_FILE = new URL("./tick-worker.ts", import.meta.url).href;
const START = `import("tsx/esm/api").then(({ register }) => { register(); return import("${WORKER_FILE}"); });`;

export async function benchTick(options: readonly string[] = []): Promise<void> {
  const withNetwork = !options.includes("--no-network");
  console.log(
    `# one tick, 4 resources, hosts of ${VMS_PER_HOST}, cells of at most ${CELL_VMS} VMs on ${THREADS} threads, ` +
      `mean and slowest of ${RUNS} ticks (an hour), seed ${SEED}`,
  );
  const rows: { size: number; cost: number }[] = [];
  for (const size of SIZES) rows.push({ size, cost: await timeSize(size, withNetwork) });
  const [small, large] = [rows[0], rows.at(-1)];
  if (small && large) console.log(`grows with VMs to the power ${growth(small, large).toFixed(2)} (1 = linear)`);
}

async function timeSize(size: number, withNetwork: boolean): Promise<number> {
  const cellCount = Math.max(THREADS, Math.ceil(size / CELL_VMS));
  const cells = Array.from({ length: cellCount }, () => Math.round(size / cellCount));
  const workers = Array.from({ length: THREADS }, (_, thread) => {
    const own = cells.filter((_, index) => index % THREADS === thread);
    const task: WorkerTask = { cells: own, seed: SEED + 1_000 * thread, withNetwork };
    return new Worker(START, { eval: true, workerData: task });
  });
  const ready = await Promise.all(workers.map(nextAnswer));
  const ticks: { readonly seconds: number; readonly costs: readonly WorkerAnswer[] }[] = [];
  for (let tick = 0; tick < WARM_UP_TICKS + RUNS; tick++) {
    await Promise.all(workers.map((worker) => ask(worker, "draw")));
    const begin = performance.now();
    const costs = await Promise.all(workers.map((worker) => ask(worker, "tick")));
    if (tick >= WARM_UP_TICKS) ticks.push({ seconds: (performance.now() - begin) / 1000, costs });
  }
  const residentMiB = process.memoryUsage().rss / 2 ** 20;
  for (const worker of workers) worker.postMessage("end");
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  const seconds = ticks.map((tick) => tick.seconds);
  const mean = seconds.reduce((sum, each) => sum + each, 0) / RUNS;
  const shares = PARTS.map((part) => {
    const own = median(ticks.map(({ costs }) => costs.reduce((sum, each) => sum + costOf(each, part), 0) / THREADS));
    return `${part} ${(own / 1000).toFixed(2)}`;
  });
  const series = (1e6 * THREADS * mean) / (size * 4);
  console.log(
    `${String(size).padStart(7)} VMs  ${mean.toFixed(2).padStart(6)} s a tick (at most ${Math.max(...seconds).toFixed(2)}; ` +
      `${shares.join(", ")})  ${series.toFixed(1)} us a series and core  ${residentMiB.toFixed(0)} MiB  ` +
      `${ready[0]?.kind === "ready" ? ready[0].served : ""}`,
  );
  return mean;
}

async function ask(worker: Worker, order: "draw" | "tick"): Promise<WorkerAnswer> {
  const answered = nextAnswer(worker);
  worker.postMessage(order);
  return answered;
}

async function nextAnswer(worker: Worker): Promise<WorkerAnswer> {
  const [answer] = (await once(worker, "message")) as [WorkerAnswer];
  return answer;
}

function costOf(answer: WorkerAnswer, part: (typeof PARTS)[number]): number {
  return answer.kind === "done" ? answer.cost[part] : 0;
}
