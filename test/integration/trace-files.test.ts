// The readers on real recorded traces, checked against plain string splitting and against the data's own README.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { beforeEach, expect, test } from "vitest";
import { type ReadTraceOptions, readTrace } from "../../src/adapters/trace-files/open-trace.ts";
import { RESOURCES, type Resource } from "../../src/model/resources.ts";
import type { Trace } from "../../src/model/trace.ts";

const DATA = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const STEP_S = 300;

const HAS_DATA = existsSync(DATA);
const REASON = `the recorded traces are not at ${DATA}`;
if (!HAS_DATA) process.stderr.write(`SKIPPED, every test of the trace readers on real data: ${REASON}\n`);

beforeEach((context) => context.skip(!HAS_DATA, REASON));

async function traceOf(paths: readonly string[], options: Partial<ReadTraceOptions> = {}): Promise<Trace> {
  const whole = paths.map((path) => `${DATA}/${path}`);
  const trace = await readTrace({ paths: whole, format: "auto", lenient: false, ...options });
  if (!trace.ok) throw new Error(trace.error.message);
  return trace.value;
}

/** Rows of a Bitbrains file by plain splitting; exactly repeated lines only once. */
function plainRows(path: string): number[][] {
  const lines = gunzipSync(readFileSync(`${DATA}/${path}`))
    .toString()
    .trim()
    .split("\n")
    .slice(1);
  return [...new Set(lines)].map((line) => line.split(";\t").map(Number));
}

/** Demand of a row as the README of the data words it: cpu, memory, network, storage. */
function plainDemand(row: readonly number[]): Record<Resource, number> {
  const [, cores = 0, capacityMhz = 0, usageMhz = 0, , , memoryKb = 0, read = 0, write = 0, received = 0, sent = 0] =
    row;
  if (cores === 0) return { cpu: 0, memory: 0, network: 0, storage: 0 };
  const cpu = usageMhz / (capacityMhz / cores);
  return { cpu, memory: memoryKb * 1024, network: (received + sent) * 1024, storage: (read + write) * 1024 };
}

/** What each tick holds before gaps are held: the mean of its rows, by tick since 1970. */
function plainTicks(rows: readonly number[][]): Map<number, Record<Resource, number>> {
  const rowsOfTick = new Map<number, number[][]>();
  for (const row of rows) {
    const tick = Math.floor((row[0] ?? 0) / STEP_S);
    rowsOfTick.set(tick, [...(rowsOfTick.get(tick) ?? []), row]);
  }
  const meanOf = (list: readonly number[][], resource: Resource) =>
    list.reduce((sum, row) => sum + plainDemand(row)[resource], 0) / list.length;
  return new Map(
    Array.from(rowsOfTick, ([tick, list]) => {
      const means = RESOURCES.map((resource) => [resource, meanOf(list, resource)]);
      return [tick, Object.fromEntries(means) as Record<Resource, number>];
    }),
  );
}

/** Holds gaps of at most 12 ticks between samples, as slowly and plainly as can be. */
function plainHeld(known: readonly number[]): number[] {
  return known.map((value, tick) => {
    if (!Number.isNaN(value)) return value;
    let from = tick;
    let to = tick;
    while (Number.isNaN(known[from])) from--;
    while (Number.isNaN(known[to])) to++;
    const within = from >= 0 && to < known.length && to - from - 1 <= 12;
    return within ? (known[from] ?? Number.NaN) : Number.NaN;
  });
}

function expectEveryValue(trace: Trace, ticks: Map<number, Record<Resource, number>>): void {
  const [vm] = trace.vms;
  const origin = trace.grid.startMs / trace.grid.stepMs;
  for (const resource of RESOURCES) {
    const known = Array.from(
      { length: trace.grid.length },
      (_, at) => ticks.get(origin + at)?.[resource] ?? Number.NaN,
    );
    const expected = plainHeld(known);
    const values = vm?.demand[resource]?.values ?? [];
    expect(values.length).toBe(expected.length);
    // The order in which a tick's rows are summed is open, so the last bit of a mean is too.
    const wrong = expected.filter((value, at) => !isClose(value, values[at] ?? Number.NaN));
    expect(wrong).toEqual([]);
  }
}

function isClose(left: number, right: number): boolean {
  return Object.is(left, right) || Math.abs(left - right) <= 1e-12 * Math.abs(left);
}

/** The lines of vm_stats.csv for one month: file name to its columns. */
function monthStatistics(month: string): Map<string, { rows: number; sameTimeRows: number }> {
  const [header = "", ...lines] = readFileSync(`${DATA}/bitbrains-rnd/vm_stats.csv`, "utf8").trim().split("\n");
  const at = (name: string) => header.split(",").indexOf(name);
  const fields = lines.map((line) => line.split(",")).filter((line) => line[at("month")] === month);
  return new Map(
    fields.map((line) => [
      line[at("vm")] ?? "",
      { rows: Number(line[at("n")]), sameTimeRows: Number(line[at("n_dup")]) },
    ]),
  );
}

test("a Bitbrains VM that was off in July: every value as plain splitting gives it", async () => {
  const path = "bitbrains-rnd/2013-7/256.csv.gz";
  const trace = await traceOf([path]);
  const rows = plainRows(path);
  const ticks = plainTicks(rows);
  expectEveryValue(trace, ticks);
  expect(trace).toMatchObject({ name: "256", format: "bitbrains" });
  const { rowsRead, repeatedRows, mergedRows, poweredOffRows, filledTicks, missingTicks } = trace.repairs;
  expect(rowsRead).toBe(monthStatistics("2013-7").get("256")?.rows);
  expect(poweredOffRows).toBe(404);
  expect(rowsRead - repeatedRows).toBe(rows.length);
  expect(rows.length - mergedRows).toBe(ticks.size);
  expect(ticks.size + filledTicks + missingTicks).toBe(trace.grid.length);
  // The outage of about 31 h from 2013-07-16 stays a gap.
  expect(missingTicks).toBeGreaterThan((30 * 3600) / STEP_S);
  expect(trace.vms[0]?.provisioned.cpu).toBe(Math.max(...rows.map(([, cores = 0]) => cores)));
});

