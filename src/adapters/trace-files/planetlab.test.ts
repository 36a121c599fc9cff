import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type ReadTraceOptions, readTrace } from "./open-trace.ts";
import { planetlabText, tarOf, written } from "./written-files.arbitrary.ts";

async function read(paths: readonly string[], options: Partial<ReadTraceOptions> = {}) {
  const notices: string[] = [];
  const onNotice = (sentence: string) => notices.push(sentence);
  const trace = await readTrace({ paths, format: "auto", lenient: false, onNotice, ...options });
  return { trace, notices };
}

async function traceAt(path: string, options: Partial<ReadTraceOptions> = {}) {
  const { trace, notices } = await read([path], options);
  if (!trace.ok) throw new Error(trace.error.message);
  return { ...trace.value, notices };
}

async function failureAt(path: string): Promise<string> {
  const { trace } = await read([path]);
  return trace.ok ? "read" : trace.error.message;
}

test("a folder is a day, a file a VM, a line five minutes of CPU percent", async () => {
  const folder = join(
    written({ "20110303/host_b": planetlabText(288), "20110303/host_a": planetlabText(288) }),
    "20110303",
  );
  const { name, format, grid, vms, repairs, notices } = await traceAt(folder);
  expect([name, format]).toEqual(["20110303", "planetlab"]);
  expect(grid).toEqual({ startMs: Date.UTC(2011, 2, 3), stepMs: 300_000, length: 288 });
  expect(vms.map((vm) => vm.name)).toEqual(["host_a", "host_b"]);
  expect(vms[0]?.demand.cpu?.values[42]).toBe(0.42);
  expect(Object.keys(vms[0]?.demand ?? {})).toEqual(["cpu"]);
  expect(vms[0]?.provisioned).toEqual({ cpu: 1 });
  expect(repairs.rowsRead).toBe(576);
  expect(notices).toEqual([]);
});

test("a tar, packed or not, whatever its name, is the same day", async () => {
  const tar = await tarOf({
    "20110303/host_a": planetlabText(288),
    "20110303/._host_a": "hidden",
    "20110303/b": planetlabText(288),
  });
  const folder = written({ "20110303.tar.gz": gzipSync(tar), "day.bin": tar });
  const packed = await traceAt(join(folder, "20110303.tar.gz"));
  const plain = await traceAt(join(folder, "day.bin"));
  expect(packed.name).toBe("20110303");
  expect(packed.grid).toEqual(plain.grid);
  expect(packed.vms).toEqual(plain.vms);
  expect(packed.vms.map((vm) => vm.name)).toEqual(["b", "host_a"]);
});

test("the same name on two days is the same VM", async () => {
  const folder = written({ "20110303/a": planetlabText(288), "20110305/a": planetlabText(288) });
  const { trace } = await read([join(folder, "20110303"), join(folder, "20110305")]);
  expect(trace.ok && trace.value.vms.length).toBe(1);
  expect(trace.ok && trace.value.repairs.missingTicks).toBe(288);
});

test("without a day in the name it is 1970-01-01, and that is said once", async () => {
  const folder = written({ a: planetlabText(288), b: planetlabText(288) });
  const { grid, notices } = await traceAt(folder);
  expect(grid.startMs).toBe(0);
  expect(notices).toEqual([`${folder}: the name is no day (YYYYMMDD); taken as 1970-01-01`]);
});

test.each([
  [planetlabText(287), "20110303/a, line 287: expected 288 lines"],
  [`${planetlabText(288)}7\n`, "20110303/a, line 289: expected the end of the file after 288 lines"],
  [
    planetlabText(288).replace("\n17\n", "\n1.5\n"),
    'line 18, column 1 (CPU percent): expected a whole number from 0 to 100, got "1.5"',
  ],
  [planetlabText(288).replace("\n17\n", "\n101\n"), "line 18, column 1"],
  [planetlabText(288).replace("\n17\n", "\n-1\n"), "line 18, column 1"],
  [planetlabText(288).replace("\n17\n", "\n\n"), "line 18, column 1"],
  ["7\n".repeat(9000), "expected 288 lines of whole CPU percent, got far more"],
])("a malformed file is told with its place, in a folder and in a tar (%#)", async (text, message) => {
  const day = `20110303/a`;
  const folder = written({ [day]: text, "20110303.tar": await tarOf({ [day]: text }) });
  const inFolder = await readTrace({ paths: [join(folder, day)], format: "planetlab", lenient: false });
  expect(inFolder.ok ? "read" : inFolder.error.message).toContain(message);
  expect(await failureAt(join(folder, "20110303.tar"))).toContain(message);
});

test("lenient: a bad line leaves its tick empty and moves no other; a bad file is left out", async () => {
  const hurt = planetlabText(288).replace("\n17\n", "\nx\n");
  const tar = await tarOf({ "20110303/a": hurt, "20110303/b": "nothing here", "20110303/c": `${planetlabText(290)}` });
  const { vms, repairs, notices } = await traceAt(join(written({ "20110303.tar": tar }), "20110303.tar"), {
    lenient: true,
  });
  expect(vms.map((vm) => vm.name)).toEqual(["a", "c"]);
  expect(vms[0]?.demand.cpu?.values[17]).toBe(0.16);
  expect(vms[0]?.demand.cpu?.values[18]).toBe(0.18);
  expect(repairs).toMatchObject({ rowsRead: 287 + 288, skippedRows: 1 + 1 + 2, filledTicks: 1 });
  expect(notices).toHaveLength(3);
});

test("a damaged or empty tar is an error", async () => {
  const tar = await tarOf({ "20110303/a": planetlabText(288), "20110303/b": planetlabText(288) });
  const packed = gzipSync(tar);
  const folder = written({
    "cut.tar": tar.subarray(0, 2000),
    "cut.tar.gz": packed.subarray(0, packed.length - 100),
    "empty.tar": await tarOf({}),
    "hidden.tar": await tarOf({ ".a": planetlabText(288) }),
  });
  expect(await failureAt(join(folder, "cut.tar"))).toContain("cut.tar: cannot be read");
  expect(await failureAt(join(folder, "cut.tar.gz"))).toContain("cut.tar.gz: the gzip data is cut off");
  expect(await failureAt(join(folder, "empty.tar"))).toContain("empty.tar");
  expect(await failureAt(join(folder, "hidden.tar"))).toContain("hidden.tar: there are no files in the tar");
});
