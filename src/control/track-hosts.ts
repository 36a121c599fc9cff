// Whether what was likely of a host's VMs together came out too high of late: then its buffer is forecast from the same mistake,
// and gives way with it.
import { RESOURCE_COUNT } from "../model/resources.ts";
import { overPredictionOf, trackForecast } from "../shaping/over-prediction.ts";
import type { CellState } from "./cell-state.ts";

/** Before new leases are wished for, while what was forecast for the tick just past is known. */
export function trackHosts({ layout, descents, allocations, hostErrors }: CellState, demand: Float64Array): void {
  const { signed, absolute } = hostErrors;
  for (let place = 0; place < signed.length; place++) {
    let [likely, came, count] = [0, 0, 0];
    for (const vm of layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? []) {
      const series = vm * RESOURCE_COUNT + (place % RESOURCE_COUNT);
      const [forecast, seen] = [descents.likely[series] as number, demand[series] as number];
      // Held back, it says nothing against its forecast.
      if (Number.isNaN(forecast) || Number.isNaN(seen) || (seen === allocations[series] && seen < forecast)) continue;
      likely += forecast;
      came += seen;
      count++;
    }
    if (count === 0) continue;
    const track = { signed: signed[place] as number, absolute: absolute[place] as number };
    const next = trackForecast(track, { likely, demand: came, heldBack: false });
    signed[place] = next.signed;
    absolute[place] = next.absolute;
  }
}

/** 0..1, how sure it is that forecasts of this host are too high of late. */
export function hostOverPrediction({ hostErrors: { signed, absolute } }: CellState, place: number): number {
  return overPredictionOf({ signed: signed[place] as number, absolute: absolute[place] as number });
}
