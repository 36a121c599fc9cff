// The built program as a person runs it: what it prints, and how it ended.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = "dist/main/headroom.js";

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `environment` is all that it sees of HEADROOM_*. */
export function headroom(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = { ...withoutHeadroom(process.env), TZ: "Europe/Berlin", ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...argv], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

export interface Served {
  readonly address: string;
  readonly key: string | undefined;
  stop(): Promise<number | null>;
}

/** On a folder that PostgreSQL's own user can reach. */
export async function serveOn(data: string): Promise<Served> {
  const env = { ...withoutHeadroom(process.env), HEADROOM_TICK_SECONDS: "15", HEADROOM_LOG: "error" };
  const child = spawn(process.execPath, [PROGRAM, "serve", "--data", data, "--port", "0", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), tooSoon(child)])) as [
    string,
  ];
  const { address, firstKey } = JSON.parse(line) as { address: string; firstKey?: string };
  const ended = once(child, "exit");
  return {
    address,
    key: firstKey,
    async stop() {
      child.kill("SIGTERM");
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

export function openFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "headroom-cli-"));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function tooSoon(child: ChildProcess): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null];
  throw new Error(`The service ended with ${code} before it served.`);
}

function withoutHeadroom(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(HEADROOM_|DATABASE_URL$)/.test(name)));
}
