// Sums of series (a customer's VMs, a host's VMs) forecast as series of their own, by an engine like that of their parts:
// whether parts burst together or in turn is in the sum, and nowhere else.
import { createDemandEngine, type DemandEngine, forecastTick, observeTick } from "../demand-engine.ts";
import { readDemand } from "../demand-history.ts";
import { isLearnedFrom } from "../demand-record/demand-records.ts";
import { OFF } from "../demand-record/sample-kind.ts";

export interface Totals {
  /** [total] the series that it sums, all of one resource. */
  readonly members: readonly Int32Array[];
  readonly engine: DemandEngine;
}

export interface TotalsOptions {
  readonly stepMs: number;
  readonly members: readonly (readonly number[])[];
  /** [total] > 0: the smallest total worth telling from nothing, base units. */
  readonly floors: Float64Array;
}

export function createTotals({ stepMs, members, floors }: TotalsOptions): Totals {
  return {
    members: members.map((own) => Int32Array.from(own)),
    engine: createDemandEngine({ stepMs, floors, horizons: true }),
  };
}

/** [total x level] `quantiles` for the tick to come, after the parts' engine has seen the tick just past. */
export function advanceTotals(totals: Totals, parts: DemandEngine, quantiles: Float64Array): void {
  const demand = Float64Array.from(totals.members, (own) => sumOf(parts, own));
  observeTick(totals.engine, { demand });
  forecastTick(totals.engine, { demand }, quantiles);
}

/** Of the tick just past; what is held for a part that did not come counts as its demand. NaN while no part was ever seen. */
function sumOf(parts: DemandEngine, own: Int32Array): number {
  let sum = Number.NaN;
  for (const series of own) {
    if ((parts.samples[series] as number) === 0) continue;
    sum = (Number.isNaN(sum) ? 0 : sum) + taken(parts, series);
  }
  return sum;
}

function taken({ records, history, tick }: DemandEngine, series: number): number {
  const kind = records.kinds[series] as number;
  if (kind === OFF) return 0;
  return isLearnedFrom(kind) ? (records.demand[series] as number) : readDemand(history, series, tick - 1);
}
