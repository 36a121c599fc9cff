// The score: what a policy reserved, and what that left unserved, counted the same way for ours and for every peer.
// Definitions: docs/backtesting.md. All sums; `pointOf` turns them into shares.

import type { FrontierPoint } from "../model/scorecard.ts";
import { quantileOfSorted } from "../model/series.ts";

/** Sums of one policy at one knob for one resource; `mergeSheets` adds those of other hosts. */
export interface ScoreSheet {
  /** [vm] intervals scored, and intervals short, of each VM. */
  readonly vmIntervals: Float64Array;
  readonly vmViolations: Float64Array;
  /** [vm] allocation of the interval before, to count changes; NaN at the start. */
  readonly lastAllocations: Float64Array;
  demand: number;
  reserved: number;
  unserved: number;
  late: number;
  changes: number;
}

export function createSheet(vmCount: number): ScoreSheet {
  return {
    vmIntervals: new Float64Array(vmCount),
    vmViolations: new Float64Array(vmCount),
    lastAllocations: new Float64Array(vmCount).fill(Number.NaN),
    demand: 0,
    reserved: 0,
    unserved: 0,
    late: 0,
    changes: 0,
  };
}

/** One interval of one host. NaN demand: the VM was not recorded and is left out, with what it was lent. */
export interface HostInterval {
  /** [vm] base units. `allocations` include the base. */
  readonly demand: ArrayLike<number>;
  readonly allocations: ArrayLike<number>;
  readonly buffer: number;
}

/** Returns the host's excess: what its VMs wanted beyond their allocations. */
export function scoreInterval(sheet: ScoreSheet, { demand, allocations, buffer }: HostInterval): number {
  let excess = 0;
  let recorded = 0;
  for (let vm = 0; vm < sheet.vmIntervals.length; vm++) {
    const asked = demand[vm] as number;
    if (Number.isNaN(asked)) continue;
    const allocated = allocations[vm] as number;
    recorded++;
    sheet.demand += asked;
    sheet.reserved += allocated;
    if (asked > allocated) excess += asked - allocated;
    sheet.vmIntervals[vm] = (sheet.vmIntervals[vm] as number) + 1;
    const before = sheet.lastAllocations[vm] as number;
    if (!Number.isNaN(before) && before !== allocated) sheet.changes++;
    sheet.lastAllocations[vm] = allocated;
  }
  if (recorded === 0) return 0;
  sheet.reserved += buffer;
  sheet.late += Math.min(excess, buffer);
  if (excess > buffer) countShort(sheet, { demand, allocations, unserved: excess - buffer });
  return excess;
}

/** Where the buffer did not do, every VM above its allocation was short: all of them, whoever came first. */
function countShort(
  sheet: ScoreSheet,
  { demand, allocations, unserved }: Pick<HostInterval, "demand" | "allocations"> & { unserved: number },
): void {
  sheet.unserved += unserved;
  for (let vm = 0; vm < sheet.vmViolations.length; vm++)
    if ((demand[vm] as number) > (allocations[vm] as number))
      sheet.vmViolations[vm] = (sheet.vmViolations[vm] as number) + 1;
}

/** Adds the sheets of hosts, in the order given: the same hosts in the same order give the same bits. */
export function mergeSheets(sheets: readonly ScoreSheet[]): ScoreSheet {
  const merged = createSheet(0);
  for (const sheet of sheets)
    for (const key of ["demand", "reserved", "unserved", "late", "changes"] as const) merged[key] += sheet[key];
  return {
    ...merged,
    vmIntervals: concatenate(sheets.map(({ vmIntervals }) => vmIntervals)),
    vmViolations: concatenate(sheets.map(({ vmViolations }) => vmViolations)),
    lastAllocations: concatenate(sheets.map(({ lastAllocations }) => lastAllocations)),
  };
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function pointOf(
  sheet: ScoreSheet,
  { knob, ticksPerDay }: { knob: number; ticksPerDay: number },
): FrontierPoint {
  const intervals = sum(sheet.vmIntervals);
  const shares = sheet.vmViolations
    .map((violations, vm) => violations / Math.max(sheet.vmIntervals[vm] as number, 1))
    .sort();
  return {
    knob,
    violations: share(sum(sheet.vmViolations), intervals),
    unserved: share(sheet.unserved, sheet.demand),
    late: share(sheet.late, sheet.demand),
    reservedPerUsed: share(sheet.reserved, sheet.demand),
    slack: share(sheet.reserved - (sheet.demand - sheet.unserved), sheet.reserved),
    churn: share(sheet.changes * ticksPerDay, intervals),
    worst: { p95: shares.length === 0 ? 0 : quantileOfSorted(shares, 0.95), max: shares.at(-1) ?? 0 },
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
