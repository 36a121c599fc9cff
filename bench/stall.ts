// How long the API makes people wait while a large cell ticks: the service as a process of its own, samples of every VM in every tick,
// a trained network behind the forecasts. `npm run bench -- stall [--vms N] [--seconds N]`.
import http from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { modelIdOf, writeModel, writeServing } from "../src/adapters/model-files/model-store.ts";
import { openStore } from "../src/adapters/postgres/open-store.ts";
import type { DocumentChange } from "../src/control/store-ports.ts";
import { FEATURE_SET } from "../src/forecast/feature-set.ts";
import { LSTM_SHAPE } from "../src/forecast/lstm/lstm-shape.ts";
import { initialParameters } from "../src/forecast/network/initial-parameters.ts";
import type { CellId, CustomerId, HostId, PoolId, VmId, WorkloadId } from "../src/model/fleet.ts";
import { aLineage } from "../src/model/model-lineage.arbitrary.ts";
import { NOTHING_SERVES } from "../src/model/model-lineage.ts";
import { resourceVector } from "../src/model/resources.ts";
import { seededRandom } from "../src/model/seeded-random.ts";
import { instant } from "../src/model/time.ts";
import { openFolder } from "../test/integration/serve-process.ts";
import { handIn, type Service, startService, vmId } from "./service.ts";

const STEP_SECONDS = 15;
const HOST_VMS = 50;
const CHANGES_MAX = 5_000;
const ASKED_EVERY_MS = 20;
const PATHS = [
  "/health",
  "/v1/customers/acme",
  `/v1/vms/${vmId(7)}/allocation`,
  `/v1/vms/${vmId(7)}/forecast`,
] as const;

export async function benchStall(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { vms: { type: "string" }, seconds: { type: "string" } } });
  const vms = Number(values.vms ?? 10_000);
  const seconds = Number(values.seconds ?? 90);
  const folder = openFolder();
  const data = join(folder.path, "data");
  await fill(data, vms);
  await writeUntrained(join(data, "models"));
  const service = await startService(data, { HEADROOM_TICK_SECONDS: String(STEP_SECONDS) });
  try {
    await untilTicked(service, vms);
    console.log(
      `# stall: ${vms} VMs, ticks of ${STEP_SECONDS} s, each path asked every ${ASKED_EVERY_MS} ms for ${seconds} s`,
    );
    const taken = PATHS.map((): number[] => []);
    const asking = setInterval(() => {
      for (const [index, path] of PATHS.entries()) void ask(service, path).then((ms) => taken[index]?.push(ms));
    }, ASKED_EVERY_MS);
    const began = performance.now();
    while (performance.now() - began < 1000 * seconds) {
      await handIn(service.client, vms);
      await new Promise((resolve) => setTimeout(resolve, (1000 * STEP_SECONDS) / 2));
    }
    clearInterval(asking);
    for (const [index, path] of PATHS.entries()) console.log(lineOf(path, taken[index] ?? []));
    const status = await service.client.getStatus();
    if (status.ok) console.log(JSON.stringify(status.value.cells[0]));
    console.log(await tickSeconds(service));
  } finally {
    await service.end("SIGTERM");
    folder.remove();
  }
}

/** Written at once, since nobody is to wait for it. */
async function fill(data: string, vms: number): Promise<void> {
  const opened = await openStore({ kind: "embedded", folder: data });
  if (!opened.ok) throw new Error(opened.error.message);
  const amounts = (cpu: number) => resourceVector({ cpu, memory: 4e9 * cpu, network: 1e7 * cpu, storage: 1e7 * cpu });
  const [customer, workload, pool, cell] = [
    "acme" as CustomerId,
    "web" as WorkloadId,
    "shared" as PoolId,
    "cell" as CellId,
  ];
  const hostId = (index: number) => `host-${index}` as HostId;
  const settings = {
    serviceLevel: 0.99,
    stepMs: 1000 * STEP_SECONDS,
    mode: "observe",
    acting: [],
    killSwitch: false,
  } as const;
  const changes: DocumentChange[] = [
    { kind: "customer", id: customer, value: { id: customer, name: "Acme" }, customer },
    { kind: "pool", id: pool, value: { id: pool, kind: "shared" } },
    { kind: "workload", id: workload, value: { id: workload, customer, class: "web" }, customer },
    { kind: "cell-settings", id: cell, value: { cell, ...settings } },
    ...Array.from({ length: Math.ceil(vms / HOST_VMS) }, (_, index): DocumentChange => {
      const value = { id: hostId(index), pool, cell, capacity: amounts(200) };
      return { kind: "host", id: value.id, value };
    }),
    ...Array.from({ length: vms }, (_, index): DocumentChange => {
      const id = vmId(index) as VmId;
      const value = { id, workload, host: hostId(Math.floor(index / HOST_VMS)), base: amounts(1), ceiling: amounts(8) };
      return { kind: "vm", id, value, customer };
    }),
  ];
  for (let from = 0; from < changes.length; from += CHANGES_MAX) {
    const at = instant(Date.now());
    const written = await opened.value.documents.write(changes.slice(from, from + CHANGES_MAX), { id: "system", at });
    if (!written.ok) throw new Error(written.error.message);
  }
  await opened.value.close();
}

/** A trained one costs the same. */
async function writeUntrained(folder: string): Promise<void> {
  const network = { shape: LSTM_SHAPE, members: [initialParameters(LSTM_SHAPE, seededRandom(1))] };
  const id = modelIdOf(network);
  const lineage = aLineage({ id, featureSet: FEATURE_SET, data: { ...aLineage().data, stepSeconds: STEP_SECONDS } });
  await writeModel(folder, { lineage, network });
  await writeServing(folder, { ...NOTHING_SERVES, serving: id });
}

async function untilTicked({ client }: Service, vms: number): Promise<void> {
  for (;;) {
    const status = await client.getStatus();
    const cell = status.ok ? status.value.cells[0] : undefined;
    if (cell?.vms === vms && cell.silentVms === 0) return;
    await handIn(client, vms);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

function ask({ address, key }: Service, path: string): Promise<number> {
  const begin = performance.now();
  const headers = { authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    http
      .get(`${address}${path}`, { agent, headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`));
        response.resume().on("end", () => resolve(performance.now() - begin));
      })
      .on("error", reject);
  });
}

function lineOf(path: string, taken: readonly number[]): string {
  const sorted = taken.toSorted((left, right) => left - right);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1);
  return `${path.padEnd(28)} p50 ${at(0.5)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  worst ${at(1)} ms of ${sorted.length}`;
}

async function tickSeconds({ address, key }: Service): Promise<string> {
  const answer = await fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  const of = (name: string) =>
    Number(new RegExp(`^headroom_tick_duration_seconds_${name}\\{[^}]*\\} (\\S+)$`, "m").exec(text)?.[1]);
  return `a tick takes ${(of("sum") / of("count")).toFixed(2)} s (mean of ${of("count")})`;
}
