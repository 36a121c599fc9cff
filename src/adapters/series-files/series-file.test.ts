import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { garbage, written } from "../trace-files/written-files.arbitrary.ts";
import { readSeriesFile } from "./series-file.ts";

const read = (text: string | Uint8Array, name = "visits.csv") => readSeriesFile(join(written({ [name]: text }), name));

async function problemOf(text: string): Promise<string> {
  const result = await read(text);
  return result.ok ? "none" : result.error.message;
}

test.each(["time,value", "timestamp,value", "ds,y", '"ds","y"'])("a series under the header %s", async (header) => {
  const result = await read(`${header}\n2026-03-01,3\n2026-03-03,5\n2026-03-02,4\n`);
  expect(result).toMatchObject({ ok: true, value: { name: "visits", notices: [] } });
  if (!result.ok) return;
  const { grid, values } = result.value.series;
  expect(grid).toEqual({ startMs: Date.UTC(2026, 2, 1), stepMs: 86_400_000, length: 3 });
  expect([...values]).toEqual([3, 4, 5]);
});

test("rows of one tick are averaged, short gaps hold, long ones stay open, and both are told", async () => {
  const minutes = [0, 5, 7, 10, 20, 25, 30, 35, 125];
  const rows = minutes.map((minute) => `${1_700_000_100 + minute * 60},${minute}`);
  const result = await read(gzipSync(`time,value\n${rows.join("\n")}\n`), "visits.csv.gz");
  expect(result.ok).toBe(true);
  if (!result.ok) return;
  const { series, notices } = result.value;
  expect([...series.values.subarray(0, 9)]).toEqual([0, 6, 10, 10, 20, 25, 30, 35, Number.NaN]);
  expect(notices.map((notice) => notice.replace(/^.*: /, ""))).toEqual([
    "1 ticks without a sample hold the value before them",
    "17 of 26 ticks have no sample; they are not scored",
  ]);
});

test("what is wrong is told with file, line and column", async () => {
  expect(await problemOf("time;value\n1;2\n")).toMatch(/visits\.csv, line 1: expected the header "time,value" or/);
  expect(await problemOf("time,value\n2026-03-01,3\nyesterday,3\n")).toMatch(
    /line 3, column 1 \(time\): expected an ISO/,
  );
  expect(await problemOf("ds,y\n2026-03-01,-3\n")).toMatch(
    /line 2, column 2 \(y\): expected a number of at least 0, got "-3"/,
  );
  expect(await problemOf("time,value\n2026-03-01,3,4\n")).toMatch(/line 2, column 3 .*expected 2 columns, got 3/);
  expect(await problemOf("time,value\n")).toMatch(/no rows below the header/);
  expect(await problemOf("")).toMatch(/empty/);
  const missing = await readSeriesFile("/nowhere/at/all.csv");
  expect(missing).toMatchObject({ ok: false, error: { kind: "not-found" } });
});

test("garbage is refused in words, never thrown", async () => {
  await fc.assert(
    fc.asyncProperty(garbage, async (bytes) => {
      const result = await read(bytes);
      if (!result.ok) expect(result.error.message).toContain("visits.csv");
    }),
    { seed: 1, numRuns: 50 },
  );
});
