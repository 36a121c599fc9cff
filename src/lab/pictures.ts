// A few VMs of each backtest are drawn: their last scored days under our policy, as numbers for the report.
import { LEVEL_COUNT, levelIndex } from "../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import type { VmPicture } from "../model/scorecard.ts";
import { DAY_MS, iso, startOfTick, ticksPer } from "../model/time.ts";
import { type HostCase, resourceAt } from "./host-case.ts";

const DAYS_SHOWN = 2;

export interface PictureBook {
  readonly pictures: readonly VmPicture[];
  /** Adds one scored tick; ticks before the last days are passed over. */
  add(tick: { tick: number; demand: Float64Array; allocations: Float64Array; quantiles: Float64Array }): void;
}

/** The VM with the largest mean CPU demand in the training half stands for its host. */
export function startPictures(host: HostCase): PictureBook {
  const vm = busiestVm(host);
  const first = Math.max(host.firstScored, host.grid.length - DAYS_SHOWN * ticksPer(DAY_MS, host.grid.stepMs));
  const shown = RESOURCES.map((_, offset) => vm * RESOURCE_COUNT + offset).filter((series) => host.demand[series]);
  const books = shown.map((series) => ({ series, picture: emptyPicture(host, { series, first }) }));
  return {
    pictures: books.map(({ picture }) => picture),
    add({ tick, demand, allocations, quantiles }) {
      if (tick < first) return;
      for (const { series, picture } of books) {
        const row = quantiles.subarray(series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT);
        picture.demand.push(demand[series] ?? Number.NaN);
        picture.allocation.push(allocations[series] ?? Number.NaN);
        picture.low.push(row[levelIndex(0.05)] ?? Number.NaN);
        picture.likely.push(row[levelIndex(0.5)] ?? Number.NaN);
        picture.high.push(row[levelIndex(0.99)] ?? Number.NaN);
      }
    },
  };
}

function emptyPicture(host: HostCase, { series, first }: { series: number; first: number }) {
  return {
    vm: host.vmNames[Math.floor(series / RESOURCE_COUNT)] ?? "",
    host: host.name,
    resource: resourceAt(series),
    start: iso(startOfTick(host.grid, first)),
    stepSeconds: host.grid.stepMs / 1000,
    demand: [] as number[],
    allocation: [] as number[],
    low: [] as number[],
    likely: [] as number[],
    high: [] as number[],
    base: host.base[series] ?? 0,
    fixed: host.fixedSize[series] ?? 0,
  };
}

function busiestVm({ vmNames, demand, firstScored }: HostCase): number {
  let [busiest, largest] = [0, -1];
  for (const vm of vmNames.keys()) {
    const known = demand[vm * RESOURCE_COUNT]?.subarray(0, firstScored).filter((value) => !Number.isNaN(value));
    const mean = known?.length ? known.reduce((sum, value) => sum + value, 0) / known.length : 0;
    if (mean > largest) [busiest, largest] = [vm, mean];
  }
  return busiest;
}
