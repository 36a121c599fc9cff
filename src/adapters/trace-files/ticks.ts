// Rows to ticks: which tick a sample falls into is its time over the step, counted from 1970, the same for every file.
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { DAY_MS, instant, iso, SECOND_MS, TICK_MS_DEFAULT } from "../../model/time.ts";
import { NO_REPAIRS } from "../../model/trace.ts";
import {
  type FileSamples,
  type PerResource,
  type SizeRange,
  sharedCounts,
  sharedFloats,
  type VmSegment,
} from "./file-samples.ts";
import { badInput, shown } from "./problems.ts";
import { type OrderedRows, orderedRows, type RowTable, rowOf, timeOf } from "./row-table.ts";
import type { RowCounts } from "./rows.ts";

/** Ticks of all VMs together: the bound on memory (160 MB for each resource). */
export const TICKS_MAX = 20_000_000;
const YEARS_MAX = 10;
/** Numbers held while reading, before the VMs are joined. */
export const AMOUNTS_MAX = TICKS_MAX * RESOURCES.length;
const SPAN_MS_MAX = YEARS_MAX * 366 * DAY_MS;

/** The rows of one VM, all from one file. */
export interface VmRows {
  readonly vm: string;
  readonly table: RowTable;
  readonly resources: readonly Resource[];
  /** Writes the demand that a row tells, in base units, one number for each of `resources`. */
  readonly demand: (row: Float64Array, into: Float64Array, stepMs: number) => void;
  readonly sizes: PerResource<SizeRange>;
}

/** Rows of a file, as read, on ticks. Without a step it is the median one. Fails on no rows and on a span of many years. */
export function samplesOfRows(read: {
  file: string;
  counts: RowCounts;
  vms: readonly VmRows[];
  stepMs?: number;
}): Result<FileSamples> {
  const { file, counts } = read;
  const ordered = read.vms
    .filter(({ table }) => table.rowCount > 0)
    .map((vm) => ({ ...vm, rows: orderedRows(vm.table) }));
  if (ordered.length === 0) return badInput(`${file}: there are no rows below the header`);
  const stepMs = read.stepMs ?? medianStepMs(ordered);
  const repairs = {
    ...NO_REPAIRS,
    rowsRead: counts.rowsRead,
    skippedRows: counts.skippedRows,
    repeatedRows: ordered.reduce((sum, { rows }) => sum + rows.repeatedRows, 0),
    outOfOrderRows: ordered.reduce((sum, { rows }) => sum + rows.outOfOrderRows, 0),
  };
  const segments: VmSegment[] = [];
  let amounts = 0;
  for (const vm of ordered) {
    const span = spanOf(vm, stepMs);
    const problem = spanProblem(span);
    if (problem !== undefined) return badInput(`${file}: VM ${shown(vm.vm)} ${problem}`);
    amounts += span.length * vm.resources.length;
    if (amounts > AMOUNTS_MAX) return badInput(`${file}: ${tooMuchText()}`);
    segments.push(placeOnTicks({ ...vm, ...span, stepMs }));
  }
  return success({ file, stepMs, segments, repairs, notices: counts.notices });
}

interface OrderedVmRows extends VmRows {
  readonly rows: OrderedRows;
}

interface Span {
  readonly firstMs: number;
  readonly lastMs: number;
  /** In ticks. */
  readonly length: number;
}

function spanOf({ table, rows }: OrderedVmRows, stepMs: number): Span {
  const firstMs = timeOf(table, rows.order[0] as number);
  const lastMs = timeOf(table, rows.order[rows.order.length - 1] as number);
  return { firstMs, lastMs, length: Math.floor(lastMs / stepMs) - Math.floor(firstMs / stepMs) + 1 };
}

/** Sums of samples for each tick from a VM's first to its last. */
function placeOnTicks(placing: OrderedVmRows & Span & { readonly stepMs: number }): VmSegment {
  const { vm, table, rows, resources, demand, sizes, firstMs, length, stepMs } = placing;
  const firstTick = Math.floor(firstMs / stepMs);
  const counts = sharedCounts(length);
  const sums = resources.map(() => sharedFloats(length));
  const amounts = new Float64Array(resources.length);
  for (const row of rows.order) {
    const tick = Math.floor(timeOf(table, row) / stepMs) - firstTick;
    demand(rowOf(table, row), amounts, stepMs);
    counts[tick] = (counts[tick] as number) + 1;
    sums.forEach((sum, at) => {
      sum[tick] = (sum[tick] as number) + (amounts[at] as number);
    });
  }
  const named = Object.fromEntries(resources.map((resource, at) => [resource, sums[at]]));
  return { vm, firstTick, counts, sums: named, sizes };
}

/** What is absurd about a stretch of time, or nothing. */
export function spanProblem({ firstMs, lastMs, length }: Span): string | undefined {
  if (lastMs - firstMs <= SPAN_MS_MAX && length <= TICKS_MAX) return undefined;
  const from = iso(instant(firstMs));
  const to = iso(instant(lastMs));
  return `runs from ${from} to ${to}, ${length} ticks; at most ${YEARS_MAX} years and ${TICKS_MAX} ticks can be read`;
}

export function tooMuchText(): string {
  return `the VMs are more than ${TICKS_MAX} ticks all together; read fewer VMs or a shorter time at once`;
}

/** The median time between neighbouring samples, in whole seconds; 5 min where no two samples of a VM differ in time. */
function medianStepMs(tables: readonly { table: RowTable; rows: OrderedRows }[]): number {
  const steps = new Float64Array(tables.reduce((sum, { rows }) => sum + rows.order.length, 0));
  let known = 0;
  for (const { table, rows } of tables) {
    for (let at = 1; at < rows.order.length; at++) {
      const step = timeOf(table, rows.order[at] as number) - timeOf(table, rows.order[at - 1] as number);
      if (step > 0) steps[known++] = step;
    }
  }
  if (known === 0) return TICK_MS_DEFAULT;
  const median = steps.subarray(0, known).sort()[known >> 1] as number;
  return Math.max(1, Math.round(median / SECOND_MS)) * SECOND_MS;
}
