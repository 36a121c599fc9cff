// How fast history and metrics come in: remote_write into durable storage with the memory of the service beside it, and a backfill from
// VictoriaMetrics beside what that server does for the same questions asked by nobody but this program. Load, server and database share
// the machine. `npm run bench -- connectors [--vms N] [--days N] [--seconds N]`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { questionsOf } from "../src/adapters/prometheus/backfill/promql.ts";
import { READY_MAPPING } from "../src/adapters/prometheus/mapping-file.ts";
import { planRules } from "../src/adapters/prometheus/rule-plan.ts";
import { writeBody } from "../src/adapters/prometheus/written.arbitrary.ts";
import type { BackfillOutcome } from "../src/cli/service-commands.ts";
import { DAY_MS } from "../src/model/time.ts";
import { absent, metricServers } from "../test/integration/metric-servers.ts";
import { openFolder, withoutSettings } from "../test/integration/serve-process.ts";
import { furnish, type Service, startService, vmId } from "./service.ts";

const SCRAPE_MS = 15_000;
const STEP_MS = 300_000;
/** As Prometheus does: each of its shards sends so many samples at once, one request after the other. */
const SHARDS = 4;
const SAMPLES_A_REQUEST = 2_000;

export async function benchConnectors(words: readonly string[]): Promise<void> {
  const options = { vms: { type: "string" }, days: { type: "string" }, seconds: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...words], options });
  const [vms, days, seconds] = [Number(values.vms ?? 1_000), Number(values.days ?? 30), Number(values.seconds ?? 30)];
  const folder = openFolder();
  const service = await startService(join(folder.path, "data"));
  try {
    await furnish(service.client, vms, 300);
    if (seconds > 0) await benchRemoteWrite(service, { vms, seconds });
    const missing = absent(["victoria-metrics"]);
    if (missing === undefined) await benchBackfill(service, { vms, days });
    else console.log(`backfill left out: ${missing}`);
  } finally {
    await service.end("SIGKILL");
    folder.remove();
  }
}

const METRICS = [
  "libvirt_domain_info_cpu_time_seconds_total",
  "libvirt_domain_memory_stats_rss_bytes",
  "libvirt_domain_interface_stats_receive_bytes_total",
  "libvirt_domain_interface_stats_transmit_bytes_total",
  "libvirt_domain_block_stats_read_bytes_total",
  "libvirt_domain_block_stats_write_bytes_total",
] as const;

function amountOf(metric: string, vm: number, scrape: number): number {
  if (metric.includes("rss")) return 2 ** 30 + ((vm * 7 + scrape) % 1000) * 2 ** 20;
  return scrape * (metric.includes("cpu") ? 0.2 + (vm % 40) : 1e5 * (1 + (vm % 90)));
}

/** [shard] one body after the other, as many scrapes as there is room for in memory. */
function bodiesFor(vms: number, scrapes: number, from: number): Uint8Array<ArrayBuffer>[][] {
  const indices = Array.from({ length: vms }, (_, vm) => vm);
  return Array.from({ length: SHARDS }, (_, shard) => {
    const own = indices.filter((vm) => vm % SHARDS === shard);
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    for (let scrape = 0; scrape < scrapes; scrape++) {
      const series = own.flatMap((vm) =>
        METRICS.map((metric) => ({
          labels: {
            __name__: metric,
            domain: vmId(vm),
            instance: `hv-${vm % 20}:9177`,
            job: "libvirt",
            target_device: "vda",
          },
          samples: [[from + scrape * SCRAPE_MS, amountOf(metric, vm, scrape)] as const],
        })),
      );
      for (let begin = 0; begin < series.length; begin += SAMPLES_A_REQUEST)
        bodies.push(new Uint8Array(writeBody(series.slice(begin, begin + SAMPLES_A_REQUEST))));
    }
    return bodies;
  });
}

const SCRAPES_MADE = 100;

async function benchRemoteWrite(service: Service, { vms, seconds }: { vms: number; seconds: number }): Promise<void> {
  const samplesAScrape = vms * METRICS.length;
  const headers = {
    authorization: `Bearer ${service.key}`,
    ...{ "content-type": "application/x-protobuf", "content-encoding": "snappy" },
  };
  const resident: number[] = [];
  let sent = 0;
  let busyMs = 0;
  let cpuSeconds = 0;
  let again = 0;
  // Bodies are made between the rounds: the time that it takes is not counted.
  for (let round = 0; busyMs < 1000 * seconds; round++) {
    const from = Date.now() - 7 * DAY_MS + round * SCRAPES_MADE * SCRAPE_MS;
    const shards = bodiesFor(vms, SCRAPES_MADE, from);
    const cpu = await service.cpuSeconds();
    const begun = performance.now();
    await Promise.all(
      shards.map(async (bodies) => {
        for (const body of bodies)
          for (;;) {
            const { status } = await fetch(`${service.address}/v1/prometheus/write`, { method: "POST", headers, body });
            if (status === 204) break;
            again++;
            await pause(100);
          }
      }),
    );
    busyMs += performance.now() - begun;
    cpuSeconds += (await service.cpuSeconds()) - cpu;
    sent += SCRAPES_MADE * samplesAScrape;
    resident.push(await service.residentMiB());
  }
  const rate = Math.round(sent / (busyMs / 1000));
  console.log(
    `remote_write            ${rate} samples/s of ${vms} VMs into durable storage, ${sent} samples, ` +
      `${((1e6 * cpuSeconds) / sent).toFixed(1)} us of the service's CPU each; ${again} asked to come again; ` +
      `resident ${resident.map(Math.round).join(" ")} MiB round by round`,
  );
}

