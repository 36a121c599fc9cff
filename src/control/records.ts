// Decision records out of a finished step: every change, every shortfall, every VM held without samples.
import type { DecisionRecord } from "../model/decision.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { type CellState, EXCESS_HINTS, NO_LEVEL, resourceOf } from "./cell-state.ts";
import type { HostPoolChange } from "./hold-buffers.ts";
import type { TickInput } from "./tick-input.ts";
import { wantedRarity } from "./want-buffers.ts";

/** Lazy: reads the state when iterated, so iterate before the next step. */
export function recordsOf(
  state: CellState,
  { input, poolChanges }: { input: TickInput; poolChanges: readonly HostPoolChange[] },
): Iterable<DecisionRecord> {
  return {
    *[Symbol.iterator]() {
      yield* shortfalls(state);
      yield* vmChanges(state, input);
      yield* bufferChanges(state);
      yield* shadowVmChanges(state, poolChanges);
    },
  };
}

function* shortfalls({ layout, at, excess, vmsAbove, buffersBefore }: CellState): Generator<DecisionRecord> {
  for (let place = 0; place < excess.length; place++) {
    const host = layout.hostIds[Math.floor(place / RESOURCE_COUNT)];
    const [needed, buffer] = [excess[place] ?? Number.NaN, buffersBefore[place] ?? 0];
    if (host !== undefined && needed > buffer)
      yield {
        kind: "went-short",
        at,
        host,
        resource: resourceOf(place),
        excess: needed,
        buffer,
        vmsAbove: vmsAbove[place] ?? 0,
      };
  }
}

function* vmChanges(state: CellState, input: TickInput): Generator<DecisionRecord> {
  const { layout, at } = state;
  for (const [index, vm] of layout.vmIds.entries()) {
    const host = layout.hostIds[layout.hostOfVm[index] ?? -1];
    if (host === undefined) continue;
    const first = index * RESOURCE_COUNT;
    if (isHeld(state, input, first)) yield { kind: "held", at, vm, host };
    for (let series = first; series < first + RESOURCE_COUNT; series++) {
      const change = changeOf(state, input, series);
      if (change.from !== change.to)
        yield { ...change, kind: change.to > change.from ? "raise" : "trim", at, vm, host };
    }
  }
}

function isHeld({ leasedLevels }: CellState, { demand }: TickInput, first: number): boolean {
  const series = Array.from({ length: RESOURCE_COUNT }, (_, offset) => first + offset);
  return series.some((each) => Number.isNaN(demand[each]) && leasedLevels[each] === NO_LEVEL);
}

function changeOf(state: CellState, { forecasts }: TickInput, series: number) {
  return {
    resource: resourceOf(series),
    from: state.allocationsBefore[series] ?? 0,
    to: state.allocations[series] ?? 0,
    level: QUANTILE_LEVELS[state.leasedLevels[series] ?? NO_LEVEL] ?? 0,
    likely: forecasts.quantiles[series * LEVEL_COUNT + levelIndex(0.5)] ?? 0,
    base: state.layout.base[series] ?? 0,
    short: state.leasesCut[series] === 1,
  };
}

function* bufferChanges(state: CellState): Generator<DecisionRecord> {
  const { layout, at, buffers, buffersBefore, excessHints } = state;
  for (let place = 0; place < buffers.length; place++) {
    const host = layout.hostIds[Math.floor(place / RESOURCE_COUNT)];
    const [from, to] = [buffersBefore[place] ?? 0, buffers[place] ?? 0];
    if (host === undefined || from === to) continue;
    const level = 1 - Math.exp(-wantedRarity(state, place));
    yield {
      kind: "buffer",
      at,
      host,
      resource: resourceOf(place),
      from,
      to,
      expectedExcess: excessHints[place * EXCESS_HINTS] ?? 0,
      level,
    };
  }
}

function* shadowVmChanges({ at, tick }: CellState, changes: readonly HostPoolChange[]): Generator<DecisionRecord> {
  for (const { host, change } of changes) {
    if (change.kind === "retire") yield { kind: "shadow-vm", at, host, shadowVm: change.shadowVm, change: "retire" };
    if (change.kind === "boot")
      yield { kind: "shadow-vm", at, host, shadowVm: `shadow-${host}-${tick}` as ShadowVmId, change: "boot" };
  }
}
