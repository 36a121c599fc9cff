// One host of a backtest: its VMs' recorded demand in columns, and what each would have by contract.
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../model/resources.ts";
import { maximumOf, quantileOf } from "../model/series.ts";
import type { TimeGrid } from "../model/time.ts";
import type { Trace, TraceVm } from "../model/trace.ts";

export interface HostCase {
  readonly name: string;
  readonly vmNames: readonly string[];
  readonly grid: TimeGrid;
  /** Ticks before this one train, it and the later ones are scored. */
  readonly firstScored: number;
  /** [vm x 4 + resource], absent where the trace does not record it. Base units, NaN = not recorded. */
  readonly demand: readonly (Float64Array | undefined)[];
  /** [vm x 4 + resource] 25th percentile of the training half, base units. */
  readonly base: Float64Array;
  /** [vm x 4 + resource] provisioned size, or 1.5 x the largest demand of the training half. */
  readonly fixedSize: Float64Array;
}

const BASE_QUANTILE = 0.25;
const SIZE_PER_MAXIMUM = 1.5;

/** Hosts of `hostSize` VMs in name order; the last one may have fewer. */
export function hostsOf(trace: Trace, hostSize: number): HostCase[] {
  const count = Math.ceil(trace.vms.length / hostSize);
  const digits = String(count).length;
  return Array.from({ length: count }, (_, index) => {
    const vms = trace.vms.slice(index * hostSize, (index + 1) * hostSize);
    return hostCase(trace, { name: `host-${String(index + 1).padStart(digits, "0")}`, vms });
  });
}

function hostCase({ grid }: Trace, { name, vms }: { name: string; vms: readonly TraceVm[] }): HostCase {
  const firstScored = Math.floor(grid.length / 2);
  const demand = vms.flatMap((vm) => RESOURCES.map((resource) => vm.demand[resource]?.values));
  const training = { from: 0, to: firstScored };
  return {
    name,
    vmNames: vms.map((vm) => vm.name),
    grid,
    firstScored,
    demand,
    base: Float64Array.from(demand, (values) => knownOr(0, values && quantileOf(values, BASE_QUANTILE, training))),
    fixedSize: Float64Array.from(demand, (values, series) => {
      const provisioned = vms[Math.floor(series / RESOURCE_COUNT)]?.provisioned[resourceAt(series)];
      return provisioned ?? SIZE_PER_MAXIMUM * knownOr(0, values && maximumOf(values, training));
    }),
  };
}

function knownOr(otherwise: number, value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

export function resourceAt(series: number): Resource {
  return RESOURCES[series % RESOURCE_COUNT] ?? "cpu";
}

/** Resources that at least one VM of the host records. */
export function recordedResources({ demand }: HostCase): Resource[] {
  return RESOURCES.filter((_, offset) => demand.some((values, series) => values && series % RESOURCE_COUNT === offset));
}

/** [vm x 4 + resource] demand of one tick. */
export function readTick({ demand }: HostCase, tick: number, target: Float64Array): void {
  for (let series = 0; series < target.length; series++) target[series] = demand[series]?.[tick] ?? Number.NaN;
}
