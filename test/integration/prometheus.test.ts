// docs/connect.md against the real thing: Debian's Prometheus scrapes Debian's node exporter and sends what it sees to a service that
// really runs, as the page says. Only addresses, the key and the interval are others than there.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readMapping } from "../../src/adapters/prometheus/mapping-file.ts";
import type { MetricsMapping } from "../../src/api/contract/metrics.ts";
import { absent, freePort, metricServers } from "./metric-servers.ts";
import { type Service, serviceHome } from "./serve/running-serve.ts";

const REASON = absent(["prometheus", "prometheus-node-exporter"]);
const PAGE = readFileSync(new URL("../../docs/connect.md", import.meta.url), "utf8");

const home = serviceHome();
const servers = metricServers();
let service: Service | undefined;

beforeAll(async () => {
  if (REASON === undefined) service = await home.start();
});
afterAll(async () => {
  await servers.end();
  await service?.kill();
  home.remove();
});

/** The block of the page that is marked with this name. */
function block(name: string): string {
  const found = new RegExp(`<!-- ${name} -->\\n\\n\`\`\`yaml\\n([\\s\\S]*?)\`\`\``).exec(PAGE);
  return found?.[1] ?? "";
}

test("samples of a real exporter arrive through a real Prometheus, by the configuration of the page", async (context) => {
  context.skip(REASON !== undefined, REASON);
  const { client, address, key } = service as Service;
  await declareFleet();
  const made = await client.postKey({ body: { name: "prometheus", role: "operator", scopes: ["ingest"] } });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  const target = `127.0.0.1:${await freePort()}`;
  const config = replaced(block("prometheus.yml"), [
    ["scrape_interval: 15s", "scrape_interval: 1s"],
    ["10.0.0.7:9100", target],
    ["http://127.0.0.1:8710", address],
    ["hr_your_key", made.value.secret],
  ]);
  writeFileSync(join(servers.folder, "prometheus.yml"), config);
  servers.start("prometheus-node-exporter", [`--web.listen-address=${target}`]);
  await servers.prometheus(join(servers.folder, "prometheus.yml"));
  const from = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000).toISOString();
  const history = async () => {
    const to = new Date(Date.parse(from) + 10 * 60_000).toISOString();
    const read = await client.getVmHistory({ id: "meridian-web-1", query: { from, to, step: 600 } });
    return read.ok ? read.value.mean : read.error;
  };
  await expect.poll(history, { timeout: 120_000, interval: 500 }).toEqual({
    cpu: [expect.any(Number)],
    memory: [expect.any(Number)],
    network: [expect.any(Number)],
    storage: [expect.any(Number)],
  });
  const { cpu, memory } = (await history()) as { cpu: number[]; memory: number[] };
  expect(cpu[0]).toBeLessThan(cpus().length + 1);
  expect(memory[0]).toBeGreaterThan(totalmem() / 1000);
  expect(memory[0]).toBeLessThan(totalmem());
  const told = await fetch(`${address}/v1/prometheus/mapping`, { headers: { authorization: `Bearer ${key}` } });
  const mapping = (await told.json()) as MetricsMapping;
  const resources = new Set(mapping.reached.map(({ resource }) => resource));
  expect([...resources].sort()).toEqual(["cpu", "memory", "network", "storage"]);
  expect(mapping.reached.every(({ vms }) => vms.join() === "meridian-web-1")).toBe(true);
  expect(mapping.unknownVms).toEqual([]);
  expect(mapping.counts).toMatchObject({ absurd: 0, outOfOrder: 0, duplicates: 0, late: 0 });
});

test("the mapping of the page is one", () => {
  const read = readMapping(parse(block("mapping.yaml")), "docs/connect.md");
  if (!read.ok) throw new Error(read.error.message);
  const { rules, vms } = read.value;
  expect(rules[0]).toMatchObject({ metric: "hypervisor_guest_cpu_milliseconds_total", factor: 0.001 });
  expect(new Set(rules.map(({ source }) => source))).toEqual(new Set(["own", "node"]));
  expect(vms.get("10.0.0.7")).toBe("meridian-web-1");
});

async function declareFleet(): Promise<void> {
  const { client } = service as Service;
  const size = { cpu: 64, memory: 2 ** 40, network: 1e10, storage: 1e10 };
  const cell = { serviceLevel: 0.99, stepSeconds: 15, mode: "observe" as const, acting: [], killSwitch: false };
  const answers = [
    await client.putCell({ id: "cell-1", body: cell }),
    await client.putCustomer({ id: "meridian", body: { name: "Meridian" } }),
    await client.putPool({ id: "shared", body: { kind: "shared" } }),
    await client.putHost({ id: "host-1", body: { cell: "cell-1", pool: "shared", capacity: size } }),
    await client.putWorkload({ id: "meridian-web", body: { customer: "meridian", class: "web" } }),
    await client.putVm({
      id: "meridian-web-1",
      body: { workload: "meridian-web", host: "host-1", base: size, ceiling: size },
    }),
  ];
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
}

function replaced(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changed, [old, other]) => {
    expect(changed).toContain(old);
    return changed.replaceAll(old, other);
  }, text);
}
