// What customers will want in all: the sum of a customer's VMs in a cell is a series of its own, forecast as a sum. A customer in
// several cells gets their forecasts added up, level by level, which is on the careful side.
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
  forget(cell: string): void;
  forecast(customer: CustomerId): CustomerForecast | undefined;
}

interface Total {
  readonly cell: string;
  readonly customer: CustomerId;
  readonly engine: DemandEngine;
  /** [resource x level] for the tick to come. */
  readonly quantiles: Float64Array;
  at: Instant;
}

export function createCustomerTotals(): CustomerTotals {
  const totals = new Map<string, Total>();
  return {
    record(cell, demand) {
      const { layout, at } = cell.state;
      for (const [owner, sums] of sumsOf(cell, demand)) {
        const name = `${layout.cell} ${owner}`;
        const total = totals.get(name) ?? newTotal({ cell: layout.cell, customer: owner, stepMs: layout.stepMs, at });
        totals.set(name, total);
        advance(total.engine, { demand: sums }, total.quantiles);
        total.at = at;
      }
    },
    forget(cell) {
      for (const [name, total] of totals) if (total.cell === cell) totals.delete(name);
    },
    forecast(customer) {
      const own = [...totals.values()].filter((total) => total.customer === customer);
      const [first] = own;
      if (first === undefined) return undefined;
      const of = (resource: Resource) => added(own.map((total) => forecastOf(total, resource)));
      const resources = { cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") };
      return { customer, origin: iso(first.at), levels: [...QUANTILE_LEVELS], resources };
    },
  };
}

function newTotal(given: { cell: string; customer: CustomerId; stepMs: number; at: Instant }): Total {
  const { stepMs, ...rest } = given;
  const floors = Float64Array.from(RESOURCES, (resource) => DEMAND_FLOORS[resource]);
  const engine = createDemandEngine({ stepMs, floors, horizons: true });
  return { ...rest, engine, quantiles: new Float64Array(RESOURCE_COUNT * LEVEL_COUNT).fill(Number.NaN) };
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

function added(forecasts: readonly ShownForecast[]): ShownForecast {
  return forecasts.reduce((left, right) => ({
    nextTick: addedRow(left.nextTick, right.nextTick),
    halfHourPeak: addedRow(left.halfHourPeak, right.halfHourPeak),
    hourlyPeaks: addedHours(left.hourlyPeaks, right.hourlyPeaks),
    basis: `${left.basis} ${right.basis}`,
  }));
}

function addedRow(left: readonly number[] | null, right: readonly number[] | null): number[] | null {
  return left && right && left.map((amount, level) => amount + (right[level] ?? 0));
}

function addedHours(
  left: ShownForecast["hourlyPeaks"],
  right: ShownForecast["hourlyPeaks"],
): ShownForecast["hourlyPeaks"] {
  if (left === null || right === null || left.length !== right.length) return null;
  return left.map((row, hour) => row.map((amount, level) => amount + (right[hour]?.[level] ?? 0)));
}