test("three months of a VM join on one grid, with the holes between the months missing", async () => {
  const paths = ["2013-7", "2013-8", "2013-9"].map((month) => `bitbrains-rnd/${month}/256.csv.gz`);
  const trace = await traceOf(paths);
  const rows = paths.flatMap(plainRows);
  expectEveryValue(trace, plainTicks(rows));
  expect(trace.vms.map((vm) => vm.name)).toEqual(["256"]);
  const day = (24 * 3600) / STEP_S;
  const [first = 0, last = 0] = [rows[0]?.[0], rows.at(-1)?.[0]];
  expect(trace.grid.length).toBe(Math.floor(last / STEP_S) - Math.floor(first / STEP_S) + 1);
  expect(trace.repairs.missingTicks).toBeGreaterThan(2 * day);
  expect(trace.repairs.rowsRead - trace.repairs.repeatedRows).toBe(rows.length);
});

test("all of July: the rows and the repeated rows that the data's statistics count", async () => {
  const trace = await traceOf(["bitbrains-rnd/2013-7"]);
  const statistics = [...monthStatistics("2013-7").values()];
  const sum = (of: (one: { rows: number; sameTimeRows: number }) => number) =>
    statistics.reduce((total, one) => total + of(one), 0);
  expect(trace.name).toBe("2013-7");
  expect(trace.vms.length).toBe(75);
  expect(trace.repairs.rowsRead).toBe(sum(({ rows }) => rows));
  // The statistics count rows of an equal time; nearly all of those are equal altogether, the others are merged.
  const sameTimeRows = sum((one) => one.sameTimeRows);
  expect(trace.repairs.repeatedRows).toBeLessThanOrEqual(sameTimeRows);
  expect(trace.repairs.repeatedRows + trace.repairs.mergedRows).toBeGreaterThanOrEqual(sameTimeRows);
  expect(sameTimeRows - trace.repairs.repeatedRows).toBeLessThan(10);
  expect(trace.repairs).toMatchObject({ outOfOrderRows: 0, skippedRows: 0 });
});

test("a PlanetLab day out of its tar", async () => {
  const trace = await traceOf(["planetlab/20110303.tar.gz"]);
  expect(trace).toMatchObject({ name: "20110303", format: "planetlab" });
  expect(trace.grid).toEqual({ startMs: Date.UTC(2011, 2, 3), stepMs: 300_000, length: 288 });
  expect(trace.vms.length).toBe(1052);
  expect(trace.repairs).toMatchObject({ rowsRead: 1052 * 288, missingTicks: 0, filledTicks: 0, skippedRows: 0 });
  const percents = trace.vms.map((vm) => Array.from(vm.demand.cpu?.values ?? [], (value) => value * 100));
  expect(percents.flat().every((percent) => Math.abs(percent - Math.round(percent)) < 1e-9 && percent <= 99)).toBe(
    true,
  );
});

test("all five PlanetLab days hold 5,605 series", async () => {
  const trace = await traceOf(["planetlab"]);
  expect(trace.repairs.rowsRead).toBe(5605 * 288);
  expect(trace.grid.length).toBe(23 * 288);
});

test.each([
  // file, resource, rows, first, last, repeated rows, mean and maximum as the data's README states them, in base units
  ["realAWSCloudwatch/ec2_cpu_utilization_5f5533", "cpu", 4032, "2014-02-14T14:25:00Z", 4032, 0, 0.4311, 0.6809],
  ["realKnownCause/cpu_utilization_asg_misconfiguration", "cpu", 18050, "2014-05-14T01:10:00Z", 18050, 0, 0.3828, 1],
  [
    "realAWSCloudwatch/ec2_network_in_257a54",
    "network",
    4032,
    "2014-04-10T00:00:00Z",
    4034,
    0,
    570_800 / 300,
    2.451e8 / 300,
  ],
] as const)("NAB %s", async (name, resource, rows, start, ticks, repeatedRows, mean, maximum) => {
  const trace = await traceOf([`nab/${name}.csv`]);
  const values = Array.from(trace.vms[0]?.demand[resource]?.values ?? []);
  expect(trace.format).toBe("nab");
  expect(trace.grid).toEqual({ startMs: Date.parse(start), stepMs: 300_000, length: ticks });
  expect(trace.repairs).toMatchObject({ rowsRead: rows, repeatedRows });
  expect(values.reduce((sum, value) => sum + value, 0) / values.length / mean).toBeCloseTo(1, 2);
  expect(Math.max(...values) / maximum).toBeCloseTo(1, 3);
});

test("NAB disk writes: eleven rows are of a time that was there already", async () => {
  const trace = await traceOf(["nab/realAWSCloudwatch/ec2_disk_write_bytes_1ef3de.csv"]);
  const { rowsRead, repeatedRows, mergedRows } = trace.repairs;
  expect(rowsRead).toBe(4730);
  expect(repeatedRows + mergedRows).toBeGreaterThanOrEqual(11);
  expect(Object.keys(trace.vms[0]?.demand ?? {})).toEqual(["storage"]);
});
