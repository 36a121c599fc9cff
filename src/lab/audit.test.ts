import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { AUDIT_HEADER, auditRows } from "./audit.ts";
import { backtestHost } from "./backtest-host.ts";
import { type HostCase, hostsOf } from "./host-case.ts";
import type { ScoreSheet } from "./score.ts";
import { cpuTrace, seededTrace } from "./small-trace.arbitrary.ts";

/** One line of the file, as whoever audits it reads it. */
interface Row {
  readonly time: string;
  readonly host: string;
  readonly vm: string;
  readonly resource: string;
  readonly demand: number;
  readonly allocated: number;
}

function rowsOf(text: string): Row[] {
  const records: Record<string, string>[] = parse(AUDIT_HEADER + text, { columns: true });
  return records.map(({ time = "", host = "", vm = "", resource = "", demand, allocated }) => {
    return { time, host, vm, resource, demand: Number(demand), allocated: Number(allocated) };
  });
}

/** The score out of the rows alone, by the definitions: a host's row carries its excess and its buffer. */
function scoreOf(rows: readonly Row[]) {
  const score = { demand: 0, reserved: 0, unserved: 0, late: 0, violations: 0, intervals: 0 };
  for (const when of new Set(rows.map(({ time }) => time))) {
    const tick = rows.filter(({ time }) => time === when);
    const vms = tick.filter(({ vm }) => vm !== "");
    const buffer = tick.find(({ vm }) => vm === "")?.allocated ?? Number.NaN;
    const above = vms.filter(({ demand, allocated }) => demand > allocated);
    const excess = above.reduce((sum, { demand, allocated }) => sum + demand - allocated, 0);
    score.demand += vms.reduce((sum, { demand }) => sum + demand, 0);
    score.reserved += buffer + vms.reduce((sum, { allocated }) => sum + allocated, 0);
    score.unserved += Math.max(excess - buffer, 0);
    score.late += Math.min(excess, buffer);
    score.violations += excess > buffer ? above.length : 0;
    score.intervals += vms.length;
  }
  return score;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function expectSame(sheet: ScoreSheet | undefined, rows: readonly Row[]): void {
  if (sheet === undefined) throw new Error("the promise that was audited has a sheet");
  const score = scoreOf(rows);
  expect([score.violations, score.intervals]).toEqual([total(sheet.vmViolations), total(sheet.vmIntervals)]);
  for (const key of ["demand", "reserved", "unserved", "late"] as const)
    expect(Math.abs(score[key] - sheet[key]), key).toBeLessThanOrEqual(1e-12 * sheet[key]);
}

function onlyHost(trace: Parameters<typeof hostsOf>[0]): HostCase {
  const [host] = hostsOf(trace, 50);
  if (host === undefined) throw new Error("VMs fill a host");
  return host;
}

test("the score computed again from the audit file alone is the score", () => {
  const host = onlyHost(seededTrace({ seed: 3, vms: 6, days: 6, stepMinutes: 30 }));
  // Some ticks of one VM were not recorded.
  host.demand[4]?.fill(Number.NaN, host.firstScored + 5, host.firstScored + 50);
  let text = "";
  const plan = {
    policies: ["headroom" as const],
    eachLevels: [],
    pooledViolations: [0.05, 0.01],
    shown: 0,
    audited: true,
    pace: "gentle" as const,
  };
  const { sheets } = backtestHost(
    { host, plan },
    {
      onPart: () => {},
      onAuditRows: (rows) => {
        text += rows;
      },
    },
  );
  const rows = rowsOf(text);
  for (const resource of ["cpu", "memory", "network", "storage"] as const)
    expectSame(
      sheets[resource]?.headroom?.[plan.shown],
      rows.filter((row) => row.resource === resource),
    );
  const short = sheets.cpu?.headroom?.[0];
  expect(total(short?.vmViolations ?? new Float64Array())).toBeGreaterThan(0);
  const cpuOfOneVm = rows.filter(({ vm, resource }) => vm === "2" && resource === "cpu");
  expect(cpuOfOneVm).toHaveLength(host.grid.length - host.firstScored - 45);
});

test("a host's row follows its VMs', with their excess and its buffer; names are safe in any reader", () => {
  const trace = cpuTrace([
    [1, 2],
    [3, Number.NaN],
    [5, 6],
  ]);
  const names = ["plain", 'a "b", c', "=1+1"];
  const vms = trace.vms.map((vm, index) => ({ ...vm, name: names[index] ?? "" }));
  const host = onlyHost({ ...trace, vms });
  const demand = Float64Array.from(host.demand, (values) => values?.[0] ?? Number.NaN);
  const allocations = new Float64Array(3 * RESOURCE_COUNT).fill(2.5);
  const text = auditRows(host, { tick: 0, demand, allocations, buffers: Float64Array.of(4, 0, 0, 0) });
  expect(text.split("\n")).toEqual([
    "2026-03-02T00:00:00.000Z,host-1,plain,cpu,1,2.5",
    '2026-03-02T00:00:00.000Z,host-1,"a ""b"", c",cpu,3,2.5',
    "2026-03-02T00:00:00.000Z,host-1,'=1+1,cpu,5,2.5",
    "2026-03-02T00:00:00.000Z,host-1,,cpu,3,4",
    "",
  ]);
});
