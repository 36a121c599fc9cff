// What customers will want in all: the sum of a customer's VMs in a cell is a series of its own, forecast as a sum.
import type { RunningCell } from "../../control/loop.ts";
import { advance, createDemandEngine, type DemandEngine } from "../../forecast/demand-engine.ts";
import { hourlyPeaksAhead, peakQuantiles } from "../../forecast/horizons/ask-horizons.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { DEMAND_FLOORS, RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";
import { type Instant, iso } from "../../model/time.ts";
import type { CustomerForecast } from "../contract/monitoring.ts";
import { basisOf, rowAt, type ShownForecast, shownForecast } from "./shown-forecast.ts";

export interface CustomerTotals {
  /** `demand`: [series] of the tick just past. */
  record(cell: RunningCell, demand: Float64Array): void;
  forecast(customer: CustomerId): CustomerForecast | undefined;
}

interface Total {
  readonly stepMs: number;
  readonly engine: DemandEngine;
  /** [resource x level] for the tick to come. */
  readonly quantiles: Float64Array;
  at: Instant;
}

/** Of one cell. */
export function createCustomerTotals(): CustomerTotals {
  const totals = new Map<CustomerId, Total>();
  return {
    record(cell, demand) {
      const { layout, at } = cell.state;
      const sums = sumsOf(cell, demand);
      for (const owner of totals.keys()) if (!sums.has(owner)) totals.delete(owner);
      for (const [owner, sum] of sums) {
        const before = totals.get(owner);
        // Ticks of another length are another series.
        const total = before?.stepMs === layout.stepMs ? before : newTotal(layout.stepMs, at);
        totals.set(owner, total);
        advance(total.engine, { demand: sum }, total.quantiles);
        total.at = at;
      }
    },
    forecast(customer) {
      const total = totals.get(customer);
      if (total === undefined) return undefined;
      const of = (resource: Resource) => forecastOf(total, resource);
      const resources = { cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") };
      return { customer, origin: iso(total.at), levels: [...QUANTILE_LEVELS], resources };
    },
  };
}

function newTotal(stepMs: number, at: Instant): Total {
  const floors = Float64Array.from(RESOURCES, (resource) => DEMAND_FLOORS[resource]);
  const engine = createDemandEngine({ stepMs, floors, horizons: true });
  return { stepMs, engine, at, quantiles: new Float64Array(RESOURCE_COUNT * LEVEL_COUNT).fill(Number.NaN) };
}

const MEDIAN = levelIndex(0.5);

/** By customer: [resource]. A VM without a sample counts with what is likely of it, so that the sum does not dip. */
function sumsOf({ state, quantiles }: RunningCell, demand: Float64Array): ReadonlyMap<CustomerId, Float64Array> {
  const { customers, customerOfVm } = state.layout;
  const sums = new Map<CustomerId, Float64Array>();
  for (const [vm, owner] of customerOfVm.entries()) {
    const customer = customers[owner];
    if (customer === undefined) continue;
    const sum = sums.get(customer) ?? new Float64Array(RESOURCE_COUNT);
    sums.set(customer, sum);
    for (let offset = 0; offset < RESOURCE_COUNT; offset++) {
      const series = vm * RESOURCE_COUNT + offset;
      const seen = demand[series] as number;
      const likely = quantiles[series * LEVEL_COUNT + MEDIAN] as number;
      const amount = Number.isNaN(seen) ? likely : seen;
      sum[offset] = (sum[offset] as number) + (Number.isNaN(amount) ? 0 : amount);
    }
  }
  return sums;
}

function forecastOf({ engine, quantiles }: Total, resource: Resource): ShownForecast {
  const series = RESOURCES.indexOf(resource);
  const hours = hourlyPeaksAhead({ engine, series });
  const ahead = new Float64Array(LEVEL_COUNT + hours.length);
  ahead.set(peakQuantiles(engine).subarray(series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT));
  ahead.set(hours, LEVEL_COUNT);
  return shownForecast({ nextTick: rowAt(quantiles, series), ahead, basis: basisOf(engine, series) });
}
