// The audit file: every demand and allocation behind a score, so that anyone can compute it again.
// CSV: `time,host,vm,resource,demand,allocated` for a VM; `time,host,,resource,excess,buffer` for its host.
import { RESOURCE_COUNT } from "../model/resources.ts";
import { iso, startOfTick } from "../model/time.ts";
import { type HostCase, resourceAt } from "./host-case.ts";

export const AUDIT_HEADER = "time,host,vm,resource,demand,allocated\n";

/** Rows of one tick of one host, all recorded resources, for what was in force during the tick. */
export function auditRows(
  host: HostCase,
  tick: { tick: number; demand: Float64Array; allocations: Float64Array; buffers: Float64Array },
): string {
  const time = iso(startOfTick(host.grid, tick.tick));
  const excess = new Float64Array(RESOURCE_COUNT).fill(Number.NaN);
  let rows = "";
  for (const [vm, name] of host.vmNames.entries())
    for (let offset = 0; offset < RESOURCE_COUNT; offset++) {
      const series = vm * RESOURCE_COUNT + offset;
      const asked = tick.demand[series] as number;
      const allocated = tick.allocations[series] as number;
      if (Number.isNaN(asked)) continue;
      rows += `${time},${host.name},${quoted(name)},${resourceAt(offset)},${asked},${allocated}\n`;
      const before = excess[offset] as number;
      excess[offset] = (Number.isNaN(before) ? 0 : before) + Math.max(asked - allocated, 0);
    }
  for (const [offset, sum] of excess.entries())
    if (!Number.isNaN(sum)) rows += `${time},${host.name},,${resourceAt(offset)},${sum},${tick.buffers[offset]}\n`;
  return rows;
}

/** RFC 4180, and nothing that a spreadsheet would take for a formula. */
function quoted(name: string): string {
  const safe = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
