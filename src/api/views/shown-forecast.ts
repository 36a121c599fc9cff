// A forecast as the API shows it: rows of quantiles, null where too little is known, and what it is made of in one sentence.
import { forecastAhead } from "../../control/forecast-ahead.ts";
import type { RunningCell } from "../../control/loop.ts";
import { type KnownEngine, knowledgeOf } from "../../forecast/demand-record/knowledge.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../../model/resources.ts";
import { iso } from "../../model/time.ts";
import type { VmForecast } from "../contract/monitoring.ts";

export type ShownForecast = VmForecast["resources"][Resource];

export function forecastOfVm(cell: RunningCell, index: number): VmForecast {
  const { layout, at } = cell.state;
  const of = (resource: Resource): ShownForecast => {
    const series = index * RESOURCE_COUNT + RESOURCES.indexOf(resource);
    const ahead = cell.engine.horizons && forecastAhead(cell, series).rows;
    return shownForecast({ nextTick: rowAt(cell.quantiles, series), ahead, basis: basisOf(cell.engine, series) });
  };
  const resources = { cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") };
  return { vm: layout.vmIds[index] ?? "", origin: iso(at), levels: [...QUANTILE_LEVELS], resources };
}

export function basisOf(engine: KnownEngine, series: number): string {
  return knowledgeOf(engine, series).sentence;
}

export function rowAt(rows: Float64Array, row: number): Float64Array {
  return rows.subarray(row * LEVEL_COUNT, (row + 1) * LEVEL_COUNT);
}

/** `ahead`: [window x level], the half hour first, then each hour; undefined where nobody forecasts that far. */
export function shownForecast(given: {
  readonly nextTick: Float64Array;
  readonly ahead: Float64Array | undefined;
  readonly basis: string;
}): ShownForecast {
  const { nextTick, ahead, basis } = given;
  const hours = ahead ? ahead.length / LEVEL_COUNT - 1 : 0;
  const hourly = ahead ? Array.from({ length: hours }, (_, hour) => quantiles(rowAt(ahead, hour + 1))) : [];
  const known = hourly.filter((row) => row !== null);
  return {
    nextTick: quantiles(nextTick),
    halfHourPeak: ahead ? quantiles(rowAt(ahead, 0)) : null,
    hourlyPeaks: known.length > 0 && known.length === hours ? known : null,
    basis,
  };
}

function quantiles(row: Float64Array): number[] | null {
  return row.every((amount) => Number.isFinite(amount)) ? [...row] : null;
}
