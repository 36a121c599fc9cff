import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { TRACE_FORMATS } from "../../model/trace.ts";
import type { FileSamples, TraceFileJob } from "./file-samples.ts";
import { type ReadTraceOptions, readTrace } from "./open-trace.ts";
import { readTraceFile } from "./read-trace-file.ts";
import { bitbrainsText, planetlabText, written } from "./written-files.arbitrary.ts";

async function read(paths: readonly string[], options: Partial<ReadTraceOptions> = {}) {
  const notices: string[] = [];
  const onNotice = (sentence: string) => notices.push(sentence);
  const trace = await readTrace({ paths, format: "auto", lenient: false, onNotice, ...options });
  return { trace, notices };
}

async function failureOf(paths: readonly string[], options: Partial<ReadTraceOptions> = {}) {
  const { trace } = await read(paths, options);
  return trace.ok ? { kind: "read", message: "" } : trace.error;
}

const BITBRAINS = bitbrainsText([{ time: 1_375_308_000 }, { time: 1_375_308_300 }]);
const CSV = "time,vm,resource,value\n0,a,cpu,1\n60,a,cpu,2\n";
const NAB = "timestamp,value\n2014-02-14 14:30:00,30\n2014-02-14 14:35:00,30\n";

test.each([
  ["bitbrains", BITBRAINS],
  ["csv", CSV],
  ["nab", NAB],
  ["planetlab", planetlabText(288)],
])("%s is known by its content, packed or not, whatever the name", async (format, text) => {
  const folder = written({ "plain.gz": text, packed: gzipSync(text) });
  const plain = await read([join(folder, "plain.gz")]);
  const packed = await read([join(folder, "packed")]);
  expect(plain.trace.ok && plain.trace.value.format).toBe(format);
  expect(packed.trace.ok && packed.trace.value.format).toBe(format);
});

test("what is no trace is refused, with what was expected", async () => {
  const folder = written({ "a.csv": "day,sales\n1,2\n" });
  const { kind, message } = await failureOf([join(folder, "a.csv")]);
  expect(kind).toBe("bad-input");
  expect(message).toContain(
    'a.csv, line 1: no trace format begins with "day,sales"; expected the header "Timestamp [ms]',
  );
  expect(message).toContain('"time,vm,resource,value" (csv)');
});

test("paths that are missing, empty or hold folders only are told apart", async () => {
  const folder = written({ "deep/2013-7/1.csv": BITBRAINS, "hidden/.note": "x", "zero/0.csv": "" });
  expect(await failureOf([])).toMatchObject({ kind: "bad-input" });
  expect(await failureOf([join(folder, "nowhere")])).toMatchObject({ kind: "not-found" });
  expect((await failureOf([join(folder, "deep")])).message).toContain("deep: holds folders only (2013-7)");
  expect((await failureOf([join(folder, "hidden")])).message).toContain("hidden: the folder holds no files");
  expect((await failureOf([join(folder, "zero")])).message).toContain("0.csv: the file is empty");
  expect((await failureOf(["/dev/null"])).message).toContain("/dev/null: neither a file nor a folder");
});

test("gzip that is cut off or damaged is an error that names the file", async () => {
  const packed = gzipSync(BITBRAINS);
  const damaged = Buffer.from(packed);
  damaged.fill(0x55, 20, 60);
  const folder = written({ "cut.csv.gz": packed.subarray(0, 80), "hurt.csv.gz": damaged });
  const cut = await failureOf([join(folder, "cut.csv.gz")], { format: "bitbrains" });
  expect(cut.message).toContain("cut.csv.gz: the gzip data is cut off");
  const hurt = await failureOf([join(folder, "hurt.csv.gz")], { format: "bitbrains" });
  expect(hurt.message).toContain("hurt.csv.gz: the gzip data is damaged");
});

test("a file given twice is read once", async () => {
  const folder = written({ "a.csv": CSV });
  const { trace, notices } = await read([folder, join(folder, "a.csv")]);
  expect(trace.ok && trace.value.repairs).toMatchObject({ rowsRead: 2, mergedRows: 0 });
  expect(notices).toEqual(["files given more than once and read once: 1"]);
});

test("the same VM in overlapping files has the mean of both", async () => {
  const folder = written({ "x/a_cpu.csv": NAB, "y/a_cpu.csv": NAB.replaceAll(",30", ",50") });
  const { trace } = await read([join(folder, "x"), join(folder, "y")]);
  expect(trace.ok && Array.from(trace.value.vms[0]?.demand.cpu?.values ?? [])).toEqual([0.4, 0.4]);
  expect(trace.ok && trace.value.repairs.mergedRows).toBe(2);
});

