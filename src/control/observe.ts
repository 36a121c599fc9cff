// From an observation of machines to the columns that a tick reads. Demand is what was used plus what was kept back.
import type { LateSample } from "../forecast/demand-record/late-samples.ts";
import { MARKS } from "../forecast/demand-record/sample-kind.ts";
import type { DoNotLearnRange } from "../model/do-not-learn.ts";
import type { VmId } from "../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource, UNLIMITED_AMOUNT } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import type { Instant } from "../model/time.ts";
import { type CellLayout, vmIndexOf } from "./cell-layout.ts";
import type { FleetObservation, VmObservation } from "./ports.ts";
import type { InForce } from "./tick-input.ts";

export interface ObservedColumns {
  /** [series] base units; NaN where no sample came. */
  readonly demand: Float64Array;
  /** [series] what was used of what there was, as it was seen: demand may be more, and is taken for more at a limit. */
  readonly used?: Float64Array;
  /** [series] MARKS of each sample. */
  readonly marks: Uint8Array;
  /** [series] the most each may get; NaN where nothing limits it or no sample came. */
  readonly sizes: Float64Array;
  readonly late: readonly LateSample[];
  readonly inForce: InForce;
}

/** VMs that the layout does not know are passed over: they belong to another cell. */
export function toColumns(layout: CellLayout, observation: FleetObservation): ObservedColumns {
  const seriesCount = layout.base.length;
  const columns = {
    demand: new Float64Array(seriesCount).fill(Number.NaN),
    used: new Float64Array(seriesCount).fill(Number.NaN),
    marks: new Uint8Array(seriesCount),
    sizes: new Float64Array(seriesCount).fill(Number.NaN),
  };
  const allocations = new Float64Array(seriesCount).fill(Number.NaN);
  const indexOfVm = vmIndexOf(layout);
  const seen = new Set<VmId>();
  for (const vm of observation.vms) {
    const index = indexOfVm.get(vm.vm);
    if (index === undefined) continue;
    const repeated = seen.has(vm.vm) ? MARKS.repeated : 0;
    seen.add(vm.vm);
    for (const [offset, resource] of RESOURCES.entries()) {
      const series = index * RESOURCE_COUNT + offset;
      const sample = sampleOf(vm, resource);
      columns.demand[series] = sample.demand;
      columns.used[series] = vm.power === "off" ? 0 : vm.usage[resource];
      columns.marks[series] = sample.marks | repeated;
      columns.sizes[series] = sizeOf(vm.size?.[resource] ?? layout.ceiling[series]);
      allocations[series] = vm.allocation[resource];
    }
  }
  const late = lateSamples(layout, observation, indexOfVm);
  return { ...columns, late, inForce: { allocations, buffers: heldBuffers(layout, observation) } };
}

/** From this share of its allocation on a VM may have wanted more than it got. */
const AT_LIMIT = 0.98;

function sampleOf(vm: VmObservation, resource: Resource): { demand: number; marks: number } {
  const { unmet, pressed, power } = vm;
  const usage = vm.usage[resource];
  const limit = vm.allocation[resource];
  const demand = usage + (unmet[resource] ?? 0);
  if (power === "off") return { demand: 0, marks: MARKS.off };
  if (Number.isNaN(demand)) return { demand, marks: MARKS.garbled };
  const isAtLimit = unmet[resource] === undefined && limit > 0 && usage >= AT_LIMIT * limit;
  // Who uses 98 % of a limit or more may as well have used all of it.
  if (isAtLimit) return { demand: Math.max(demand, limit), marks: MARKS.atLeast };
  return { demand, marks: pressed?.includes(resource) ? MARKS.atLeast : 0 };
}

function sizeOf(amount: number | undefined): number {
  return amount === undefined || amount >= UNLIMITED_AMOUNT ? Number.NaN : amount;
}

function lateSamples(
  { stepMs }: CellLayout,
  { at, late }: FleetObservation,
  indexOfVm: ReadonlyMap<VmId, number>,
): LateSample[] {
  return (late ?? []).flatMap(({ vm, usage, unmet, at: ended }) => {
    const index = indexOfVm.get(vm);
    if (index === undefined) return [];
    const ticksAgo = Math.round((at - ended) / stepMs);
    return RESOURCES.map((resource, offset) => {
      const demand = usage[resource] + (unmet[resource] ?? 0);
      return { series: index * RESOURCE_COUNT + offset, ticksAgo, demand };
    });
  });
}

/**
 * Marks what lies in a range from which nothing is to be learned; late samples of it are left out. `at` ends the tick.
 */
export function leaveOut(
  columns: ObservedColumns,
  given: { readonly layout: CellLayout; readonly at: Instant; readonly ranges: readonly DoNotLearnRange[] },
): ObservedColumns {
  const { layout, at, ranges } = given;
  if (ranges.length === 0) return columns;
  const isOut = (series: number, end: number): boolean => {
    const vm = layout.vmIds[Math.floor(series / RESOURCE_COUNT)];
    const touches = (range: DoNotLearnRange) => range.start < end && range.end > end - layout.stepMs;
    const concerns = ({ vms }: DoNotLearnRange) => vms === undefined || (vm !== undefined && vms.includes(vm));
    return ranges.some((range) => touches(range) && concerns(range));
  };
  const marks = columns.marks.map((mark, series) => (isOut(series, at) ? mark | MARKS.excluded : mark));
  const late = columns.late.filter(({ series, ticksAgo }) => !isOut(series, at - ticksAgo * layout.stepMs));
  return { ...columns, marks, late };
}

function heldBuffers(layout: CellLayout, { shadowVms, unreachable }: FleetObservation): Float64Array {
  const buffers = new Float64Array(layout.capacity.length);
  assert(buffers.length === layout.hostIds.length * RESOURCE_COUNT, "a host has one place for each resource");
  for (const [host, id] of layout.hostIds.entries())
    for (const [offset, resource] of RESOURCES.entries()) {
      const own = shadowVms.filter((vm) => vm.host === id);
      const held = own.reduce((sum, vm) => sum + Math.max(vm.allocation[resource] - vm.minimum[resource], 0), 0);
      buffers[host * RESOURCE_COUNT + offset] = unreachable.includes(id) ? Number.NaN : held;
    }
  return buffers;
}
