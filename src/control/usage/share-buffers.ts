// The buffer of a host is divided between those it is held for, by their part in its tail: to the last quantum, at every tick. The
// shares of a tick are set by what was seen before it.
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { apportion } from "../../pricing/apportion.ts";
import { type TimePiece, totalWithin } from "../../pricing/hour-pieces.ts";
import { rememberTail, tailWeights } from "../../pricing/tail-shares.ts";
import { quantaOf } from "../../pricing/usage-quantity.ts";
import type { CellState } from "../cell-state.ts";
import { resourceOf } from "../series.ts";
import { isActedFor } from "./usage-memory.ts";

interface SharedPlace {
  readonly place: number;
  readonly quanta: number;
  readonly members: readonly number[];
  readonly weights: Float64Array;
}

/** A function that divides what was held in a piece of the tick just past; `over`: time of which only the total is known. */
export function shareBuffers(state: CellState): (piece: TimePiece, over: TimePiece) => void {
  const { usage, buffers } = state;
  const shared: SharedPlace[] = [];
  for (let place = 0; place < buffers.length; place++) {
    const quanta = quantaOf(resourceOf(place), buffers[place] as number);
    if (quanta > 0 || (usage.held[place] as number) > 0) shared.push(sharedPlace(state, { place, quanta }));
  }
  return (piece, over) => {
    const since = Math.max(piece.to - Math.max(piece.from, over.to), 0);
    for (const { place, quanta, members, weights } of shared) {
      const before = over.to > piece.from ? totalWithin(usage.held[place] as number, { over, piece }) : 0;
      const total = before + quanta * since;
      if (members.length === 0) usage.unshared[place] = (usage.unshared[place] as number) + total;
      for (const [index, part] of apportion(total, weights).entries()) {
        const series = members[index] as number;
        usage.open.buffer[series] = (usage.open.buffer[series] as number) + part;
      }
    }
  };
}

function sharedPlace(
  state: CellState,
  { place, quanta }: { readonly place: number; readonly quanta: number },
): SharedPlace {
  const { usage, foreseen, allocations, layout } = state;
  const resource = resourceOf(place);
  const members = membersOf(state, place).filter((series) => isActedFor(usage, series));
  const weights = tailWeights(usage.tail, {
    members,
    mayNeed: (series) =>
      Math.max(quantaOf(resource, foreseen[series] as number) - quantaOf(resource, allocations[series] as number), 0),
    size: (series) => quantaOf(resource, layout.base[series] as number),
  });
  return { place, quanta, members, weights };
}

function membersOf({ layout }: CellState, place: number): number[] {
  const vms = layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? [];
  return Array.from(vms, (vm) => vm * RESOURCE_COUNT + (place % RESOURCE_COUNT));
}

/** A tail is what was forecast to come once in ten ticks. */
const TAIL_LEVEL = levelIndex(0.9);

/** `excess`: [series] quanta, of those who are acted for. */
export function learnTail(state: CellState, excess: Float64Array): void {
  const { usage, excessQuantiles, buffers } = state;
  for (let place = 0; place < buffers.length; place++) {
    const forecast = excessQuantiles[place * LEVEL_COUNT + TAIL_LEVEL] as number;
    const tailFrom = quantaOf(resourceOf(place), forecast);
    rememberTail(usage.tail, { members: membersOf(state, place), excess, tailFrom });
  }
}
