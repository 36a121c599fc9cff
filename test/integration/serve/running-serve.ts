// The real service as a process of its own, on a data folder that outlives it.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type ApiClient, createClient } from "../../../src/api/client/client.ts";

export interface Service {
  /** With the key of the first operator. */
  readonly client: ApiClient;
  readonly address: string;
  readonly key: string;
  kill(): Promise<void>;
  /** As an operator does it; its exit code. */
  stop(): Promise<number | null>;
  /** What it logged so far. */
  log(): string;
}

export interface Home {
  start(): Promise<Service>;
  remove(): void;
}

/** A folder that PostgreSQL's own user can reach. */
export function serviceHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), "headroom-serve-"));
  chmodSync(folder, 0o755);
  let key = "";
  return {
    async start() {
      const command = ["dist/main/headroom.js", "serve", "--data", join(folder, "data"), "--port", "0", "--json"];
      const child = spawn(process.execPath, command, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, HEADROOM_TICK_SECONDS: "15", HEADROOM_REQUESTS_PER_MINUTE: "1000000" },
      });
      let logged = "";
      child.stderr.on("data", (part: Buffer) => {
        logged = (logged + String(part)).slice(-20_000);
      });
      const facts = await firstLine(child, () => logged);
      key = facts.firstKey ?? key;
      return serviceOf(child, { address: facts.address.replace(/\/$/, ""), key, log: () => logged });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

async function firstLine(child: Child, logged: () => string): Promise<{ address: string; firstKey?: string }> {
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`The service ended with ${String(code)}: ${logged()}`);
  });
  const [line] = (await Promise.race([once(lines, "line"), ended])) as [string];
  ended.catch(() => undefined);
  return JSON.parse(line) as { address: string; firstKey?: string };
}

function serviceOf(child: Child, facts: Pick<Service, "address" | "key" | "log">): Service {
  const ended = child.exitCode === null ? once(child, "exit") : Promise.resolve([child.exitCode]);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  };
  return {
    ...facts,
    client: createClient({ ...facts, fetcher: fetch, triesMax: 1 }),
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
  };
}
