// A customer's total is forecast as a total: the sum of its VMs' quantiles would be far too careful.
import { forecastDayAhead } from "../../forecast/day-ahead.ts";
import { advance, createDemandEngine } from "../../forecast/demand-engine.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";
import type { Fan } from "../contract/live.ts";
import type { Sums } from "./cell-sums.ts";

export interface CustomerForecaster {
  observe(customers: readonly Sums[]): void;
  /** The next 24 h from `origin` on, milliseconds since 1970; empty while nothing is known. */
  forecast(customer: number, origin: number): Record<Resource, Fan>;
}

/** Smallest total worth telling from nothing: a hundredth of a core, 16 MiB, 16 KiB/s, 16 KiB/s. */
const FLOORS = [1e-2, 2 ** 24, 2 ** 14, 2 ** 14];

export function createCustomerForecaster(size: { customers: number; stepMs: number }): CustomerForecaster {
  const seriesCount = size.customers * RESOURCE_COUNT;
  const floors = Float64Array.from({ length: seriesCount }, (_, series) => FLOORS[series % RESOURCE_COUNT] ?? 1);
  const engine = createDemandEngine({ stepMs: size.stepMs, floors });
  const nextTick = new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN);
  return {
    observe(customers) {
      const demand = Float64Array.from(
        customers.flatMap(({ used, short }) => RESOURCES.map((resource) => used[resource] + short[resource])),
      );
      advance(engine, { demand }, nextTick);
    },
    forecast(customer, origin) {
      const fanOf = (offset: number): Fan => {
        const path = forecastDayAhead({ engine, series: customer * RESOURCE_COUNT + offset, nextTick });
        const ticks = Number.isNaN(path[0]) ? 0 : path.length / LEVEL_COUNT;
        return {
          levels: [...QUANTILE_LEVELS],
          at: Array.from({ length: ticks }, (_, ahead) => origin + (ahead + 1) * size.stepMs),
          quantiles: Array.from({ length: ticks }, (_, ahead) => [
            ...path.subarray(ahead * LEVEL_COUNT, (ahead + 1) * LEVEL_COUNT),
          ]),
        };
      };
      return { cpu: fanOf(0), memory: fanOf(1), network: fanOf(2), storage: fanOf(3) };
    },
  };
}
