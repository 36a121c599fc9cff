// History out of a real Prometheus and a real VictoriaMetrics into a service that really runs, by the real program: killed on the way it
// goes on, and forecasts rest on more than a week though the service is minutes old.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BackfillOutcome } from "../../src/cli/service-commands.ts";
import { DAY_MS } from "../../src/model/time.ts";
import { headroom } from "./cli/running-cli.ts";
import { absent, blocksFrom, metricServers } from "./metric-servers.ts";
import { type Service, serviceHome } from "./serve/running-serve.ts";
import { withoutSettings } from "./serve-process.ts";

const REASON = absent(["prometheus", "promtool", "victoria-metrics"]);
const DAYS = 8;
const SCRAPE_MS = 100_000;
const STEP_MS = 300_000;
const TO = Math.floor(Date.now() / STEP_MS) * STEP_MS;
const FROM = TO - DAYS * DAY_MS;
const VMS = ["web-1", "web-2", "db-1"];
const STRANGER = "nobody-1";

const home = serviceHome({ HEADROOM_TICK_SECONDS: "300" });
const servers = metricServers();
let service: Service;
let prometheus: string;

/** Cores of a VM at a time: a day with a peak. */
const cores = (vm: number, at: number) => 1 + vm + Math.sin((2 * Math.PI * (at + vm * 3_600_000)) / DAY_MS);

/** What node exporters would have said, as text; the counter of web-2 begins anew in the middle. */
function history(form: "openmetrics" | "victoria"): string {
  const lines: string[] = [];
  const time = (at: number) => (form === "openmetrics" ? String(at / 1000) : String(at));
  const put = (metric: string, labels: string, values: (vm: number, at: number, before: number) => number) => {
    if (form === "openmetrics") lines.push(`# TYPE ${metric} unknown`);
    for (const [vm, id] of [...VMS, STRANGER].entries()) {
      let value = 0;
      for (let at = FROM - SCRAPE_MS; at <= TO; at += SCRAPE_MS) {
        value = values(vm, at, value);
        lines.push(`${metric}{job="node",instance="${id}:9100"${labels}} ${value} ${time(at)}`);
      }
    }
  };
  const seconds = SCRAPE_MS / 1000;
  const half = FROM + (DAYS / 2) * DAY_MS;
  const isReset = (vm: number, at: number) => vm === 1 && at <= half && at > half - SCRAPE_MS;
  put("node_cpu_seconds_total", ',cpu="0",mode="user"', (vm, at, before) =>
    isReset(vm, at) ? 0 : before + cores(vm, at) * seconds,
  );
  put("node_cpu_seconds_total_idle_is_no_rule", "", () => 1);
  put("node_memory_MemTotal_bytes", "", () => 8e9);
  put("node_memory_MemAvailable_bytes", "", (vm) => (7 - vm) * 1e9);
  put("node_network_receive_bytes_total", ',device="eth0"', (_, __, before) => before + 3e6 * seconds);
  put("node_network_transmit_bytes_total", ',device="eth0"', (_, __, before) => before + 1e6 * seconds);
  put("node_disk_read_bytes_total", ',device="sda"', (_, __, before) => before + 5e6 * seconds);
  put("node_disk_written_bytes_total", ',device="sda"', (_, __, before) => before + 5e6 * seconds);
  return `${lines.join("\n")}\n${form === "openmetrics" ? "# EOF\n" : ""}`;
}

beforeAll(async () => {
  if (REASON !== undefined) return;
  const data = join(servers.folder, "data");
  blocksFrom(history("openmetrics"), { folder: servers.folder, data });
  const config = join(servers.folder, "prometheus.yml");
  writeFileSync(config, "global: {}\n");
  prometheus = await servers.prometheus(config, data);
  service = await home.start();
  await declareFleet();
}, 120_000);
afterAll(async () => {
  await servers.end();
  await service?.kill();
  home.remove();
});

const wordsFor = (from: string, ...others: string[]) => {
  const span = ["--since", new Date(FROM).toISOString(), "--until", new Date(TO).toISOString()];
  return ["backfill", "--from", from, ...span, "--json", ...others];
};
const environment = () => ({ HEADROOM_SERVER: service.address, HEADROOM_KEY: service.key });

test("a dry run shows what would be read, and reads nothing", async (context) => {
  context.skip(REASON !== undefined, REASON);
  const ended = await headroom(wordsFor(prometheus, "--dry-run"), environment());
  expect(ended).toMatchObject({ code: 0, err: expect.stringContaining("") });
  const outcome = JSON.parse(ended.out) as BackfillOutcome;
  expect(outcome).toMatchObject({ isDryRun: true, vms: 4, unknownVms: [STRANGER], rows: 0 });
  expect(outcome.metrics.map(({ metric, series, vms }) => [metric, series, vms])).toContainEqual([
    "node_cpu_seconds_total",
    4,
    4,
  ]);
});

