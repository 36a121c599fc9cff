// Where the server reads what it shows: whoever runs a cell implements it, the server only asks.
import type { CustomerChart, FleetView, Tick } from "../contract/live.ts";

export interface LiveSource {
  /** undefined before the first tick is finished. */
  fleet(): FleetView | undefined;
  /** undefined for an unknown customer, and before the first tick is finished. */
  customerChart(id: string): CustomerChart | undefined;
  /** `listener` hears of every finished tick, until the returned function is called. */
  subscribe(listener: (tick: Tick) => void): () => void;
}
