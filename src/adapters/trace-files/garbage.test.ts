// Whatever a file holds: never a throw, and either a failure that names it or a trace whose counts add up.
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Result } from "../../model/result.ts";
import { TRACE_FORMATS, type Trace, type TraceFormat } from "../../model/trace.ts";
import { readTrace } from "./open-trace.ts";
import { bitbrainsText, damaged, garbage, planetlabText, tarOf, written } from "./written-files.arbitrary.ts";

const RUNS = 150;

const GOOD: Readonly<Record<TraceFormat, string>> = {
  bitbrains: bitbrainsText(Array.from({ length: 12 }, (_, at) => ({ time: 1_375_308_000 + at * 300, cores: at % 5 }))),
  planetlab: planetlabText(288),
  csv: `time,vm,resource,value\n${Array.from({ length: 12 }, (_, at) => `${at * 60},"vm ${at % 2}",cpu,${at}\n`).join("")}`,
  nab: `timestamp,value\n${Array.from({ length: 12 }, (_, at) => `2014-02-14 14:${10 + at}:00,${at}\n`).join("")}`,
};

function expectFailureOrSoundTrace(file: string, trace: Result<Trace>): void {
  if (!trace.ok) {
    expect(trace.error.kind).toBe("bad-input");
    expect(trace.error.message).toContain(file);
    expect(trace.error.message.length).toBeLessThan(1500);
    return;
  }
  const { grid, vms, repairs } = trace.value;
  expect(vms.length).toBeGreaterThan(0);
  const series = vms.flatMap((vm) => Object.values(vm.demand));
  for (const { values } of series) {
    expect(values.length).toBe(grid.length);
    expect(values.every((value) => Number.isNaN(value) || (value >= 0 && value < Number.POSITIVE_INFINITY))).toBe(true);
  }
  // One recorded resource a VM, or four from the same rows: ticks and distinct rows can be counted against each other.
  const sampledTicks = repairs.rowsRead - repairs.repeatedRows - repairs.mergedRows;
  expect(sampledTicks + repairs.filledTicks + repairs.missingTicks).toBe(vms.length * grid.length);
  const gaps = vms.map((vm) => Object.values(vm.demand)[0]?.values.filter(Number.isNaN).length ?? 0);
  expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBe(repairs.missingTicks);
}

async function readContent(content: Uint8Array, format: TraceFormat | "auto", lenient: boolean): Promise<boolean> {
  const file = join(written({ "trace_cpu.csv": content }), "trace_cpu.csv");
  const trace = await readTrace({ paths: [file], format, lenient });
  expectFailureOrSoundTrace(file, trace);
  return trace.ok;
}

test.each([...TRACE_FORMATS, "auto"] as const)("%s: garbage", async (format) => {
  const property = fc.asyncProperty(garbage, fc.boolean(), async (bytes, lenient) => {
    await readContent(bytes, format, lenient);
  });
  await fc.assert(property, { seed: 1, numRuns: RUNS });
});

test.each(TRACE_FORMATS)("%s: a good file with wounds", async (format) => {
  const read = new Set<boolean>();
  const property = fc.asyncProperty(damaged(GOOD[format]), fc.boolean(), async (bytes, lenient) => {
    read.add(await readContent(bytes, format, lenient));
  });
  await fc.assert(property, { seed: 1, numRuns: RUNS });
  expect(read).toEqual(new Set([true, false]));
});

test("a tar with wounds", async () => {
  const tar = await tarOf({ "20110303/a": GOOD.planetlab, "20110303/b": GOOD.planetlab });
  const wound = fc.record({ at: fc.nat(tar.length - 1), byte: fc.nat(255) });
  const damage = fc.record({ wounds: fc.array(wound, { maxLength: 3 }), cut: fc.nat(3), lenient: fc.boolean() });
  const read = new Set<boolean>();
  const property = fc.asyncProperty(damage, async ({ wounds, cut, lenient }) => {
    const hurt = Buffer.from(tar);
    for (const { at, byte } of wounds) hurt[at] = byte;
    read.add(await readContent(cut === 0 ? hurt.subarray(0, hurt.length >> 1) : hurt, "planetlab", lenient));
  });
  await fc.assert(property, { seed: 1, numRuns: RUNS });
  expect(read).toEqual(new Set([true, false]));
});
