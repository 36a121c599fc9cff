// A real PostgreSQL of our own in a data folder: started, or adopted where an earlier run left it. It listens on a socket in a folder
// that is closed to others, and on no network. It ends when this process ends, in whatever way.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { failure, type Result, success } from "../../../model/result.ts";
import type { Address } from "../connections.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { dataFolder } from "./data-folder.ts";
import { answering, DATABASE_NAME, DATABASE_USER, runningPostmaster, stopPostmaster } from "./postmaster.ts";
import { isOwnFolder, type ServerUser, serverUser } from "./server-user.ts";

const SETTINGS = [
  "listen_addresses=",
  "unix_socket_permissions=0700",
  "max_connections=50",
  "shared_buffers=256MB",
  "max_wal_size=2GB",
  "jit=off",
  "max_parallel_workers_per_gather=0",
];
const START_TIMEOUT_MS = 120_000;
const ADOPT_TIMEOUT_MS = 30_000;
/** Children of a server that was killed may hold its memory for a moment. */
const START_TRIES = 10;
const START_PAUSE_MS = 500;
const LOG_BYTES_MAX = 10 * 2 ** 20;
const LOG_SHOWN = 1500;

/** The shell reads a pipe that this process holds: when this process dies, reading ends, and the server is stopped. */
const WATCH =
  '"$@" <&- 3<&- & pid=$!; trap "kill -INT $pid" TERM INT; (read _; kill -INT $pid) <&3 2>/dev/null & wait $pid';

export interface EmbeddedServer {
  readonly address: Address;
  readonly pid: () => number | undefined;
  /** True when it was running already. */
  readonly isAdopted: boolean;
  /** Starts it again where it is gone. */
  readonly ensureRunning: () => Promise<Result<void>>;
  readonly stop: () => Promise<void>;
}

export interface EmbeddedOptions {
  readonly folder: string;
  /** More settings, as in postgresql.conf: "fsync=off". */
  readonly settings?: readonly string[];
}

interface Place {
  readonly home: string;
  readonly data: string;
  readonly sockets: string;
  readonly user: ServerUser;
  readonly binaries: Binaries;
  readonly settings: readonly string[];
}

/** "rejected" when the folder is somebody else's, "unavailable" when the server does not start: the message holds what it said. */
export async function openEmbeddedServer({ folder, settings = [] }: EmbeddedOptions): Promise<Result<EmbeddedServer>> {
  const user = serverUser(join(folder, "postgres"));
  if (!user.ok) return user;
  const binaries = findBinaries(user.value);
  if (!binaries.ok) return binaries;
  const data = dataFolder(folder, { user: user.value, binaries: binaries.value });
  if (!data.ok) return data;
  const sockets = socketFolder(data.value.home, user.value);
  if (!sockets.ok) return sockets;
  const place: Place = { ...data.value, sockets: sockets.value, user: user.value, binaries: binaries.value, settings };
  const adopted = await adopt(place);
  if (!adopted.ok) return adopted;
  const started = adopted.value ? success(undefined) : await start(place);
  if (!started.ok) return started;
  const socket = runningPostmaster(place.data)?.socketFolder ?? place.sockets;
  return success({
    address: { host: socket, user: DATABASE_USER, database: DATABASE_NAME },
    pid: () => runningPostmaster(place.data)?.pid,
    isAdopted: adopted.value,
    async ensureRunning() {
      const found = await adopt(place);
      return found.ok && found.value ? success(undefined) : start(place);
    },
    async stop() {
      await stopPostmaster(place.data);
      rmSync(place.sockets, { recursive: true, force: true });
    },
  });
}

/** True when one was running and answers. One that does not is ended: what it had committed is recovered at the next start. */
async function adopt({ data }: Place): Promise<Result<boolean>> {
  if (runningPostmaster(data) === undefined) return success(false);
  const answer = await answering(data, ADOPT_TIMEOUT_MS);
  if (answer.ok) return success(true);
  if (answer.error.kind === "rejected") return answer;
  if (answer.error.kind === "timeout") await stopPostmaster(data, "SIGQUIT");
  return success(false);
}

async function start(place: Place): Promise<Result<void>> {
  const log = join(place.home, "postgres.log");
  for (let tries = 1; ; tries++) {
    const launched = launch(place, log);
    if (!launched.ok) return launched;
    const { exited } = launched.value;
    const answer = await Promise.race([started(place, exited), exited]);
    if (answer === "started") return success(undefined);
    if (typeof answer === "object") return answer;
    if (tries === START_TRIES) return failure("unavailable", `PostgreSQL did not start: ${lastLines(log)}`);
    await sleep(START_PAUSE_MS);
  }
}

/** `exited` resolves when the server ends. */
function launch(
  { home, data, sockets, user, binaries, settings }: Place,
  log: string,
): Result<{ readonly exited: Promise<"exited"> }> {
  let output: number;
  try {
    trimLog(log);
    output = openSync(log, "a");
  } catch (error) {
    return failure("unavailable", `${log} cannot be written: ${error}. Is the data folder still there?`);
  }
  const parameters = ["-D", data, "-k", sockets, ...[...SETTINGS, ...settings].flatMap((each) => ["-c", each])];
  const child = spawn("/bin/sh", ["-c", WATCH, "sh", binaries.postgres, ...parameters], {
    ...user,
    cwd: user.uid === undefined ? home : "/",
    env: { LC_ALL: "C", PATH: process.env["PATH"] },
    stdio: ["ignore", output, output, "pipe"],
    detached: true,
  });
  closeSync(output);
  child.unref();
  const pipe = child.stdio[3] as Socket;
  pipe.on("error", () => undefined);
  pipe.unref();
  const exited = new Promise<"exited">((resolve) => {
    child.once("error", () => resolve("exited"));
    child.once("exit", () => resolve("exited"));
  });
  return success({ exited });
}

async function started({ data }: Place, exited: Promise<"exited">): Promise<"started" | "exited" | Result<never>> {
  let isRunning = true;
  void exited.then(() => {
    isRunning = false;
  });
  for (const deadline = performance.now() + START_TIMEOUT_MS; isRunning && performance.now() < deadline; ) {
    const answer = await answering(data, START_TIMEOUT_MS);
    if (answer.ok) return "started";
    if (answer.error.kind !== "not-found") return answer;
    await sleep(10);
  }
  return "exited";
}

/** Short, since a socket's path has at most 107 bytes; in a folder that only its owner enters. */
function socketFolder(home: string, user: ServerUser): Result<string> {
  const path = `/tmp/headroom-${createHash("sha256").update(home).digest("hex").slice(0, 12)}`;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (!isOwnFolder(path, user))
      return failure("rejected", `${path} belongs to someone else: remove it, or choose another data folder.`);
    chmodSync(path, 0o700);
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
    return success(path);
  } catch (error) {
    return failure("unavailable", `${path} could not be made: ${error}.`);
  }
}

function trimLog(log: string): void {
  const found = lstatSync(log, { throwIfNoEntry: false });
  if (found !== undefined && found.size > LOG_BYTES_MAX) renameSync(log, `${log}.old`);
}

function lastLines(log: string): string {
  try {
    return readFileSync(log, "utf8").slice(-LOG_SHOWN);
  } catch {
    return `see ${log}`;
  }
}
