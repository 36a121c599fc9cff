// `headroom serve` as a process of its own, on a folder that PostgreSQL's own user can reach.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export function openFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "headroom-serve-"));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export interface ServeProcess {
  /** Without a slash at its end. */
  readonly address: string;
  /** Undefined where there were keys already. */
  readonly firstKey: string | undefined;
  /** What it logged so far. */
  log(): string;
  /** Its exit code; null after a kill. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const LOG_KEPT = 20_000;

/** `settings` are all that it sees of HEADROOM_*. Fails where it ends before it serves. */
export async function startServe(data: string, settings: Readonly<Record<string, string>>): Promise<ServeProcess> {
  const command = ["dist/main/headroom.js", "serve", "--data", data, "--port", "0", "--json"];
  const env = { ...withoutSettings(process.env), ...settings };
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"], env });
  let logged = "";
  child.stderr.on("data", (part: Buffer) => {
    logged = (logged + String(part)).slice(-LOG_KEPT);
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  const tooSoon = ended.then(([code]) => {
    throw new Error(`The service ended with ${code} before it served: ${logged}`);
  });
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), tooSoon])) as [string];
  tooSoon.catch(() => undefined);
  const { address, firstKey } = JSON.parse(line) as { readonly address: string; readonly firstKey?: string };
  return {
    address: address.replace(/\/$/, ""),
    firstKey,
    log: () => logged,
    async end(signal) {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(HEADROOM_|DATABASE_URL$)/.test(name)));
}
