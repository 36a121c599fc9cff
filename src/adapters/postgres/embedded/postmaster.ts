// A running postmaster as its data folder tells of it. A stale file, or a number that another program got since, is no postmaster.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, DatabaseError } from "pg";
import { failure, type Result, success } from "../../../model/result.ts";

export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
}

export const DATABASE_USER = "headroom";
export const DATABASE_NAME = "postgres";

const PAUSE_MS = 25;
const STOP_TIMEOUT_MS = 30_000;
/** SQLSTATE: no such role; the database is starting up or shutting down. */
const NO_SUCH_ROLE = "28000";

/** Undefined when none serves this folder. https://www.postgresql.org/docs/18/storage-file-layout.html: postmaster.pid */
export function runningPostmaster(data: string): Postmaster | undefined {
  const file = join(data, "postmaster.pid");
  if (!existsSync(file)) return undefined;
  let lines: string[];
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    return undefined;
  }
  const [pid = "", socketFolder = ""] = [lines[0]?.trim(), lines[4]?.trim()];
  return argumentsOf(pid).includes(` -D ${data} `) ? { pid: Number(pid), socketFolder } : undefined;
}

/** Waits until it answers; "timeout" when it does not, "not-found" when it is gone, "rejected" when it is no server of ours. */
export async function answering(data: string, timeoutMs: number): Promise<Result<Postmaster>> {
  for (let waited = 0; waited < timeoutMs; waited += PAUSE_MS) {
    const running = runningPostmaster(data);
    if (running === undefined) return failure("not-found", `No PostgreSQL runs in ${data}.`);
    const answer = running.socketFolder === "" ? "not yet" : await askOnce(running.socketFolder);
    if (answer === "ready") return success(running);
    if (answer === "foreign")
      return failure("rejected", `${data} was not made by Headroom: choose another data folder, or set DATABASE_URL.`);
    await sleep(PAUSE_MS);
  }
  return failure("timeout", `PostgreSQL in ${data} does not answer.`);
}

/** Fast shutdown: what is committed is there, open transactions are rolled back. By force when that takes too long. */
export async function stopPostmaster(data: string, signal: "SIGINT" | "SIGQUIT" = "SIGINT"): Promise<void> {
  const running = runningPostmaster(data);
  if (running === undefined) return;
  try {
    process.kill(running.pid, signal);
  } catch {
    return;
  }
  for (let waited = 0; waited < STOP_TIMEOUT_MS; waited += PAUSE_MS) {
    if (runningPostmaster(data)?.pid !== running.pid) return;
    await sleep(PAUSE_MS);
  }
  if (signal === "SIGINT") await stopPostmaster(data, "SIGQUIT");
}

async function askOnce(socketFolder: string): Promise<"ready" | "not yet" | "foreign"> {
  const client = new Client({ host: socketFolder, user: DATABASE_USER, database: DATABASE_NAME });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return "ready";
  } catch (error) {
    return error instanceof DatabaseError && error.code === NO_SUCH_ROLE ? "foreign" : "not yet";
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** With a space at either end; empty where there is no such process. */
function argumentsOf(pid: string): string {
  if (!/^\d+$/.test(pid)) return "";
  if (process.platform !== "linux")
    return ` ${spawnSync("ps", ["-o", "args=", "-p", pid], { encoding: "utf8" }).stdout.trim()} `;
  try {
    return ` ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")} `;
  } catch {
    return "";
  }
}
