import { join } from "node:path";
import { expect, test } from "vitest";
import { readTrace } from "./open-trace.ts";
import { BITBRAINS_HEADER, type BitbrainsRow, bitbrainsText, written } from "./written-files.arbitrary.ts";

const START = 1_375_308_000;
const STEP = 300;

async function traceOf(rows: readonly BitbrainsRow[]) {
  const folder = written({ "7.csv": bitbrainsText(rows) });
  const trace = await readTrace({ paths: [folder], format: "bitbrains", lenient: false });
  if (!trace.ok) throw new Error(trace.error.message);
  const [vm] = trace.value.vms;
  return { ...trace.value, vm, cpu: Array.from(vm?.demand.cpu?.values ?? []) };
}

async function failureOf(text: string): Promise<string> {
  const folder = written({ "7.csv": text });
  const trace = await readTrace({ paths: [join(folder, "7.csv")], format: "bitbrains", lenient: false });
  return trace.ok ? "read" : trace.error.message.replace(`${folder}/`, "");
}

/** Regular rows on every tick; `change` may replace one. */
function regular(count: number, change: (at: number) => Partial<BitbrainsRow> = () => ({})): BitbrainsRow[] {
  return Array.from({ length: count }, (_, at) => ({ time: START + at * STEP, ...change(at) }));
}

test("a row becomes cores, bytes and bytes per second; the time is seconds", async () => {
  const row = { time: START, cores: 4, capacityMhz: 8000, usageMhz: 3000, sizeKb: 2048, usageKb: 512 };
  const { grid, vm, repairs } = await traceOf([{ ...row, disk: [1, 2], network: [10, 20] }]);
  expect(grid).toEqual({ startMs: START * 1000, stepMs: 300_000, length: 1 });
  expect(vm?.name).toBe("7");
  expect(vm?.demand.cpu?.values[0]).toBe(1.5);
  expect(vm?.demand.memory?.values[0]).toBe(512 * 1024);
  expect(vm?.demand.network?.values[0]).toBe(30 * 1024);
  expect(vm?.demand.storage?.values[0]).toBe(3 * 1024);
  expect(vm?.provisioned).toEqual({ cpu: 4, memory: 2048 * 1024 });
  expect(repairs.rowsRead).toBe(1);
});

test("usage above the provisioned capacity stays", async () => {
  expect((await traceOf([{ time: START, cores: 1, capacityMhz: 1000, usageMhz: 1820 }])).cpu).toEqual([1.82]);
});

