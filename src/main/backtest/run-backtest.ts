// `headroom backtest`: read the trace, replay every host on all cores, put the sums together, write what was asked for.
import { availableParallelism } from "node:os";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { checkAuditPath, joinAuditParts } from "../../adapters/audit-file/audit-file.ts";
import { readTrace } from "../../adapters/trace-files/open-trace.ts";
import type { BacktestOptions, Watcher } from "../../cli/commands.ts";
import { AUDIT_HEADER } from "../../lab/audit.ts";
import { type BacktestPlan, type HostResult, partsOf } from "../../lab/backtest-host.ts";
import { type HostCase, hostsOf } from "../../lab/host-case.ts";
import { POLICY_NAMES } from "../../lab/policy.ts";
import { EACH_LEVELS, POOLED_VIOLATIONS } from "../../lab/replay-headroom.ts";
import { scorecardOf } from "../../lab/scorecard-of.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Scorecard, VmPicture } from "../../model/scorecard.ts";
import { iso, SECOND_MS, startOfTick } from "../../model/time.ts";
import type { Trace } from "../../model/trace.ts";
import { costPerBaseUnitHour, type PriceList } from "../../pricing/price-list.ts";
import type { NamedNetwork } from "../evaluate/named-network.ts";
import type { HostJob } from "./backtest-worker.ts";

export interface Backtested {
  readonly scorecard: Scorecard;
  readonly pictures: readonly VmPicture[];
}

export interface BacktestRun {
  readonly options: BacktestOptions;
  readonly watcher: Watcher;
  readonly prices: PriceList;
  /** Joins the statistics as one more expert. */
  readonly network?: NamedNetwork;
}

export async function runBacktest(run: BacktestRun): Promise<Result<Backtested>> {
  const { audit } = run.options;
  const writable = audit === undefined ? success(undefined) : checkAuditPath(audit);
  if (!writable.ok) return writable;
  const threads = run.options.jobs ?? availableParallelism();
  const pool = new Piscina({
    filename: new URL("./backtest-worker.js", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    const trace = await readInPool(run, { pool, threads });
    if (!trace.ok) return trace;
    const unfit =
      checkLength(trace.value) ?? (run.network && checkNetwork(run.network, { trace: trace.value, ...run }));
    return unfit ?? (await replay(run, { pool, trace: trace.value }));
  } finally {
    await pool.destroy();
  }
}

/** Two ticks train, two are scored: less than that has no halves. */
const TICKS_MIN = 4;

function checkLength({ grid, name }: Trace): Result<never> | undefined {
  if (grid.length >= TICKS_MIN) return undefined;
  const sentence = `The trace ${name} has ${grid.length} ticks: too few to train on one half and to score the other.`;
  return failure("bad-input", `${sentence} Give a trace of several days.`);
}

/** A network of other ticks would answer another question; one that has seen the scored half would be flattered, and that is said. */
function checkNetwork(
  { id, stepMs, trainedUntil }: NamedNetwork,
  { trace, watcher }: { readonly trace: Trace; readonly watcher: Watcher },
): Result<never> | undefined {
  const { grid, name } = trace;
  if (grid.stepMs !== stepMs)
    return failure(
      "bad-input",
      `The model ${id} was taught ticks of ${stepMs / SECOND_MS} s, and those of ${name} have ${grid.stepMs / SECOND_MS} s. Train one on such ticks, or leave --model out.`,
    );
  const firstScored = startOfTick(grid, Math.floor(grid.length / 2));
  if (trainedUntil > firstScored && trainedUntil <= startOfTick(grid, grid.length))
    watcher.notice(
      `The model ${id} learned up to ${iso(trainedUntil)}, and what is scored begins at ${iso(firstScored)}. If it learned from this trace, its score flatters it`,
    );
  return undefined;
}

function readInPool(
  { options, watcher }: BacktestRun,
  { pool, threads }: { pool: Piscina; threads: number },
): Promise<Result<Trace>> {
  return readTrace({
    paths: options.traces,
    format: options.format,
    lenient: options.isLenient,
    resource: options.resource,
    onProgress: (done, total) => watcher.progress({ doing: "Reading files", done, total }),
    onNotice: (sentence) => watcher.notice(sentence),
    readFile: (job) => pool.run(job, { name: "readFileInThread" }),
    filesAtOnce: 2 * threads,
  });
}

async function replay(
  { options, watcher, prices, network }: BacktestRun,
  { pool, trace }: { pool: Piscina; trace: Trace },
): Promise<Result<Backtested>> {
  const { hostSize, serviceLevel, audit } = options;
  const plan = planOf(options);
  const hosts = hostsOf(trace, hostSize);
  const total = hosts.length * partsOf(plan);
  let done = 0;
  const onPart = (): void => watcher.progress({ doing: "Replaying hosts", done: ++done, total });
  const runs = hosts.map((host, index) =>
    runHost(pool, { host, index, plan, auditPath: audit, ...(network && { network: network.network }) }, onPart),
  );
  const replayed = await Promise.all(runs);
  const failed = replayed.find((result) => !result.ok);
  if (failed && !failed.ok) return failed;
  const results = replayed.flatMap((result) => (result.ok ? [result.value] : []));
  if (audit !== undefined) {
    const joined = await joinAuditParts({ path: audit, header: AUDIT_HEADER, parts: hosts.length });
    if (!joined.ok) return joined;
  }
  const hourlyCost = costPerBaseUnitHour(prices);
  const scorecard = scorecardOf({ trace, hosts, hostSize, plan, serviceLevel, results, hourlyCost });
  return success({ scorecard, pictures: results.slice(0, HOSTS_SHOWN_MAX).flatMap(({ pictures }) => pictures) });
}

const HOSTS_SHOWN_MAX = 3;

async function runHost(
  pool: Piscina,
  job: Omit<HostJob, "progress"> & { readonly host: HostCase },
  onPart: () => void,
): Promise<Result<HostResult>> {
  const { port1, port2 } = new MessageChannel();
  port1.on("message", onPart);
  try {
    return await pool.run({ ...job, progress: port2 }, { name: "backtestHostInThread", transferList: [port2] });
  } finally {
    port1.close();
  }
}

/** The promised level is always among the swept ones: it is the one that is drawn and audited. */
function planOf({ policies, serviceLevel, audit, pace }: BacktestOptions): BacktestPlan {
  const promised = Number((1 - serviceLevel).toPrecision(12));
  const pooledViolations = [...new Set([...POOLED_VIOLATIONS, promised])].sort((a, b) => b - a);
  const eachLevels = [...new Set([...EACH_LEVELS, serviceLevel])].sort((a, b) => a - b);
  return {
    policies: POLICY_NAMES.filter((name) => policies.includes(name)),
    eachLevels,
    pooledViolations,
    shown: pooledViolations.indexOf(promised),
    audited: audit !== undefined,
    pace,
  };
}
