// The built `headroom forecast` on files, and `headroom evaluate` with a trained network: what is known, what is asked, clear errors.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededTrace } from "../../src/lab/small-trace.arbitrary.ts";
import type { ForecastReport } from "../../src/model/forecast-report.ts";
import type { ModelLineage } from "../../src/model/model-lineage.ts";
import { RESOURCES } from "../../src/model/resources.ts";
import type { SkillReport } from "../../src/model/skill-report.ts";
import { instant, iso, startOfTick } from "../../src/model/time.ts";

const START_MS = Date.UTC(2026, 2, 2);
const HOURS = 24 * 40;
/** Days on which demand is three times the usual from 9 to 15 h; the last one is the day after the data. */
const SALE_DAYS = [5, 11, 18, 24, 29, 33, 40];
const { grid, vms } = seededTrace({ seed: 4, vms: 3, days: 8, stepMinutes: 15 });

let folder = "";
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-forecast-"));
  const hours = Array.from({ length: HOURS }, (_, hour) => `${START_MS / 1000 + hour * 3600},${visitsAt(hour)}`);
  writeFileSync(at("visits.csv"), `time,value\n${hours.join("\n")}\n`);
  const hour = (hours: number) => new Date(START_MS + hours * 3_600_000).toISOString();
  const events = SALE_DAYS.map((day) => `${hour(day * 24 + 9)},${hour(day * 24 + 15)},sale`);
  writeFileSync(at("sales.csv"), `start,end,event\n${events.join("\n")}\n`);
  const rows = vms.flatMap(({ name, demand }) =>
    RESOURCES.flatMap((resource) =>
      [...(demand[resource]?.values ?? [])].map((value, tick) => [
        startOfTick(grid, tick),
        `vm-${name}`,
        resource,
        value,
      ]),
    ),
  );
  writeFileSync(at("fleet.csv"), `time,vm,resource,value\n${rows.map((row) => row.join(",")).join("\n")}\n`);
});

afterAll(() => rmSync(folder, { recursive: true }));

function visitsAt(hour: number): number {
  const isSale = SALE_DAYS.includes(Math.floor(hour / 24)) && hour % 24 >= 9 && hour % 24 < 15;
  const usual = 1000 + 400 * Math.sin((2 * Math.PI * hour) / 24) + ((hour * 7919) % 101);
  return Math.round(usual * (isSale ? 3 : 1));
}

function headroom(...parameters: string[]) {
  const options = { encoding: "utf8", maxBuffer: 1 << 26, cwd: folder } as const;
  return spawnSync(process.execPath, [join(process.cwd(), "dist/main/headroom.js"), ...parameters], options);
}

function forecast(...parameters: string[]): ForecastReport {
  const { status, stdout, stderr } = headroom("forecast", ...parameters, "--json");
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout);
}

const medianOf = (report: ForecastReport, window: number) =>
  report.series[0]?.models[0]?.windows[window]?.quantiles?.[3] ?? Number.NaN;

test("a series goes on as it did, and an announced event lifts its hours; equal input gives equal bytes", () => {
  const common = ["visits.csv", "--models", "stl-log"];
  const [plain, told] = [forecast(...common), forecast(...common, "--events", "sales.csv", "--explain")];
  expect(plain).toMatchObject({
    schema: "headroom.forecast/1",
    levels: [0.05, 0.1, 0.25, 0.5, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.998],
    network: null,
    series: [{ name: "visits", resource: null, unit: null, origin: "2026-04-11T00:00:00.000Z", stepSeconds: 3600 }],
  });
  const windows = plain.series[0]?.models[0]?.windows ?? [];
  expect(windows).toHaveLength(24);
  expect(windows[9]).toMatchObject({
    kind: "tick",
    start: "2026-04-11T09:00:00.000Z",
    end: "2026-04-11T10:00:00.000Z",
  });
  expect(medianOf(plain, 12)).toBeLessThan(1_400);
  expect(medianOf(told, 12)).toBeGreaterThan(2 * medianOf(plain, 12));
  expect(medianOf(told, 3) / medianOf(plain, 3)).toBeCloseTo(1, 0);
  expect(told.series[0]?.eventsAhead).toMatchObject([{ name: "sale", start: "2026-04-11T09:00:00.000Z" }]);
  expect(told.series[0]?.eventsAhead?.[0]?.effect).toMatch(
    /\+\d{3} % demand for 6 h .* learned from 6 events of this name/,
  );
  const amounts = (told.series[0]?.models[0]?.parts ?? []).flatMap((part) =>
    part.kind === "component" && part.role === "event" ? [part.amounts[12] ?? 0] : [],
  );
  expect(amounts[0]).toBeGreaterThan(1_000);
  expect(headroom("forecast", ...common, "--json").stdout).toBe(
    headroom("forecast", ...common, "--json", "--jobs", "1").stdout,
  );
});

