// The buffer that each host should hold: its VMs' excess over their leases, forecast as one quantity, at the level that the
// closed loops ask for; then cut to the host's room.
import { advance } from "../forecast/demand-engine.ts";
import { type ForecastBatch, LEVEL_COUNT } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { addExcess } from "../shaping/expected-excess.ts";
import { bufferAt, easedRarity } from "../shaping/joint-buffer.ts";
import { type CellState, EXCESS_HINTS } from "./cell-state.ts";
import { hostOverPrediction } from "./track-hosts.ts";

/** Leaves in `state.buffers` what is wanted; how much of it can be held is for the shadow VMs to say. */
export function wantBuffers(state: CellState, forecasts: ForecastBatch): void {
  if (state.promise.kind !== "pooled") return;
  const { layout, buffers, excess, excessEngine, excessHints, excessQuantiles, meanDemand } = state;
  for (let place = 0; place < buffers.length; place++) writeHints(state, forecasts, place);
  advance(excessEngine, { demand: excess, hints: excessHints }, excessQuantiles);
  for (let place = 0; place < layout.capacity.length; place++) {
    const at = place * LEVEL_COUNT;
    const known = !Number.isNaN(excessQuantiles[at] as number);
    const forecast = { quantiles: excessQuantiles, at, meanDemand: meanDemand[place] as number };
    buffers[place] = known ? bufferAt(forecast, wantedRarity(state, place)) : 0;
  }
}

/** The more careful of the two loops decides; less is asked where forecasts of the host came out too high of late. */
export function wantedRarity(state: CellState, place: number): number {
  const { violationRarity, unservedRarity } = state;
  const asked = Math.max(violationRarity[place] as number, unservedRarity[place] as number);
  return easedRarity(asked, hostOverPrediction(state, place));
}

function writeHints(
  { layout, allocations, excessHints }: CellState,
  { quantiles }: ForecastBatch,
  place: number,
): void {
  const sum = { mean: 0, variance: 0 };
  const resource = place % RESOURCE_COUNT;
  for (const vm of layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? []) {
    const series = vm * RESOURCE_COUNT + resource;
    const at = series * LEVEL_COUNT;
    if (!Number.isNaN(quantiles[at] as number))
      addExcess(sum, { quantiles, at, allocation: allocations[series] as number });
  }
  excessHints[place * EXCESS_HINTS] = sum.mean;
  excessHints[place * EXCESS_HINTS + 1] = sum.mean + Math.sqrt(sum.variance);
}
