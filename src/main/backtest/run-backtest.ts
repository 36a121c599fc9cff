// `headroom backtest`: read the trace, replay every host on all cores, put the sums together, write what was asked for.
import { availableParallelism } from "node:os";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { joinAuditParts } from "../../adapters/audit-file/audit-file.ts";
import { readTrace } from "../../adapters/trace-files/open-trace.ts";
import { AUDIT_HEADER } from "../../lab/audit.ts";
import { type BacktestPlan, type HostResult, partsOf } from "../../lab/backtest-host.ts";
import { type HostCase, hostsOf } from "../../lab/host-case.ts";
import { POLICY_NAMES, type PolicyName } from "../../lab/policy.ts";
import { EACH_LEVELS, POOLED_VIOLATIONS } from "../../lab/replay-headroom.ts";
import { scorecardOf } from "../../lab/scorecard-of.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Scorecard, VmPicture } from "../../model/scorecard.ts";
import type { Trace, TraceFormat } from "../../model/trace.ts";
import { ASSUMED_PRICES, PRICED_UNIT } from "../../pricing/price-list.ts";
import type { HostJob } from "./backtest-worker.ts";

export interface BacktestRequest {
  readonly paths: readonly string[];
  readonly format: TraceFormat | "auto";
  readonly policies: readonly PolicyName[];
  readonly serviceLevel: number;
  readonly hostSize: number;
  readonly lenient: boolean;
  readonly resource?: Resource | undefined;
  readonly auditPath?: string | undefined;
  readonly jobs?: number | undefined;
}

export interface BacktestWatcher {
  /** Share done of the stage, 0 to 1. */
  readonly onProgress: (stage: "reading" | "replaying", share: number) => void;
  readonly onNotice: (sentence: string) => void;
}

export interface BacktestOutcome {
  readonly scorecard: Scorecard;
  readonly pictures: readonly VmPicture[];
}

export async function runBacktest(
  request: BacktestRequest,
  watcher: BacktestWatcher,
): Promise<Result<BacktestOutcome>> {
  const threads = request.jobs ?? availableParallelism();
  const pool = new Piscina({
    filename: new URL("./backtest-worker.js", import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    const trace = await readInPool({ pool, threads, request, watcher });
    if (!trace.ok) return trace;
    const tooShort = checkLength(trace.value);
    if (tooShort) return tooShort;
    return await replay({ pool, trace: trace.value, request, watcher });
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

interface ReadingJob {
  readonly pool: Piscina;
  readonly threads: number;
  readonly request: BacktestRequest;
  readonly watcher: BacktestWatcher;
}

function readInPool({ pool, threads, request, watcher }: ReadingJob): Promise<Result<Trace>> {
  return readTrace({
    ...request,
    onProgress: (done, total) => watcher.onProgress("reading", done / total),
    onNotice: watcher.onNotice,
    readFile: (job) => pool.run(job, { name: "readFileInThread" }),
    filesAtOnce: 2 * threads,
  });
}

interface Replay {
  readonly pool: Piscina;
  readonly trace: Trace;
  readonly request: BacktestRequest;
  readonly watcher: BacktestWatcher;
}

async function replay({ pool, trace, request, watcher }: Replay): Promise<Result<BacktestOutcome>> {
  const plan = planOf(request);
  const hosts = hostsOf(trace, request.hostSize);
  const total = hosts.length * partsOf(plan);
  let done = 0;
  const onPart = (): void => watcher.onProgress("replaying", ++done / total);
  const runs = hosts.map((host, index) => runHost(pool, { host, index, plan, auditPath: request.auditPath }, onPart));
  const results = await Promise.all(runs);
  if (request.auditPath !== undefined) {
    const joined = await joinAuditParts({ path: request.auditPath, header: AUDIT_HEADER, parts: hosts.length });
    if (!joined.ok) return joined;
  }
  const { hostSize, serviceLevel } = request;
  const scorecard = scorecardOf({ trace, hosts, hostSize, plan, serviceLevel, results, hourlyCost: hourlyCost() });
  return success({ scorecard, pictures: shownPictures(results) });
}

async function runHost(
  pool: Piscina,
  job: Omit<HostJob, "progress"> & { readonly host: HostCase },
  onPart: () => void,
): Promise<HostResult> {
  const { port1, port2 } = new MessageChannel();
  port1.on("message", onPart);
  try {
    return await pool.run({ ...job, progress: port2 }, { name: "backtestHostInThread", transferList: [port2] });
  } finally {
    port1.close();
  }
}

/** The promised level is always among the swept ones: it is the one that is drawn and audited. */
function planOf({ policies, serviceLevel, auditPath }: BacktestRequest): BacktestPlan {
  const promised = Number((1 - serviceLevel).toPrecision(12));
  const pooledViolations = [...new Set([...POOLED_VIOLATIONS, promised])].sort((a, b) => b - a);
  const eachLevels = [...new Set([...EACH_LEVELS, serviceLevel])].sort((a, b) => a - b);
  return {
    policies: POLICY_NAMES.filter((name) => policies.includes(name)),
    eachLevels,
    pooledViolations,
    shown: pooledViolations.indexOf(promised),
    audited: auditPath !== undefined,
  };
}

function hourlyCost(): Readonly<Record<Resource, number>> {
  const cost = (resource: Resource) => ASSUMED_PRICES.perHour[resource] / PRICED_UNIT[resource].amount;
  return { cpu: cost("cpu"), memory: cost("memory"), network: cost("network"), storage: cost("storage") };
}

const HOSTS_SHOWN_MAX = 3;

function shownPictures(results: readonly HostResult[]): VmPicture[] {
  return results
    .slice(0, HOSTS_SHOWN_MAX)
    .flatMap(({ pictures }) => pictures)
    .filter(({ resource }) => RESOURCES.includes(resource));
}
