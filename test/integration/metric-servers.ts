// Debian's servers of metrics, started on loopback by a test and stopped by it.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Why a test that needs these programs is skipped; undefined where all are there. */
export function absent(programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => !existsSync(`/usr/bin/${program}`));
  if (missing.length === 0) return undefined;
  return `Debian's ${missing.join(" and ")} not there: as root, node scripts/set-up.mjs --system brings them`;
}

export interface MetricServers {
  readonly folder: string;
  start(program: string, parameters: readonly string[]): void;
  /** Its address, once it answers. */
  prometheus(config: string, data?: string): Promise<string>;
  victoria(): Promise<string>;
  end(): Promise<void>;
}

export function metricServers(): MetricServers {
  const folder = mkdtempSync(join(tmpdir(), "headroom-metrics-"));
  const children: ChildProcess[] = [];
  const start = (program: string, parameters: readonly string[]): void => {
    children.push(spawn(`/usr/bin/${program}`, parameters, { stdio: "ignore", cwd: folder }));
  };
  return {
    folder,
    start,
    async prometheus(config, data = join(folder, "data")) {
      const listen = `127.0.0.1:${await freePort()}`;
      const kept = [`--storage.tsdb.path=${data}`, "--storage.tsdb.retention.time=10y", "--web.enable-lifecycle"];
      start("prometheus", [`--config.file=${config}`, ...kept, `--web.listen-address=${listen}`]);
      await answering(`http://${listen}/-/ready`);
      return `http://${listen}`;
    },
    async victoria() {
      const listen = `127.0.0.1:${await freePort()}`;
      const kept = [`-storageDataPath=${join(folder, "victoria")}`, "-retentionPeriod=10y", "-search.latencyOffset=1s"];
      start("victoria-metrics", [...kept, `-httpListenAddr=${listen}`, "-memory.allowedBytes=256MB"]);
      await answering(`http://${listen}/health`);
      return `http://${listen}`;
    },
    async end() {
      const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      await Promise.all(running.map((child) => (child.kill("SIGKILL") ? once(child, "exit") : undefined)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Blocks as a Prometheus has them after it ran for so long, from text of OpenMetrics. */
export function blocksFrom(text: string, { folder, data }: { readonly folder: string; readonly data: string }): void {
  const file = join(folder, "history.txt");
  writeFileSync(file, text);
  const made = spawnSync("/usr/bin/promtool", ["tsdb", "create-blocks-from", "openmetrics", file, data, "--quiet"], {
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(made.stderr);
}

async function answering(address: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const ready = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(50);
  }
  throw new Error(`${address} does not answer.`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
