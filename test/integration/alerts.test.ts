// What is shipped for Prometheus and Grafana, against the real thing: promtool checks the rules, a real Prometheus that scrapes a real
// service loads them and raises an alert whose reason is true, and every query of the dashboard is answered.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { absent, metricServers } from "./metric-servers.ts";
import { type Service, serviceHome } from "./serve/running-serve.ts";

const REASON = absent(["prometheus", "promtool"]);
const RULES = "deploy/prometheus/headroom.rules.yml";

const home = serviceHome();
const servers = metricServers();
let service: Service | undefined;
let prometheus = "";

beforeAll(async () => {
  if (REASON !== undefined) return;
  service = await home.start();
  await declareSilentVm(service);
  const { address, key } = service;
  // What is waited for ten minutes on the job is waited for a second here.
  const rules = join(servers.folder, "rules.yml");
  writeFileSync(rules, readFileSync(RULES, "utf8").replaceAll(/for: \d+m/g, "for: 1s"));
  const config = join(servers.folder, "prometheus.yml");
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [rules],
      scrape_configs: [
        {
          job_name: "headroom",
          authorization: { credentials: key },
          static_configs: [{ targets: [new URL(address).host] }],
        },
        { job_name: "nobody", static_configs: [{ targets: ["127.0.0.1:1"] }] },
      ],
    }),
  );
  prometheus = await servers.prometheus(config);
}, 60_000);
afterAll(async () => {
  await servers.end();
  await service?.kill();
  home.remove();
});

test("promtool finds no fault in the rules", (context) => {
  context.skip(REASON !== undefined, REASON);
  const checked = spawnSync("/usr/bin/promtool", ["check", "rules", RULES], { encoding: "utf8" });
  expect(checked.stderr).toBe("");
  expect(checked.stdout).toMatch(/SUCCESS: \d+ rules found/);
  expect(checked.status).toBe(0);
});

test("the rules are loaded and evaluated; the one whose reason is true is raised, and no other", async (context) => {
  context.skip(REASON !== undefined, REASON);
  const raised = async () => {
    const { data } = (await ask("/api/v1/alerts")) as { data: { alerts: { labels: Labels; state: string }[] } };
    return data.alerts
      .filter(({ state }) => state === "firing")
      .map(({ labels }) => `${labels["alertname"]} ${labels["cell"]}`);
  };
  await expect.poll(raised, { timeout: 60_000, interval: 500 }).toContain("HeadroomVmsSilent cell-1");
  expect((await raised()).filter((name) => !/Silent|NoSamples/.test(name))).toEqual([]);
  const { data } = (await ask("/api/v1/rules")) as {
    data: { groups: { rules: { name: string; health: string }[] }[] };
  };
  const rules = data.groups.flatMap((group) => group.rules);
  const written = parse(readFileSync(RULES, "utf8")) as { groups: { rules: { alert: string }[] }[] };
  expect(rules.map(({ name }) => name)).toEqual(
    written.groups.flatMap((group) => group.rules.map(({ alert }) => alert)),
  );
  expect(rules.filter(({ health }) => health !== "ok")).toEqual([]);
}, 90_000);

test("every query of the dashboard is answered, and nearly all of them by something", async (context) => {
  context.skip(REASON !== undefined, REASON);
  const dashboard = JSON.parse(readFileSync("deploy/grafana/headroom.json", "utf8")) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  const empty: string[] = [];
  for (const { title, targets } of dashboard.panels)
    for (const { expr } of targets) {
      const query = expr.replaceAll("$cell", ".*").replaceAll("$__rate_interval", "1m");
      const answer = (await ask(`/api/v1/query?query=${encodeURIComponent(query)}`)) as {
        status: string;
        data: { result: unknown[] };
      };
      expect(answer.status, `${title}: ${expr}`).toBe("success");
      if (answer.data.result.length === 0) empty.push(title);
    }
  // Nothing was decided and nothing failed yet.
  expect(empty.filter((title) => !/Decisions|Failures/.test(title))).toEqual([]);
}, 60_000);

type Labels = Readonly<Record<string, string>>;

async function ask(path: string): Promise<unknown> {
  return (await fetch(`${prometheus}${path}`)).json();
}

/** Nobody sends samples of it. */
async function declareSilentVm({ client }: Service): Promise<void> {
  const size = { cpu: 4, memory: 2 ** 33, network: 1e9, storage: 1e9 };
  const cell = { serviceLevel: 0.99, stepSeconds: 15, mode: "observe" as const, acting: [], killSwitch: false };
  const answers: { readonly ok: boolean }[] = [
    await client.putCell({ id: "cell-1", body: cell }),
    await client.putCustomer({ id: "meridian", body: { name: "Meridian" } }),
    await client.putPool({ id: "shared", body: { kind: "shared" } }),
    await client.putHost({ id: "host-1", body: { cell: "cell-1", pool: "shared", capacity: size } }),
    await client.putWorkload({ id: "web", body: { customer: "meridian", class: "web" } }),
    await client.putVm({ id: "web-1", body: { workload: "web", host: "host-1", base: size, ceiling: size } }),
  ];
  expect(answers.filter(({ ok }) => !ok)).toEqual([]);
}
