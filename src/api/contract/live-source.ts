// Where the server reads what it shows: whoever runs a cell implements it, the server only asks. "unavailable" or "timeout" while
// the cell does not answer.
import type { Result } from "../../model/result.ts";
import type { CustomerChart, FleetView, Tick } from "./live.ts";

export interface LiveSource {
  /** undefined before the first tick is finished. */
  fleet(): Promise<Result<FleetView | undefined>>;
  /** undefined for an unknown customer, and before the first tick is finished. */
  customerChart(id: string): Promise<Result<CustomerChart | undefined>>;
  /** `listener` hears of every finished tick, until the returned function is called. */
  subscribe(listener: (tick: Tick) => void): () => void;
}