async function benchBackfill(service: Service, { vms, days }: { vms: number; days: number }): Promise<void> {
  const servers = metricServers();
  try {
    const victoria = await servers.victoria();
    const to = Math.floor((Date.now() - DAY_MS) / STEP_MS) * STEP_MS;
    const from = to - days * DAY_MS;
    const points = await fill(victoria, { vms, from, to });
    const alone = await askAlone(victoria, { from, to });
    const ours = await backfill(service, victoria, { from, to });
    const after = await askAlone(victoria, { from, to });
    const { rows, questions, answerBytes, seconds } = ours;
    console.log(
      `backfill                ${vms} VMs x ${days} days, ${points} points in VictoriaMetrics: ${rows} rows kept in ${seconds.toFixed(1)} s ` +
        `(${Math.round(rows / seconds)} rows/s, ${questions} questions, ${(answerBytes / 1e6).toFixed(0)} MB); the server alone ` +
        `answers the same questions in ${alone.seconds.toFixed(1)} s before and ${after.seconds.toFixed(1)} s after it (${alone.questions} questions, ${(alone.bytes / 1e6).toFixed(0)} MB)`,
    );
  } finally {
    await servers.end();
  }
}

async function fill(victoria: string, { vms, from, to }: { vms: number; from: number; to: number }): Promise<number> {
  const timestamps: number[] = [];
  for (let at = from - STEP_MS; at <= to; at += STEP_MS) timestamps.push(at);
  let points = 0;
  for (let vm = 0; vm < vms; vm++) {
    const lines = METRICS.filter((metric) => !/transmit|write/.test(metric)).map((metric) => {
      points += timestamps.length;
      const labels = { __name__: metric, domain: vmId(vm), instance: `hv-${vm % 20}:9177`, job: "libvirt" };
      return JSON.stringify({
        metric: labels,
        values: timestamps.map((_, at) => amountOf(metric, vm, at * 20)),
        timestamps,
      });
    });
    const sent = await fetch(`${victoria}/api/v1/import`, { method: "POST", body: lines.join("\n") });
    if (sent.status !== 204) throw new Error(`VictoriaMetrics answers ${sent.status}`);
  }
  await fetch(`${victoria}/internal/force_flush`);
  await fetch(`${victoria}/internal/resetRollupResultCache`);
  await untilAllIsThere(victoria, { vms, to });
  return points;
}

/** What was handed in is seen a while later. */
async function untilAllIsThere(victoria: string, { vms, to }: { vms: number; to: number }): Promise<void> {
  const query = `count(rate(${METRICS[0]}[40d]))`;
  for (;;) {
    const body = new URLSearchParams({ query, time: String(to / 1000), nocache: "1" });
    const answer = await (await fetch(`${victoria}/api/v1/query`, { method: "POST", body })).text();
    if (answer.includes(`"${vms}"`)) return;
    await pause(500);
  }
}

/** The questions of a backfill, two at once, the answers read and thrown away. */
async function askAlone(victoria: string, { from, to }: { from: number; to: number }) {
  const metrics = new Set<string>(METRICS.filter((metric) => !/transmit|write/.test(metric)));
  const asked = questionsOf(planRules(READY_MAPPING), STEP_MS).filter(({ metric }) => metrics.has(metric));
  const bodies: URLSearchParams[] = [];
  for (let at = from; at <= to; at += DAY_MS)
    for (const { expression } of asked) {
      const end = Math.min(at + DAY_MS - STEP_MS, to);
      const times = { start: String(at / 1000), end: String(end / 1000), step: String(STEP_MS / 1000) };
      bodies.push(new URLSearchParams({ query: expression, ...times, nocache: "1" }));
    }
  let bytes = 0;
  const begun = performance.now();
  const queue = bodies.values();
  const worker = async () => {
    for (const body of queue) {
      const answer = await fetch(`${victoria}/api/v1/query_range`, { method: "POST", body });
      if (answer.status !== 200) throw new Error(`VictoriaMetrics answers ${answer.status}: ${await answer.text()}`);
      const { byteLength } = await answer.arrayBuffer();
      bytes += byteLength;
    }
  };
  await Promise.all([worker(), worker()]);
  return { seconds: (performance.now() - begun) / 1000, questions: bodies.length, bytes };
}

async function backfill(
  { address, key }: Service,
  victoria: string,
  { from, to }: { from: number; to: number },
): Promise<BackfillOutcome> {
  const span = ["--since", new Date(from).toISOString(), "--until", new Date(to).toISOString()];
  const words = ["backfill", "--from", victoria, ...span, "--rate", "1000", "--anew", "--json"];
  const env = { ...withoutSettings(process.env), HEADROOM_SERVER: address, HEADROOM_KEY: key };
  const child = spawn(process.execPath, ["dist/main/headroom.js", ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  let out = "";
  child.stdout.on("data", (part: Buffer) => {
    out += String(part);
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`headroom backfill ended with ${code}`);
  return JSON.parse(out) as BackfillOutcome;
}
