// Meters run from reading to reading, and say what anybody else would have counted from the same reports: counted anew here,
// with none of the meters' code.
import type { CellState } from "../../../control/cell-state.ts";
import { resourceOf } from "../../../control/series.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../../model/resources.ts";
import { HOUR_MS, type Instant } from "../../../model/time.ts";
import { type Decided, type Invariant, isOff, movedPlaces } from "./invariant.ts";

/** As remembered before the first step. */
export interface AtStart {
  readonly at: Instant;
  readonly allocations: Float64Array;
  readonly buffers: Float64Array;
}

export function metersAreTrue(start: AtStart): Invariant {
  const counting: Counting = {
    until: start.at,
    tickedAt: start.at,
    allocations: start.allocations.slice(),
    buffers: start.buffers.slice(),
    used: new Float64Array(start.allocations.length),
    allocated: new Float64Array(start.allocations.length),
    buffer: new Float64Array(start.buffers.length),
  };
  return {
    name: "meters without gap or overlap",
    onDecided(decided) {
      const { state } = decided.cell;
      adoptSeen(decided, counting);
      countUsed(decided, counting);
      countHeld(counting, Math.max(state.at, counting.until));
      remember(counting, state);
      return differenceOf(state, counting);
    },
    onBetween({ input, records, cell: { state } }) {
      const handsOver = input.kind === "command" && input.command.kind === "hand-over";
      if (input.kind !== "pressure" && !(handsOver && records.some(({ kind }) => kind === "hand-over")))
        return undefined;
      countHeld(counting, input.now);
      remember(counting, state);
      return differenceOf(state, counting);
    },
    onLaidAnew(before, state) {
      const vms = movedPlaces(before.vmIds, state.layout.vmIds);
      const hosts = movedPlaces(before.hostIds, state.layout.hostIds);
      for (const name of ["used", "allocated"] as const) counting[name] = moved(counting[name], vms);
      counting.buffer = moved(counting.buffer, hosts);
      // Who is new has its base from the last tick on; who stays has what it had.
      counting.allocations = moved(counting.allocations, vms, state.allocations);
      counting.buffers = moved(counting.buffers, hosts, state.buffers);
    },
  };
}

interface Counting {
  /** Up to when leases and buffers are counted, and up to when use is. */
  until: number;
  tickedAt: number;
  allocations: Float64Array;
  buffers: Float64Array;
  used: Float64Array;
  allocated: Float64Array;
  buffer: Float64Array;
}

function moved(column: Float64Array, places: Int32Array, fresh?: Float64Array): Float64Array {
  return Float64Array.from(places, (place, index) => (place < 0 ? (fresh?.[index] ?? 0) : (column[place] ?? 0)));
}

function countUsed({ cell: { state }, observed }: Decided, counting: Counting): void {
  const hours = (state.at - counting.tickedAt) / HOUR_MS;
  for (const [series, allocation] of counting.allocations.entries()) {
    const used = Math.min(observed.demand[series] ?? Number.NaN, allocation);
    addTo(counting.used, series, (Number.isNaN(used) ? 0 : used) * hours);
  }
  counting.tickedAt = state.at;
}

function countHeld(counting: Counting, now: number): void {
  const hours = (now - counting.until) / HOUR_MS;
  for (const [series, allocation] of counting.allocations.entries())
    addTo(counting.allocated, series, allocation * hours);
  for (const [place, buffer] of counting.buffers.entries()) addTo(counting.buffer, place, buffer * hours);
  counting.until = now;
}

function addTo(sums: Float64Array, index: number, amount: number): void {
  sums[index] = (sums[index] ?? 0) + amount;
}

function remember({ allocations, buffers }: Counting, state: CellState): void {
  allocations.set(state.allocations);
  buffers.set(state.buffers);
}

/** What machines were seen to have counts for the whole tick; of who was not seen counts what was decided last. */
function adoptSeen({ cell: { state }, observation }: Decided, { allocations, buffers }: Counting): void {
  const { layout, pool } = state;
  for (const { vm, allocation } of observation.vms) {
    const index = layout.vmIds.indexOf(vm);
    for (const [offset, resource] of RESOURCES.entries())
      allocations[index * RESOURCE_COUNT + offset] = allocation[resource];
  }
  for (const [host, id] of layout.hostIds.entries()) {
    if (observation.unreachable.includes(id)) continue;
    const own = observation.shadowVms.filter((vm) => vm.host === id && !pool.lives.get(vm.id)?.served);
    for (const [offset, resource] of RESOURCES.entries())
      buffers[host * RESOURCE_COUNT + offset] = own.reduce((sum, vm) => {
        return sum + Math.max(vm.allocation[resource] - vm.minimum[resource], 0);
      }, 0);
  }
}

function differenceOf({ meters }: CellState, counting: Counting): string | undefined {
  for (const name of ["used", "allocated", "buffer"] as const) {
    const { unitHours, readUntil } = meters[name];
    const until = name === "used" ? counting.tickedAt : counting.until;
    if (readUntil !== until) return `The meter of what was ${name} was read until ${readUntil}, and it is ${until}.`;
    for (const [index, hours] of counting[name].entries())
      if (isOff({ amount: unitHours[index] ?? Number.NaN, expected: hours, resource: resourceOf(index) }))
        return `The meter of what was ${name} says ${unitHours[index]} for ${index}; counted were ${hours}.`;
  }
  return undefined;
}
