// What the tick just past says about the promise: how much the VMs of each host needed beyond what they were lent,
// whether the buffer held it, and so how careful the next buffer has to be.
import { RESOURCE_COUNT } from "../model/resources.ts";
import { WEEK_MS } from "../model/time.ts";
import { adjustRarity, unservedPushMax } from "../shaping/joint-buffer.ts";
import type { CellState } from "./cell-state.ts";
import { resourceOf } from "./series.ts";

export function learnFromTick(state: CellState, demand: Float64Array): void {
  // Before the first step nothing was promised: only the height of demand is learned.
  const promised = state.tick > 0;
  for (let place = 0; place < state.excess.length; place++) {
    const seen = lookAtHost(state, demand, place);
    const known = seen.vms > 0;
    state.excess[place] = known && promised ? seen.excess : Number.NaN;
    state.vmsAbove[place] = known && promised ? seen.vmsAbove : 0;
    if (known && promised) adjust(state, place, seen);
    if (known) followMean(state, place, seen.demand);
  }
}

interface Seen {
  /** VMs with a sample. */
  readonly vms: number;
  readonly vmsAbove: number;
  readonly demand: number;
  readonly excess: number;
}

function lookAtHost({ layout, allocations }: CellState, demand: Float64Array, place: number): Seen {
  const seen = { vms: 0, vmsAbove: 0, demand: 0, excess: 0 };
  const resource = place % RESOURCE_COUNT;
  for (const vm of layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? []) {
    const series = vm * RESOURCE_COUNT + resource;
    const asked = demand[series] as number;
    if (Number.isNaN(asked)) continue;
    seen.vms++;
    seen.demand += asked;
    const allocation = allocations[series] as number;
    if (asked <= allocation) continue;
    seen.vmsAbove++;
    seen.excess += asked - allocation;
  }
  return seen;
}

function adjust(state: CellState, place: number, seen: Seen): void {
  const { promise, buffers, meanDemand, violationRarity, unservedRarity } = state;
  if (promise.kind !== "pooled") return;
  const short = Math.max(seen.excess - (buffers[place] as number), 0);
  const violated = short > 0 ? seen.vmsAbove / seen.vms : 0;
  const volume = Math.max(meanDemand[place] as number, Number.MIN_VALUE);
  const resource = resourceOf(place);
  violationRarity[place] = adjustRarity(violationRarity[place] as number, {
    share: violated,
    promised: promise.violations,
  });
  unservedRarity[place] = adjustRarity(unservedRarity[place] as number, {
    share: short / volume,
    promised: promise.unserved[resource],
    pushMax: unservedPushMax(promise.unserved[resource]),
  });
}

/** The plain mean of all ticks so far, then one that forgets over a week. */
function followMean({ meanDemand, layout, tick }: CellState, place: number, demand: number): void {
  const weight = 1 / Math.min(tick + 1, WEEK_MS / layout.stepMs);
  const mean = meanDemand[place] as number;
  meanDemand[place] = mean + weight * (demand - mean);
}
