// A trace is recorded demand of many VMs on one grid, as an importer hands it over: repaired, and every repair counted.
import type { Resource } from "./resources.ts";
import type { Series } from "./series.ts";
import type { TimeGrid } from "./time.ts";

export interface TraceVm {
  readonly name: string;
  /** Demand per resource. A resource that the trace does not record is absent, never zero. */
  readonly demand: { readonly [R in Resource]?: Series };
  /** Fixed size of the VM where the trace knows it (its largest, if it was resized), in base units. */
  readonly provisioned: { readonly [R in Resource]?: number };
}

export interface Trace {
  readonly name: string;
  readonly format: TraceFormat;
  readonly grid: TimeGrid;
  /** In name order: numbers by value, else by code point. */
  readonly vms: readonly TraceVm[];
  readonly repairs: TraceRepairs;
}

export const TRACE_FORMATS = ["bitbrains", "planetlab", "csv", "nab"] as const;
export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** What an importer did to make the samples usable. Zero everywhere means: taken as they were. */
export interface TraceRepairs {
  readonly rowsRead: number;
  /** Rows equal to one before them. */
  readonly repeatedRows: number;
  /** Further rows in a tick that already had one; the tick holds their mean. */
  readonly mergedRows: number;
  /** Rows older than the one before them; sorted in. */
  readonly outOfOrderRows: number;
  /** Ticks without a sample, in gaps short enough to carry the value before them. */
  readonly filledTicks: number;
  /** Ticks without a sample in longer gaps: left out of every score. */
  readonly missingTicks: number;
  /** Rows of a VM that was off: demand 0, stale counters ignored. */
  readonly poweredOffRows: number;
  /** VMs whose size changed inside the trace. */
  readonly resizedVms: number;
  /** Rows that could not be read; only ever more than 0 with `lenient`. */
  readonly skippedRows: number;
}

export const NO_REPAIRS: TraceRepairs = {
  rowsRead: 0,
  repeatedRows: 0,
  mergedRows: 0,
  outOfOrderRows: 0,
  filledTicks: 0,
  missingTicks: 0,
  poweredOffRows: 0,
  resizedVms: 0,
  skippedRows: 0,
};

export function addRepairs(left: TraceRepairs, right: TraceRepairs): TraceRepairs {
  const sum = { ...left };
  for (const key of Object.keys(NO_REPAIRS) as (keyof TraceRepairs)[])
    Object.assign(sum, { [key]: left[key] + right[key] });
  return sum;
}

/** Numbers by value, then everything else by code point: "2" before "10" before "a". Total, so hosts fill the same way everywhere. */
export function compareNames(left: string, right: string): number {
  const byValue = numberOf(left) - numberOf(right);
  if (byValue !== 0 && !Number.isNaN(byValue)) return byValue;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Beyond every number when it is none. */
function numberOf(name: string): number {
  return /^\d{1,15}$/.test(name) ? Number(name) : Number.POSITIVE_INFINITY;
}