test("killed on the way it goes on; every sample is there once; forecasts rest on it", async (context) => {
  context.skip(REASON !== undefined, REASON);
  const cursor = join(servers.folder, "cursor.json");
  const words = ["dist/main/headroom.js", ...wordsFor(prometheus, "--cursor", cursor, "--rate", "20")];
  const env = { ...withoutSettings(process.env), ...environment() };
  const child = spawn(process.execPath, words, { stdio: "ignore", env });
  await expect.poll(() => existsSync(cursor), { timeout: 60_000, interval: 20 }).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  const ended = await headroom(wordsFor(prometheus, "--cursor", cursor), environment());
  expect(ended.code, ended.err).toBe(0);
  const outcome = JSON.parse(ended.out) as BackfillOutcome;
  expect(Date.parse(outcome.resumedAt as string)).toBeGreaterThan(FROM);
  expect(outcome).toMatchObject({ unknownVms: [STRANGER], absurd: 0, nameless: 0 });
  expect(existsSync(cursor)).toBe(false);
  for (const [vm, id] of VMS.entries()) await expectHistory(vm, id);
  await expect
    .poll(() => service.log(), { timeout: 120_000, interval: 250 })
    .toMatch(/Learned 3 VMs from \d+ ticks of history/);
  const errorOfMedian = async () => {
    const read = await service.client.getVmForecast({ id: "web-1" });
    const median = read.ok ? read.value.resources.cpu.nextTick?.[read.value.levels.indexOf(0.5)] : undefined;
    return median === undefined ? Number.POSITIVE_INFINITY : Math.abs(median - cores(0, Date.now()));
  };
  await expect.poll(errorOfMedian, { timeout: 30_000, interval: 500 }).toBeLessThan(0.3);
}, 240_000);

async function expectHistory(vm: number, id: string): Promise<void> {
  const query = { from: new Date(FROM).toISOString(), to: new Date(TO + 1).toISOString(), step: 3600 };
  const read = await service.client.getVmHistory({ id, query });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { cpu, memory, network, storage } = read.value.mean;
  for (const [hour, amount] of cpu.entries()) {
    if (hour < 1 || hour >= DAYS * 24) continue;
    const truth = cores(vm, FROM + (hour + 0.5) * 3_600_000);
    // A rate is one of the scrapes in its window: some minutes beside the middle.
    expect(Math.abs((amount as number) - truth), `${id} in hour ${hour}`).toBeLessThan(0.15);
  }
  const constant = [memory, network, storage].map((column) => column[50] as number);
  for (const [place, truth] of [(1 + vm) * 1e9, 4e6, 1e7].entries())
    expect(Math.abs((constant[place] as number) / truth - 1)).toBeLessThan(0.01);
}

test("a VictoriaMetrics is read the same way", async (context) => {
  context.skip(REASON !== undefined, REASON);
  const victoria = await servers.victoria();
  const sent = await fetch(`${victoria}/api/v1/import/prometheus`, { method: "POST", body: history("victoria") });
  expect(sent.status).toBe(204);
  await fetch(`${victoria}/internal/force_flush`);
  const ended = await headroom(wordsFor(victoria, "--cursor", join(servers.folder, "victoria.json")), environment());
  expect(ended.code, ended.err).toBe(0);
  const outcome = JSON.parse(ended.out) as BackfillOutcome;
  expect(outcome).toMatchObject({ vms: 4, unknownVms: [STRANGER], absurd: 0 });
  expect(outcome.rows).toBeGreaterThan((VMS.length * DAYS * DAY_MS) / STEP_MS - 10);
  for (const [vm, id] of VMS.entries()) await expectHistory(vm, id);
}, 120_000);

test("from nothing to a fleet, as docs/connect.md says it", async (context) => {
  context.skip(REASON !== undefined, REASON);
  const page = readFileSync(new URL("../../docs/connect.md", import.meta.url), "utf8");
  const [, block = ""] = /<!-- backfill -->\n\n```sh\n([\s\S]*?)```/.exec(page) ?? [];
  const lines = block.trim().split("\n");
  expect(lines.length).toBe(5);
  for (const line of lines) {
    const words = line.replace("http://127.0.0.1:9090", prometheus).replace("30d", "9d").split(" ").slice(1);
    const ended = await headroom(words, { ...environment(), XDG_STATE_HOME: servers.folder });
    expect(ended.code, `${line}: ${ended.err}`).toBe(0);
    if (/discovered list/.test(line)) expect(ended.out).toMatch(/^nobody-1 /m);
  }
  expect(await service.client.getVm({ id: STRANGER })).toMatchObject({ ok: true, value: { host: "hv-1" } });
  await expectHistory(VMS.length, STRANGER);
}, 120_000);

async function declareFleet(): Promise<void> {
  const { client } = service;
  const size = { cpu: 8, memory: 2 ** 34, network: 1e9, storage: 1e9 };
  const answers: { readonly ok: boolean }[] = [
    await client.putCustomer({ id: "meridian", body: { name: "Meridian" } }),
    await client.putPool({ id: "shared", body: { kind: "shared" } }),
    await client.putCell({
      id: "cell-1",
      body: { serviceLevel: 0.99, stepSeconds: 300, mode: "observe", acting: [], killSwitch: false },
    }),
    await client.putHost({
      id: "host-1",
      body: { cell: "cell-1", pool: "shared", capacity: { cpu: 64, memory: 2 ** 40, network: 1e10, storage: 1e10 } },
    }),
    await client.putWorkload({ id: "all", body: { customer: "meridian", class: "web" } }),
  ];
  for (const id of VMS)
    answers.push(await client.putVm({ id, body: { workload: "all", host: "host-1", base: size, ceiling: size } }));
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
}
