// The built `headroom backtest` on real files: same bytes twice, a score that the audit file confirms, clear errors.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const MONTH = resolve("../shared/data/bitbrains-rnd/2013-8");
const NAMES = ["10", "131", "132", "133", "134", "135", "15", "161", "20", "207"];
const HAS_MONTH = existsSync(MONTH);
const REASON = `the recorded month is not at ${MONTH}, and it is no part of the repository`;
if (!HAS_MONTH) process.stderr.write(`SKIPPED, the backtest on real files: ${REASON}\n`);

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-backtest-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function headroom(...parameters: string[]) {
  const options = { encoding: "utf8", maxBuffer: 1 << 28 } as const;
  return spawnSync(process.execPath, ["dist/main/headroom.js", "backtest", ...parameters], options);
}

function tenVms(): string {
  const trace = join(folder, "ten");
  if (existsSync(trace)) return trace;
  spawnSync("mkdir", [trace]);
  for (const name of NAMES) symlinkSync(join(MONTH, `${name}.csv.gz`), join(trace, `${name}.csv.gz`));
  return trace;
}

test("the same input gives the same bytes, with one thread or two, and the audit file gives the same score", (context) => {
  context.skip(!HAS_MONTH, REASON);
  const common = [tenVms(), "--host-size", "4", "--policy", "headroom,reactive", "--json"];
  const audit = join(folder, "audit.csv.gz");
  const first = headroom(...common, "--jobs", "2", "--out", join(folder, "a"), "--audit", audit);
  const second = headroom(...common, "--jobs", "1", "--out", join(folder, "b"));
  expect([first.status, second.status]).toEqual([0, 0]);
  expect(first.stdout).toBe(second.stdout);
  const card = JSON.parse(first.stdout);
  const recomputed = scoreFromAudit(gunzipSync(readFileSync(audit)).toString());
  for (const resource of ["cpu", "memory", "network", "storage"]) {
    const frontier: { knob: number }[] = card.resources[resource].headroom.frontier;
    const promised = frontier.find(({ knob }) => knob === 0.01);
    expect(recomputed[resource]).toBeDefined();
    for (const [key, value] of Object.entries(recomputed[resource] ?? {}))
      expect(promised).toHaveProperty(key, expect.closeTo(value, 9));
  }
  const report = readFileSync(join(folder, "a", "report.html"), "utf8");
  expect(report).toContain("Headroom holds");
  expect(report).not.toMatch(/(src|href)="https?:/);
});

interface AuditSums {
  demand: number;
  reserved: number;
  unserved: number;
  late: number;
  intervals: number;
  violations: number;
}

/** From the text alone, by the definitions in docs/backtesting.md; shares no code with the product. */
function scoreFromAudit(text: string): Record<string, Record<string, number>> {
  const sums: Record<string, AuditSums> = {};
  const above = new Map<string, number>();
  for (const line of text.trimEnd().split("\n").slice(1)) {
    const [time, host, vm, resource = "", fifth, sixth] = line.split(",");
    sums[resource] ??= { demand: 0, reserved: 0, unserved: 0, late: 0, intervals: 0, violations: 0 };
    const sum = sums[resource];
    const [left, right] = [Number(fifth), Number(sixth)];
    const place = `${time} ${host} ${resource}`;
    if (vm !== "") {
      sum.demand += left;
      sum.reserved += right;
      sum.intervals++;
      if (left > right) above.set(place, (above.get(place) ?? 0) + 1);
      continue;
    }
    sum.reserved += right;
    sum.late += Math.min(left, right);
    sum.unserved += Math.max(left - right, 0);
    if (left > right) sum.violations += above.get(place) ?? 0;
    above.delete(place);
  }
  return Object.fromEntries(
    Object.entries(sums).map(([resource, sum]) => [
      resource,
      {
        violations: sum.violations / sum.intervals,
        unserved: sum.unserved / sum.demand,
        late: sum.late / sum.demand,
        reservedPerUsed: sum.reserved / sum.demand,
      },
    ]),
  );
}

test("a broken file is an error that names file, line and column; lenient counts what it skips", () => {
  const broken = join(folder, "broken.csv");
  const rows = Array.from({ length: 600 }, (_, tick) => `${1_375_308_000 + tick * 300},vm-1,cpu,${tick % 7}`);
  writeFileSync(
    broken,
    ["time,vm,resource,value", ...rows.slice(0, 99), "1375338000,vm-1,cpu,lots", ...rows.slice(100)].join("\n"),
  );
  const strict = headroom(broken, "--out", join(folder, "c"));
  expect(strict.status).toBe(1);
  expect(strict.stderr).toMatch(/broken\.csv.*line 101.*value/);
  const lenient = headroom(broken, "--lenient", "--json", "--policy", "headroom,static", "--out", join(folder, "c"));
  expect(lenient.status).toBe(0);
  expect(JSON.parse(lenient.stdout).trace.repairs.skippedRows).toBe(1);
});

test("what cannot be is said at once: unknown policy, no such path, an audit file without a place", () => {
  expect(headroom("x", "--policy", "magic").status).toBe(2);
  const missing = headroom(join(folder, "nowhere"));
  expect([missing.status, missing.stdout]).toEqual([1, ""]);
  expect(missing.stderr).toContain("nowhere");
  const placeless = headroom(folder, "--audit", "/proc/no/such/place.csv");
  expect(placeless.status).toBe(1);
  expect(placeless.stderr).toContain("/proc/no/such/place.csv");
});
