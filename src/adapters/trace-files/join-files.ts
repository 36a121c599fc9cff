// Samples of many files on one common grid: the parts of a VM join, short gaps are held, everything repaired is counted.
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { assert, type Result, success } from "../../model/result.ts";
import { holdThroughShortGaps, type Series, series } from "../../model/series.ts";
import { HOUR_MS, type TimeGrid, timeGrid } from "../../model/time.ts";
import {
  addRepairs,
  compareNames,
  NO_REPAIRS,
  type Trace,
  type TraceRepairs,
  type TraceVm,
} from "../../model/trace.ts";
import { type FileSamples, type SizeRange, sharedFloats, type VmSegment, widened } from "./file-samples.ts";
import { badInput } from "./problems.ts";
import { spanProblem, TICKS_MAX, tooMuchText } from "./ticks.ts";

/** A gap up to this long is held at the value before it; a longer one stays a gap. */
const GAP_HELD_MS = HOUR_MS;

const HELD = 1;
const MISSING = 2;

/** Fails with "bad-input" when there is no VM, when steps differ, and on a grid that would be absurdly long. */
export function joinFiles(files: readonly FileSamples[]): Result<Pick<Trace, "grid" | "vms" | "repairs">> {
  const withVms = files.filter(({ segments }) => segments.length > 0);
  if (withVms.length === 0) return badInput(["no VM could be read", ...(files[0]?.notices ?? [])].join("; "));
  const grid = commonGrid(withVms);
  if (!grid.ok) return grid;
  const segmentsOf = new Map<string, VmSegment[]>();
  for (const segment of withVms.flatMap(({ segments }) => segments)) {
    const others = segmentsOf.get(segment.vm);
    if (others === undefined) segmentsOf.set(segment.vm, [segment]);
    else others.push(segment);
  }
  const { length } = grid.value;
  if (segmentsOf.size * length > TICKS_MAX)
    return badInput(`${segmentsOf.size} VMs over a common grid of ${length} ticks: ${tooMuchText()}`);
  const names = [...segmentsOf.keys()].sort(compareNames);
  const joined = names.map((name) => joinVm({ name, grid: grid.value, segments: segmentsOf.get(name) ?? [] }));
  const repairs = [...files, ...joined].map((part) => part.repairs).reduce(addRepairs, NO_REPAIRS);
  return success({ grid: grid.value, vms: joined.map(({ vm }) => vm), repairs });
}

function commonGrid(files: readonly FileSamples[]): Result<TimeGrid> {
  const [first] = files;
  assert(first !== undefined, "there is a file with a VM");
  const { stepMs } = first;
  const other = files.find((file) => file.stepMs !== stepMs);
  if (other !== undefined)
    return badInput(
      `${first.file} has a sample every ${stepMs / 1000} s and ${other.file} every ${other.stepMs / 1000} s; ` +
        "files of one trace must have the same step",
    );
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const { firstTick, counts } of files.flatMap(({ segments }) => segments)) {
    from = Math.min(from, firstTick);
    to = Math.max(to, firstTick + counts.length);
  }
  const length = to - from;
  const problem = spanProblem({ firstMs: from * stepMs, lastMs: (to - 1) * stepMs, length });
  if (problem !== undefined) return badInput(`the trace of all files together ${problem}`);
  return success(timeGrid({ startMs: from * stepMs, stepMs, length }));
}

interface VmParts {
  readonly name: string;
  readonly grid: TimeGrid;
  readonly segments: readonly VmSegment[];
}

function joinVm({ name, grid, segments }: VmParts): { vm: TraceVm; repairs: TraceRepairs } {
  const gaps = new Uint8Array(grid.length);
  const demand: { [R in Resource]?: Series } = {};
  const provisioned: { [R in Resource]?: number } = {};
  let mergedRows = 0;
  let resized = false;
  for (const resource of RESOURCES) {
    const parts = segments.filter(({ sums }) => sums[resource] !== undefined);
    const [part] = parts;
    if (part === undefined) continue;
    const mean = meanOf({ grid, parts, resource });
    holdShortGaps({ values: mean.values, grid, gaps });
    demand[resource] = series(grid, mean.values);
    // Resources read from the same rows share those rows: they are counted with the first of them.
    if (RESOURCES.find((other) => part.sums[other] !== undefined) === resource) mergedRows += mean.mergedRows;
    const size = sizeOf(parts.map(({ sizes }) => sizes[resource]));
    if (size !== undefined) provisioned[resource] = size.largest;
    if (size !== undefined && size.smallest < size.largest) resized = true;
  }
  const filledTicks = gaps.filter((gap) => gap === HELD).length;
  const missingTicks = gaps.filter((gap) => gap === MISSING).length;
  const repairs = { ...NO_REPAIRS, mergedRows, filledTicks, missingTicks, resizedVms: resized ? 1 : 0 };
  return { vm: { name, demand, provisioned }, repairs };
}

interface Lane {
  readonly grid: TimeGrid;
  readonly parts: readonly VmSegment[];
  readonly resource: Resource;
}

/** The mean of all samples in a tick; NaN without one. */
function meanOf({ grid, parts, resource }: Lane): { values: Float64Array; mergedRows: number } {
  const values = sharedFloats(grid.length);
  const counts = new Uint32Array(grid.length);
  const origin = grid.startMs / grid.stepMs;
  for (const { firstTick, counts: added, sums } of parts) {
    const sum = sums[resource];
    if (sum === undefined) continue;
    for (let at = 0; at < added.length; at++) {
      const tick = firstTick - origin + at;
      values[tick] = (values[tick] as number) + (sum[at] as number);
      counts[tick] = (counts[tick] as number) + (added[at] as number);
    }
  }
  let mergedRows = 0;
  for (let tick = 0; tick < grid.length; tick++) {
    const count = counts[tick] as number;
    values[tick] = count === 0 ? Number.NaN : (values[tick] as number) / count;
    mergedRows += Math.max(count - 1, 0);
  }
  return { values, mergedRows };
}

/**
 * Holds short gaps between samples (never before the first or after the last) and marks what was held and what is
 * missing in `gaps`, where a tick of a VM counts once, however many of its resources lack a sample.
 */
function holdShortGaps({ values, grid, gaps }: { values: Float64Array; grid: TimeGrid; gaps: Uint8Array }): void {
  const before = values.slice();
  const isKnown = (value: number) => !Number.isNaN(value);
  const sampled = values.subarray(values.findIndex(isKnown), values.findLastIndex(isKnown) + 1);
  holdThroughShortGaps(sampled, Math.floor(GAP_HELD_MS / grid.stepMs));
  before.forEach((value, tick) => {
    if (isKnown(value)) return;
    const gap = isKnown(values[tick] as number) ? HELD : MISSING;
    gaps[tick] = Math.max(gaps[tick] as number, gap);
  });
}

function sizeOf(ranges: readonly (SizeRange | undefined)[]): SizeRange | undefined {
  return ranges.reduce(
    (all, range) => (range === undefined ? all : widened(widened(all, range.smallest), range.largest)),
    undefined,
  );
}
