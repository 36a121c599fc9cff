// One tick in numbers, for metrics and the log: summed where the cell lives, so that only sums travel.
import type { TickReport } from "../../control/loop.ts";
import type { CellId } from "../../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";
import type { Instant } from "../../model/time.ts";

export const AMOUNT_NAMES = ["demand", "base", "allocated", "buffer", "headroom"] as const;

export interface TickFigures {
  readonly cell: CellId;
  /** End of the tick. */
  readonly at: Instant;
  readonly tookMs: number;
  /** Length of a tick. */
  readonly stepMs: number;
  readonly vms: number;
  /** Without a usable CPU sample. */
  readonly silent: number;
  /** Decision records by kind. */
  readonly decisions: Readonly<Record<string, number>>;
  /** Sums over the cell, base units. */
  readonly amounts: Readonly<Record<Resource, Readonly<Record<(typeof AMOUNT_NAMES)[number], number>>>>;
}

export function tickFigures(
  { cell: { state }, observed: { demand }, records }: TickReport,
  tookMs: number,
): TickFigures {
  const { layout, at, allocations, buffers } = state;
  const decisions: Record<string, number> = {};
  for (const { kind } of records) decisions[kind] = (decisions[kind] ?? 0) + 1;
  const amountsOf = (offset: number) => {
    const seen = totalOf(demand, offset);
    const allocated = totalOf(allocations, offset);
    const buffer = totalOf(buffers, offset);
    return {
      demand: seen,
      base: totalOf(layout.base, offset),
      allocated,
      buffer,
      headroom: allocated + buffer - seen,
    };
  };
  return {
    cell: layout.cell,
    at,
    tookMs,
    stepMs: layout.stepMs,
    vms: layout.vmIds.length,
    silent: layout.vmIds.filter((_, vm) => Number.isNaN(demand[vm * RESOURCE_COUNT])).length,
    decisions,
    amounts: Object.fromEntries(
      RESOURCES.map((resource, offset) => [resource, amountsOf(offset)]),
    ) as TickFigures["amounts"],
  };
}

function totalOf(column: ArrayLike<number>, offset: number): number {
  let sum = 0;
  for (let place = offset; place < column.length; place += RESOURCE_COUNT) {
    const amount = column[place] as number;
    if (!Number.isNaN(amount)) sum += amount;
  }
  return sum;
}