test("nothing after --at is known, and what came is beside the forecast", () => {
  const cut = HOURS - 48;
  const then = forecast("visits.csv", "--models", "holt-winters", "--at", iso(instant(START_MS + cut * 3_600_000)));
  const lines = readFileSync(at("visits.csv"), "utf8")
    .split("\n")
    .slice(0, cut + 1);
  writeFileSync(at("shorter.csv"), `${lines.join("\n")}\n`);
  const shorter = forecast("shorter.csv", "--models", "holt-winters");
  const [known, unknown] = [then, shorter].map(({ series }) => series[0]?.models[0]?.windows ?? []);
  expect(known?.map(({ quantiles }) => quantiles)).toEqual(unknown?.map(({ quantiles }) => quantiles));
  expect(known?.map(({ came }) => came)).toEqual(Array.from({ length: 24 }, (_, hour) => visitsAt(cut + hour)));
  expect(unknown?.every(({ came }) => came === null)).toBe(true);
});

test("VMs of a trace: the chosen ones, quantiles as CSV, the same with any number of threads", () => {
  const common = [
    "fleet.csv",
    "--vm",
    "vm-2",
    "--vm",
    "vm-3",
    "--resource",
    "cpu,memory",
    "--models",
    "last-value,stl",
  ];
  const [one, two] = ["one.csv", "two.csv"].map((out, index) => {
    const { status, stdout } = headroom("forecast", ...common, "--out", out, "--jobs", `${index + 1}`);
    expect([status, stdout]).toEqual([0, expect.stringContaining(`quantiles: ${out}\n`)]);
    expect(stdout).toMatch(/^vm-2 cpu last-value +cores +/m);
    return readFileSync(at(out), "utf8");
  });
  expect(one).toBe(two);
  const rows = (one ?? "")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  expect(rows[0]?.slice(0, 10)).toEqual([
    "name",
    "resource",
    "unit",
    "model",
    "kind",
    "start",
    "end",
    "q0.05",
    "q0.1",
    "q0.25",
  ]);
  expect(new Set(rows.slice(1).map((row) => row.slice(0, 4).join(" ")))).toEqual(
    new Set(
      ["vm-2", "vm-3"].flatMap((vm) =>
        ["cpu cores", "memory bytes"].flatMap((of) => ["last-value", "stl"].map((model) => `${vm} ${of} ${model}`)),
      ),
    ),
  );
  // 2 ticks of 15 min, their peak, 24 hourly peaks.
  expect(rows).toHaveLength(1 + 2 * 2 * 2 * 27);
  for (const row of rows.slice(1)) expect(row).toHaveLength(7 + 11);
});

test("a picture for people with a profile beside few samples, and a sentence of what it rests on", () => {
  writeFileSync(at("young.csv"), "time,value\n2026-03-02T00:00Z,0.5\n2026-03-02T00:05Z,0.4\n2026-03-02T00:10Z,0.6\n");
  writeFileSync(at("web.json"), '{"demand":{"cpu":{"typical":2,"peak":4}}}');
  const { status, stdout } = headroom("forecast", "young.csv", "--resource", "cpu", "--profile", "web.json");
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^Demand of young cpu from 2026-03-02 00:15 UTC on, by ensemble\n15 min of history; profile 100 %/,
  );
  expect(stdout).toMatch(/^next 5 min +#+=+-+ +2\.00 /m);
  const alone = forecast("young.csv");
  expect(alone.series[0]?.models[0]?.windows.every(({ quantiles }) => quantiles === null)).toBe(true);
});