test("values lie in shared memory", async () => {
  const { vm } = await traceOf(regular(3));
  expect(vm?.demand.cpu?.values.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test("repeated rows are dropped, further rows of a tick become the mean", async () => {
  const rows = [
    { time: START, usageMhz: 1000 },
    { time: START, usageMhz: 1000 },
    { time: START + 20, usageMhz: 2000 },
    { time: START, usageMhz: 1000 },
  ];
  const { cpu, repairs } = await traceOf(rows);
  expect(cpu).toEqual([0.75]);
  expect(repairs).toMatchObject({ rowsRead: 4, repeatedRows: 2, mergedRows: 1, outOfOrderRows: 1 });
});

test("rows out of order are sorted in", async () => {
  const { cpu, repairs } = await traceOf(regular(4, (at) => ({ usageMhz: at * 1000 })).toReversed());
  expect(cpu).toEqual([0, 0.5, 1, 1.5]);
  expect(repairs.outOfOrderRows).toBe(3);
});

test("steps of 299 and 301 s drift through the ticks without loss", async () => {
  const drifting = Array.from({ length: 700 }, (_, at) => ({ time: START + at * 301 }));
  const { repairs, grid } = await traceOf(drifting);
  expect(repairs.filledTicks + repairs.rowsRead).toBe(grid.length);
  expect(repairs.missingTicks).toBe(0);
});

test("a gap of an hour is held, a longer one stays a gap", async () => {
  const hour = await traceOf(regular(20).filter((_, at) => at < 2 || at > 13));
  expect(hour.cpu.every((value) => value === 0.5)).toBe(true);
  expect(hour.repairs).toMatchObject({ filledTicks: 12, missingTicks: 0 });
  const longer = await traceOf(regular(20).filter((_, at) => at < 2 || at > 14));
  expect(longer.cpu.slice(2, 15)).toEqual(new Array(13).fill(Number.NaN));
  expect(longer.repairs).toMatchObject({ filledTicks: 0, missingTicks: 13 });
});

test("a VM that is off demands nothing, whatever its stale counters say", async () => {
  const off = { cores: 0, capacityMhz: 0, usageMhz: 900, usageKb: 77, sizeKb: 9999 };
  const { vm, cpu, repairs } = await traceOf(regular(3, (at) => (at === 1 ? off : {})));
  expect(cpu).toEqual([0.5, 0, 0.5]);
  expect(vm?.demand.memory?.values[1]).toBe(0);
  expect(vm?.demand.network?.values[1]).toBe(0);
  expect(vm?.demand.storage?.values[1]).toBe(0);
  expect(vm?.provisioned).toEqual({ cpu: 2, memory: 1024 * 1024 });
  expect(repairs).toMatchObject({ poweredOffRows: 1, resizedVms: 0 });
});

test("a VM that was never on has no known size", async () => {
  expect((await traceOf(regular(2, () => ({ cores: 0 })))).vm?.provisioned).toEqual({});
});

test("a resized VM counts once and has its largest size", async () => {
  const { vm, repairs } = await traceOf(
    regular(4, (at) => (at === 2 ? { cores: 8, capacityMhz: 16_000, sizeKb: 4096 } : {})),
  );
  expect(vm?.provisioned).toEqual({ cpu: 8, memory: 4096 * 1024 });
  expect(repairs.resizedVms).toBe(1);
});

test("months of a VM join on one grid, with the hole between them missing", async () => {
  const july = bitbrainsText(regular(10));
  const august = bitbrainsText(
    regular(10, () => ({ cores: 4 })).map((row) => ({ ...row, time: row.time + 30 * STEP })),
  );
  const other = bitbrainsText(regular(5));
  const folder = written({ "2013-7/7.csv": july, "2013-7/12.csv": other, "2013-8/7.csv": august });
  const paths = [join(folder, "2013-7"), join(folder, "2013-8")];
  const trace = await readTrace({ paths, format: "auto", lenient: false });
  if (!trace.ok) throw new Error(trace.error.message);
  const { name, grid, vms, repairs } = trace.value;
  expect(name).toBe("2013-7+2013-8");
  expect(grid.length).toBe(40);
  expect(vms.map((vm) => vm.name)).toEqual(["7", "12"]);
  expect(repairs).toMatchObject({ rowsRead: 25, missingTicks: 20 + 35, filledTicks: 0, resizedVms: 1 });
  expect(vms[0]?.provisioned.cpu).toBe(4);
});

const GOOD = "1375308000;\t2;\t4000;\t1000;\t25;\t1024;\t100;\t1;\t2;\t3;\t4";

test.each([
  ["", '7.csv: the file is empty; expected the header "Timestamp [ms];'],
  ["\n", '7.csv, line 1, column 1 (Timestamp [ms]): expected "Timestamp [ms]" in the header, got ""'],
  ["Time;\tCPU cores\n", 'line 1, column 1 (Timestamp [ms]): expected "Timestamp [ms]" in the header, got "Time"'],
  [`${BITBRAINS_HEADER};\textra\n${GOOD}\n`, "line 1, column 12 (beyond the last): expected the end of the header"],
  [`${BITBRAINS_HEADER}\n`, "7.csv: there are no rows below the header"],
  [
    `${BITBRAINS_HEADER}\n${GOOD}\n${GOOD};\t5\n`,
    "7.csv, line 3, column 12 (beyond the last): expected 11 columns, got 12",
  ],
  [`${BITBRAINS_HEADER}\n1;\t2\n`, "line 2, column 3 (CPU capacity provisioned [MHZ]): expected 11 columns, got 2"],
  [
    `${BITBRAINS_HEADER}\n\n${GOOD.replace("1000", "abc")}`,
    "line 3, column 4 (CPU usage [MHZ]): expected a number of at least 0",
  ],
  [
    `${BITBRAINS_HEADER}\n${GOOD.replace("1000", "NaN")}`,
    'column 4 (CPU usage [MHZ]): expected a number of at least 0, got "NaN"',
  ],
  [`${BITBRAINS_HEADER}\n${GOOD.replace("1000", "-3")}`, 'got "-3"'],
  [`${BITBRAINS_HEADER}\n${GOOD.replace("1000", "Infinity")}`, 'got "Infinity"'],
  [
    `${BITBRAINS_HEADER}\n${GOOD.replace("1375308000", "9999999999")}`,
    "column 1 (Timestamp [ms]): expected seconds or milliseconds",
  ],
  [
    `${BITBRAINS_HEADER}\n${GOOD.replace("4000", "0")}`,
    "column 3 (CPU capacity provisioned [MHZ]): expected a capacity above 0",
  ],
  [
    `${BITBRAINS_HEADER}\n${GOOD}\n${GOOD.replace("1375308000", "1")}`,
    '7.csv: VM "7" runs from 1970-01-01T00:00:01.000Z to 2013-07-31',
  ],
])("a malformed file is told with its place (%#)", async (text, message) => {
  expect(await failureOf(text)).toContain(message);
});

test("an over-long line is refused", async () => {
  const message = await failureOf(`${BITBRAINS_HEADER}\n${GOOD}\n${"9".repeat(20_000_000)}\n`);
  expect(message).toContain("7.csv, line 3: expected a line of a trace, got a far too long one");
});
