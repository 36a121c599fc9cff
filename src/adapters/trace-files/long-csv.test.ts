import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RESOURCES } from "../../model/resources.ts";
import { readTrace } from "./open-trace.ts";
import { written } from "./written-files.arbitrary.ts";

const HEADER = "time,vm,resource,value";

async function traceOf(text: string, lenient = false) {
  const folder = written({ "mine.csv": text });
  const trace = await readTrace({ paths: [join(folder, "mine.csv")], format: "auto", lenient });
  if (!trace.ok) throw new Error(trace.error.message);
  return trace.value;
}

async function failureOf(rows: string): Promise<string> {
  const folder = written({ "mine.csv": `${HEADER}\n${rows}` });
  const trace = await readTrace({ paths: [join(folder, "mine.csv")], format: "auto", lenient: false });
  return trace.ok ? "read" : trace.error.message.replace(`${folder}/`, "");
}

test("the example of docs/traces.md is read as the page says", async () => {
  const page = readFileSync(new URL("../../../docs/traces.md", import.meta.url), "utf8");
  const [, example = ""] = /```csv\n([^`]*)```/.exec(page) ?? [];
  const { format, grid, vms, repairs } = await traceOf(example);
  expect(format).toBe("csv");
  expect(grid).toEqual({ startMs: Date.UTC(2026, 10, 2, 8), stepMs: 60_000, length: 4 });
  expect(vms.map((vm) => vm.name)).toEqual(["db-1", "web-1"]);
  expect(Array.from(vms[1]?.demand.cpu?.values ?? [])).toEqual([0.8, 1.1, 1.1, 1.4]);
  expect(Array.from(vms[1]?.demand.memory?.values ?? [])).toEqual([
    2_147_483_648, 2_147_483_648, 2_147_483_648, 2_362_232_012,
  ]);
  expect(Array.from(vms[0]?.demand.storage?.values ?? [])).toEqual([Number.NaN, 52_428_800, 10_485_760, Number.NaN]);
  expect(repairs).toMatchObject({ rowsRead: 8, filledTicks: 1, missingTicks: 2 });
});

test("seconds, milliseconds and ISO times of the same instants give the same trace", async () => {
  const at = Date.UTC(2024, 4, 1);
  const write = (time: (ms: number) => string) =>
    `${HEADER}\n${[0, 1, 2, 3].map((tick) => `${time(at + tick * 60_000)},a,cpu,${tick}`).join("\n")}\n`;
  const traces = await Promise.all([
    traceOf(write((ms) => new Date(ms).toISOString())),
    traceOf(write((ms) => String(ms))),
    traceOf(write((ms) => String(ms / 1000))),
  ]);
  for (const trace of traces) {
    expect(trace.grid).toEqual({ startMs: at, stepMs: 60_000, length: 4 });
    expect(trace.vms).toEqual(traces[0]?.vms);
  }
});

test("quoted fields, blanks around commas, CRLF, a BOM and blank lines are no trouble", async () => {
  const text = `\uFEFF"time", VM ,resource,value\r\n0,"web, ""main""\nrow", cpu , 2\r\n\r\n60,"web, ""main""\nrow",cpu,3\r\n`;
  const { vms } = await traceOf(text);
  expect(vms[0]?.name).toBe('web, "main"\nrow');
  expect(Array.from(vms[0]?.demand.cpu?.values ?? [])).toEqual([2, 3]);
});

test("the step is the median one in whole seconds; five minutes when there is none", async () => {
  expect((await traceOf(`${HEADER}\n0,a,cpu,1\n59.9,a,cpu,1\n120.2,a,cpu,1\n900,a,cpu,1\n`)).grid.stepMs).toBe(60_000);
  expect((await traceOf(`${HEADER}\n0.1,a,cpu,1\n0.2,a,cpu,1\n`)).grid.stepMs).toBe(1000);
  expect((await traceOf(`${HEADER}\n0,a,cpu,1\n7,b,cpu,1\n`)).grid.stepMs).toBe(300_000);
});

test("whatever is written is read back, in any order of rows", async () => {
  const cell = fc.record({
    tick: fc.nat(20),
    vm: fc.constantFrom("a", "b", "10", "9"),
    resource: fc.constantFrom(...RESOURCES),
    value: fc.double({ min: 0, max: 1e12, noNaN: true }).map(Math.abs),
  });
  const sameCell = (one: { tick: number; vm: string; resource: string }) => `${one.tick} ${one.vm} ${one.resource}`;
  const cells = fc.uniqueArray(cell, { selector: sameCell, minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(cells, async (list) => {
      // Two samples a step apart in a series of their own fix the step, whatever else there is.
      const fixed = Array.from({ length: 200 }, (_, tick) => `${tick * 60},z,cpu,0`);
      const rows = list.map(({ tick, vm, resource, value }) => `${tick * 60},${vm},${resource},${value}`);
      const { vms, grid, repairs } = await traceOf([HEADER, ...rows, ...fixed].join("\n"));
      expect(grid).toEqual({ startMs: 0, stepMs: 60_000, length: 200 });
      for (const { tick, vm, resource, value } of list)
        expect(vms.find(({ name }) => name === vm)?.demand[resource]?.values[tick]).toBe(value);
      expect(repairs).toMatchObject({ rowsRead: rows.length + 200, repeatedRows: 0, mergedRows: 0, skippedRows: 0 });
    }),
    { seed: 1, numRuns: 50 },
  );
});

test.each([
  ["soon,a,cpu,1", "mine.csv, line 2, column 1 (time): expected an ISO 8601 time or seconds or milliseconds"],
  ["2024-02-30,a,cpu,1", 'got "2024-02-30"'],
  ["0,,cpu,1", 'column 2 (vm): expected the name of a VM, got ""'],
  ["0,a,gpu,1", 'column 3 (resource): expected one of cpu, memory, network, storage, got "gpu"'],
  ["0,a,cpu,", 'column 4 (value): expected a number of at least 0, got ""'],
  ["0,a,cpu,1\n0,a,cpu", "mine.csv, line 3, column 4 (value): expected 4 columns, got 3"],
  ['0,"a\nb",cpu,1\n0,a,cpu,x', "mine.csv, line 4, column 4"],
  ['0,a"b,cpu,1', "mine.csv, line 2: a quote inside a field"],
  ['0,"ab,cpu,1\n', "a quote is opened and never closed"],
  ["0,a,cpu,1\n1,a,cpu,1\n4000000000,a,cpu,1", 'VM "a" runs from 1970-01-01T00:00:00.000Z to 2096'],
  ["0,a,cpu,1\n1,a,cpu,1\n2,a,cpu,1\n30000000,a,cpu,1", "at most 10 years and 20000000 ticks can be read"],
])("a malformed row is told with its place (%#)", async (rows, message) => {
  expect(await failureOf(rows)).toContain(message);
});

test("lenient: bad rows are skipped and counted, the rest is read", async () => {
  const trace = await traceOf(`${HEADER}\n0,a,cpu,1\nx,a,cpu,1\n60,a,gpu,1\n60,a,cpu,2\n`, true);
  expect(trace.repairs).toMatchObject({ rowsRead: 2, skippedRows: 2 });
  expect(Array.from(trace.vms[0]?.demand.cpu?.values ?? [])).toEqual([1, 2]);
});
