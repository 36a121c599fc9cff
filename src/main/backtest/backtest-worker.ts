// What runs in a worker thread: reading one trace file, replaying one host. Plain data in, plain data out.
import type { MessagePort } from "node:worker_threads";
import { openAuditPart } from "../../adapters/audit-file/audit-file.ts";
import type { FileSamples, TraceFileJob } from "../../adapters/trace-files/file-samples.ts";
import { readTraceFile } from "../../adapters/trace-files/read-trace-file.ts";
import type { Committee } from "../../forecast/network/committee.ts";
import { openKernelCommittee } from "../../forecast/network/committee.ts";
import { type BacktestPlan, backtestHost, type HostResult } from "../../lab/backtest-host.ts";
import type { HostCase } from "../../lab/host-case.ts";
import { type Result, success } from "../../model/result.ts";

export interface HostJob {
  readonly host: HostCase;
  readonly index: number;
  readonly plan: BacktestPlan;
  readonly auditPath: string | undefined;
  /** Left out: statistics forecast alone. */
  readonly network?: Committee;
  /** Gets one message for each finished part. */
  readonly progress: MessagePort;
}

export function readFileInThread(job: TraceFileJob): Promise<Result<FileSamples>> {
  return readTraceFile(job);
}

export function backtestHostInThread(job: HostJob): Result<HostResult> {
  const { host, index, plan, auditPath, progress } = job;
  const audit = auditPath === undefined ? undefined : openAuditPart(auditPath, index);
  const network = job.network && openKernelCommittee(job.network);
  const result = backtestHost(
    { host, plan, ...(network && { network }) },
    { onPart: () => progress.postMessage(1), onAuditRows: (rows) => audit?.write(rows) },
  );
  progress.close();
  const written = audit?.close();
  return written && !written.ok ? written : success(result);
}