test("files of different steps do not make a trace", async () => {
  const folder = written({ "a.csv": CSV, "b.csv": CSV.replace("60,", "90,") });
  const { message } = await failureOf([folder]);
  expect(message).toContain("a.csv has a sample every 60 s");
  expect(message).toContain("b.csv every 90 s; files of one trace must have the same step");
});

test("a grid of many years is refused, for one file and for all together", async () => {
  const later = bitbrainsText([{ time: 1_775_308_000 }, { time: 1_775_308_300 }]);
  const { message } = await failureOf([written({ "1.csv": BITBRAINS, "2.csv": later })]);
  expect(message).toContain("the trace of all files together runs from 2013-07-31T22:00:00.000Z to 2026");
});

test("more VMs and ticks than memory can hold are refused", async () => {
  const spread = Array.from({ length: 40 }, (_, vm) => `${vm * 1e6},vm${vm},cpu,1\n${vm * 1e6 + 60},vm${vm},cpu,1\n`);
  const { message } = await failureOf([written({ "a.csv": `time,vm,resource,value\n${spread.join("")}` })]);
  expect(message).toContain("40 VMs over a common grid of 650002 ticks: the VMs are more than 20000000 ticks");
});

test("samples that are few but spread over far too many ticks are refused before they take memory", async () => {
  const wide = (vm: string) => `0,${vm},cpu,1\n1,${vm},cpu,1\n2,${vm},cpu,1\n15000000,${vm},cpu,1\n`;
  const text = (vms: readonly string[]) => `time,vm,resource,value\n${vms.map(wide).join("")}`;
  const inOne = await failureOf([written({ "a.csv": text(["a", "b", "c", "d", "e", "f"]) })]);
  expect(inOne.message).toContain("a.csv: the VMs are more than 20000000 ticks all together");
  const file = { segments: [{ counts: { length: 30_000_000 }, sums: { cpu: 0 } }], notices: [] };
  const readFile = () => Promise.resolve({ ok: true as const, value: file as unknown as FileSamples });
  const inMany = await failureOf([written({ "a.csv": CSV, "b.csv": CSV, "c.csv": CSV })], { readFile });
  expect(inMany.message).toContain("the VMs are more than 20000000 ticks all together");
});

test("lenient: unreadable files are skipped and counted, and said", async () => {
  const folder = written({ "0.csv": "\u0000\u0001", "1.csv": BITBRAINS, "2.csv": "", "3.csv": CSV });
  const { trace, notices } = await read([folder], { lenient: true });
  expect(trace.ok && trace.value.vms.map((vm) => vm.name)).toEqual(["1"]);
  expect(trace.ok && trace.value.repairs).toMatchObject({ rowsRead: 2, skippedRows: 3 });
  expect(notices).toHaveLength(3);
  expect(notices[1]).toContain("2.csv: the file is empty");
});

test("lenient: without a readable VM it is an error all the same", async () => {
  const folder = written({ "1.csv": BITBRAINS.replaceAll("4000", "x") });
  const { message } = await failureOf([folder], { lenient: true });
  expect(message).toContain("no VM could be read");
  expect(message).toContain("there are no rows below the header");
});

test("any number of readers gives the same trace, over a structured clone too", async () => {
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, vm) => [`${vm}.csv`, BITBRAINS]));
  const folder = written(files);
  const alone = await read([folder]);
  const cloning = async (job: TraceFileJob) => {
    const samples = await readTraceFile(structuredClone(job));
    return samples.ok ? { ok: true as const, value: structuredClone<FileSamples>(samples.value) } : samples;
  };
  const progress: string[] = [];
  const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
  const pooled = await read([folder], { readFile: cloning, filesAtOnce: 4, onProgress });
  expect(pooled.trace).toEqual(alone.trace);
  expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((done) => `${done}/9`));
});

test("any number of readers gives the failure of the first bad file", async () => {
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, vm) => [`${vm}.csv`, vm < 4 ? BITBRAINS : ""]));
  const folder = written(files);
  const slowForTheFirstBad = async (job: TraceFileJob) => {
    if (job.file.endsWith("4.csv")) await new Promise(setImmediate);
    return readTraceFile(job);
  };
  const one = await failureOf([folder]);
  const many = await failureOf([folder], { readFile: slowForTheFirstBad, filesAtOnce: 5 });
  expect(one.message).toContain("4.csv: the file is empty");
  expect(many).toEqual(one);
});

test.each(TRACE_FORMATS)("%s: a file that vanished after it was listed is a failure, not a crash", async (format) => {
  const samples = await readTraceFile({ file: "/nowhere/1.csv", format, lenient: false });
  expect(samples.ok ? "read" : samples.error.kind).toBe("not-found");
});

test("a reader that dies is a failure, not a crash", async () => {
  const readFile = () => Promise.reject(new Error("worker stopped"));
  const folder = written({ "1.csv": BITBRAINS });
  expect(await failureOf([folder], { readFile })).toMatchObject({ kind: "unavailable" });
});
