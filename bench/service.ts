// The service under load, as a process of its own on its embedded database, load and server on the same machine: durable ingest, reads
// at a fixed rate, live delivery to many, and how long a restart takes. `npm run bench -- service [--vms N] [--seconds N]`.
import { once } from "node:events";
import http from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ApiClient, createClient } from "../src/api/client/client.ts";
import { packSamples } from "../src/api/contract/packed-samples.ts";
import { openFolder, startServe } from "../test/integration/serve-process.ts";
import { median } from "./medians.ts";

const BATCH_ROWS = 2_500;
const RUNS = 5;
const READS_A_SECOND = 1_000;
const SUBSCRIBERS = 1_000;
const HOST_VMS = 50;

export async function benchService(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { vms: { type: "string" }, seconds: { type: "string" } } });
  const vms = Number(values.vms ?? 1_000);
  const seconds = Number(values.seconds ?? 10);
  const folder = openFolder();
  const data = join(folder.path, "data");
  let service = await startService(data);
  try {
    console.log(`# service: ${vms} VMs, batches of ${4 * BATCH_ROWS} values, medians of ${RUNS} runs of ${seconds} s`);
    await furnish(service.client, vms);
    const ingest: number[] = [];
    const resident: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      ingest.push(await ingestFor(service, { vms, seconds, run }));
      resident.push(await service.residentMiB());
    }
    console.log(
      `durable ingest          ${Math.round(median(ingest))} values/s, resident ${resident.map(Math.round).join(" ")} MiB run by run`,
    );
    await tickOnce(service, vms);
    for (const path of [`/v1/vms/${vmId(0)}/allocation`, `/v1/vms/${vmId(0)}/forecast`]) {
      const runs: Latencies[] = [];
      for (let run = 0; run < RUNS; run++) runs.push(await readFor(service, { path, seconds }));
      const of = (pick: (one: Latencies) => number) => median(runs.map(pick)).toFixed(1);
      console.log(
        `GET ${path.padEnd(34)} p50 ${of(({ p50 }) => p50)} ms, p99 ${of(({ p99 }) => p99)} ms at ${READS_A_SECOND}/s`,
      );
    }
    const delivery = await deliver(service, vms);
    console.log(
      `${SUBSCRIBERS} live subscribers     p50 ${delivery.p50.toFixed(0)} ms, p99 ${delivery.p99.toFixed(0)} ms after the first one heard`,
    );
    await service.end("SIGKILL");
    const begin = performance.now();
    service = await startService(data, {}, service.key);
    const up = performance.now() - begin;
    await tickOnce(service, vms);
    console.log(
      `restart after kill -9   answers after ${(up / 1000).toFixed(1)} s; its first tick takes ${await lastTickSeconds(service)} s`,
    );
  } finally {
    await service.end("SIGTERM");
    folder.remove();
  }
}