test("a trained network is asked where it is named, in forecasts and in evaluations", () => {
  const trained = headroom("train", "fleet.csv", "--steps", "20", "--json");
  expect([trained.status, trained.stderr]).toEqual([0, expect.any(String)]);
  const { id } = JSON.parse(trained.stdout) as ModelLineage;
  const file = `out/models/${id}.network`;
  const report = forecast("fleet.csv", "--vm", "vm-1", "--resource", "cpu", "--models", "lstm", "--model", file);
  expect(report.network).toBe(id);
  expect(report.series[0]?.models[0]?.windows.every(({ quantiles }) => quantiles !== null)).toBe(true);
  expect(headroom("forecast", "fleet.csv", "--models", "lstm").stderr).toMatch(
    /lstm needs a trained network: .*--model/,
  );
  const nobody = headroom("forecast", "fleet.csv", "--model", "out/models");
  expect([nobody.status, nobody.stderr]).toEqual([1, expect.stringMatching(/out\/models: no model serves there/)]);
  expect(headroom("models", "promote", id).status).toBe(0);
  expect(
    forecast("fleet.csv", "--vm", "vm-1", "--resource", "cpu", "--models", "lstm", "--model", "out/models"),
  ).toEqual(report);

  const early = headroom(
    "forecast",
    "fleet.csv",
    "--vm",
    "vm-1",
    "--model",
    file,
    "--at",
    "2026-03-03",
    "--models",
    "lstm",
  );
  expect(early.stderr).toMatch(/network [0-9a-f]{12} learned up to 2026-03-06T.*it may know what came/);

  const cpu = vms[0]?.demand.cpu?.values ?? [];
  const rows = [...cpu].map((value, tick) => `${startOfTick(grid, tick)},${value}`);
  writeFileSync(at("cpu.csv"), `time,value\n${rows.join("\n")}\n`);
  const evaluated = headroom("evaluate", "cpu.csv", "--models", "lstm", "--model", file, "--horizon", "30m", "--json");
  expect(evaluated.status).toBe(0);
  const { targets } = JSON.parse(evaluated.stdout) as SkillReport;
  const [lstm] = targets[0]?.models.filter(({ model }) => model === "lstm") ?? [];
  expect(lstm?.runs[0]?.all).toMatchObject({ silent: 0, wql: expect.any(Number) });
  expect(headroom("evaluate", "visits.csv", "--models", "lstm", "--model", file).stderr).toMatch(
    /taught 900 s: it says nothing/,
  );
  const all = headroom("evaluate", "cpu.csv", "--origins", "1", "--horizon", "30m", "--json");
  const names = (JSON.parse(all.stdout) as SkillReport).targets[0]?.models.map(({ model }) => model);
  expect(names).toContain("ensemble");
  expect(names).not.toContain("lstm");
});

test.each([
  [["nowhere.csv"], /nowhere\.csv: there is no such file/],
  [["sales.csv"], /sales\.csv, line 1: no trace format begins with .* A file with one series begins with "time,value"/],
  [["visits.csv", "--events", "visits.csv"], /visits\.csv, line 1: expected columns "start,end,event"/],
  [
    ["visits.csv", "--horizon", "30m"],
    /visits: a tick is 3600 s, and 30m is no whole number of ticks\. Name another --horizon/,
  ],
  [
    ["visits.csv", "--at", "2030-01-01"],
    /visits: --at 2030-01-01T.* is not within what is known\. Give a time from 2026-03-02T01:00/,
  ],
  [["visits.csv", "--profile", "sales.csv", "--resource", "cpu"], /sales\.csv is no JSON: /],
  [["visits.csv", "--profile", "web.json"], /visits does not say what it measures.*--resource/],
  [["visits.csv", "--resource", "cpu,memory"], /visits\.csv holds one series/],
  [["visits.csv", "--model", "sales.csv"], /sales\.csv does not have the name of a trained model/],
  [["visits.csv", "--model", "0123456789ab.network"], /0123456789ab\.json: there is no such file/],
  [["fleet.csv", "--vm", "vm-9"], /There is no VM "vm-9" in the input\. There are vm-1, vm-2, vm-3\./],
  [["fleet.csv", "visits.csv"], /fleet\.csv: no series as the other files are/],
])("forecast %j fails with a sentence", (parameters, sentence) => {
  writeFileSync(at("web.json"), '{"demand":{"cpu":{"typical":2,"peak":4}}}');
  const { status, stdout, stderr } = headroom("forecast", ...parameters);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^headroom: .*\n$|\nheadroom: .*\n$/);
  expect(stderr).toMatch(sentence);
});