export interface Service {
  readonly client: ApiClient;
  readonly address: string;
  readonly key: string;
  residentMiB(): Promise<number>;
  /** Since it was started, without its database. */
  cpuSeconds(): Promise<number>;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export async function startService(
  data: string,
  more: Readonly<Record<string, string>> = {},
  known = "",
): Promise<Service> {
  const settings = { HEADROOM_REQUESTS_PER_MINUTE: "10000000", HEADROOM_LOG: "error", ...more };
  const { address, firstKey, end } = await startServe(data, settings);
  const key = firstKey ?? known;
  return {
    ...{ address, key, end },
    client: createClient({ address, key, fetcher: fetch }),
    async cpuSeconds() {
      const [, seconds] = /^process_cpu_seconds_total (\S+)$/m.exec(await metricsOf({ address, key })) ?? [];
      return Number(seconds);
    },
    async residentMiB() {
      const [, bytes] = /^process_resident_memory_bytes (\S+)$/m.exec(await metricsOf({ address, key })) ?? [];
      return Number(bytes) / 2 ** 20;
    },
  };
}

async function metricsOf({ address, key }: Pick<Service, "address" | "key">): Promise<string> {
  const answer = await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  return answer.text();
}

export const vmId = (index: number) => `vm-${index}`;
const amounts = (cpu: number) => ({ cpu, memory: 4e9 * cpu, network: 1e7 * cpu, storage: 1e7 * cpu });

export async function furnish(client: ApiClient, vms: number, stepSeconds = 15): Promise<void> {
  const done = async (answer: Promise<{ readonly ok: boolean }>) => {
    const answered = (await answer) as { ok: boolean; error?: { title: string } };
    if (!answered.ok) throw new Error(answered.error?.title);
  };
  await done(client.putCustomer({ id: "acme", body: { name: "Acme" } }));
  await done(client.putPool({ id: "shared", body: { kind: "shared" } }));
  const settings = { serviceLevel: 0.99, stepSeconds, mode: "observe" as const, acting: [], killSwitch: false };
  await done(client.putCell({ id: "cell", body: settings }));
  await done(client.putWorkload({ id: "web", body: { customer: "acme", class: "web" } }));
  for (let host = 0; host * HOST_VMS < vms; host++)
    await done(client.putHost({ id: `host-${host}`, body: { pool: "shared", cell: "cell", capacity: amounts(200) } }));
  const indices = Array.from({ length: vms }, (_, vm) => vm);
  for (let from = 0; from < vms; from += 50)
    await Promise.all(
      indices.slice(from, from + 50).map((vm) => {
        const body = {
          workload: "web",
          host: `host-${Math.floor(vm / HOST_VMS)}`,
          base: amounts(1),
          ceiling: amounts(8),
        };
        return done(client.putVm({ id: vmId(vm), body }));
      }),
    );
}

/** Values a second that were acknowledged, eight batches under way at once. */
async function ingestFor({ client }: Service, given: { vms: number; seconds: number; run: number }): Promise<number> {
  const { vms, seconds, run } = given;
  const began = performance.now();
  const origin = Date.now() - 3_600_000 + run * 600_000;
  let [rows, batch] = [0, 0];
  const send = async () => {
    while (performance.now() - began < seconds * 1000) {
      const body = packedBatch(vms, origin + 100 * batch++);
      const taken = await client.postSamples({ body });
      if (!taken.ok) throw new Error(taken.error.title);
      rows += taken.value.accepted;
    }
  };
  await Promise.all(Array.from({ length: 8 }, send));
  return (4 * rows * 1000) / (performance.now() - began);
}

function packedBatch(vms: number, at: number): Uint8Array {
  const ids = Array.from({ length: vms }, (_, vm) => vmId(vm));
  return packSamples({
    vms: ids,
    vm: Uint32Array.from({ length: BATCH_ROWS }, (_, row) => row % vms),
    at: Float64Array.from({ length: BATCH_ROWS }, (_, row) => at + Math.floor(row / vms)),
    usage: Float32Array.from({ length: 4 * BATCH_ROWS }, (_, place) => 1 + ((place * 7919 + at) % 1000) / 1000),
  });
}

/** Hands in one sample of each VM and waits for the tick that has seen it. */
async function tickOnce({ client }: Service, vms: number): Promise<void> {
  const at = await handIn(client, vms);
  for (;;) {
    const status = await client.getStatus();
    if (status.ok && Date.parse(status.value.cells[0]?.at ?? "") >= at) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** One sample of each VM, of now. */
export async function handIn(client: ApiClient, vms: number): Promise<number> {
  const at = Date.now();
  for (let from = 0; from < vms; from += BATCH_ROWS) {
    const count = Math.min(BATCH_ROWS, vms - from);
    await client.postSamples({
      body: packSamples({
        vms: Array.from({ length: count }, (_, row) => vmId(from + row)),
        vm: Uint32Array.from({ length: count }, (_, row) => row),
        at: new Float64Array(count).fill(at),
        usage: Float32Array.from({ length: 4 * count }, (_, place) => 1 + (place % 10) / 10),
      }),
    });
  }
  return at;
}

/** Of a tick that may still be on its way into the store. */
async function lastTickSeconds(service: Service): Promise<string> {
  for (;;) {
    const text = await metricsOf(service);
    const of = (name: string) =>
      Number(new RegExp(`^headroom_tick_duration_seconds_${name}\\{[^}]*\\} (\\S+)$`, "m").exec(text)?.[1]);
    const mean = of("sum") / of("count");
    if (!Number.isNaN(mean)) return mean.toFixed(2);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

/** From the moment each was due: what waits for its turn counts. */
async function readFor({ address, key }: Service, given: { path: string; seconds: number }): Promise<Latencies> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const headers = { authorization: `Bearer ${key}` };
  const total = READS_A_SECOND * given.seconds;
  const took: number[] = [];
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    let sent = 0;
    const one = (due: number) =>
      http
        .get(`${address}${given.path}`, { agent, headers }, (response) => {
          if (response.statusCode !== 200) reject(new Error(`${given.path}: ${response.statusCode}`));
          response.resume().on("end", () => {
            if (took.push(performance.now() - due) === total) resolve();
          });
        })
        .on("error", reject);
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * READS_A_SECOND));
      while (sent < due) one(began + (1000 * sent++) / READS_A_SECOND);
      if (sent === total) clearInterval(timer);
    }, 1);
  });
  agent.destroy();
  return latenciesOf(took);
}

function latenciesOf(took: readonly number[]): Latencies {
  const sorted = took.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** How much later than the first subscriber the others heard of the same tick. */
async function deliver(service: Service, vms: number): Promise<Latencies> {
  const { address, key } = service;
  const agent = new http.Agent({ keepAlive: true, maxSockets: SUBSCRIBERS });
  const heard: number[] = [];
  let isListening = false;
  const requests = await Promise.all(
    Array.from({ length: SUBSCRIBERS }, async () => {
      const request = http.get(`${address}/v1/live`, { agent, headers: { authorization: `Bearer ${key}` } });
      request.on("error", () => {});
      const [response] = (await once(request, "response")) as [http.IncomingMessage];
      let isHeard = false;
      response.on("data", (part: Buffer) => {
        if (!isListening || isHeard || !part.includes("event: tick")) return;
        isHeard = true;
        heard.push(performance.now());
      });
      return request;
    }),
  );
  isListening = true;
  await tickOnce(service, vms);
  for (let waited = 0; heard.length < SUBSCRIBERS && waited < 50; waited++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  for (const request of requests) request.destroy();
  if (heard.length < SUBSCRIBERS) throw new Error(`only ${heard.length} of ${SUBSCRIBERS} heard of the tick`);
  const first = Math.min(...heard);
  return latenciesOf(heard.map((at) => at - first));
}
