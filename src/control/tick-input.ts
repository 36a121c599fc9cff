// What comes into a step: everything it may know, as columns.
import type { ForecastBatch } from "../model/forecast.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import type { Instant } from "../model/time.ts";

/** One tick just ended: what was seen, and what is forecast for the tick that begins. */
export interface TickInput {
  readonly kind: "tick";
  /** End of the tick just past = begin of the next. */
  readonly now: Instant;
  /** [series] demand of the tick just past, base units; NaN where no sample came. */
  readonly demand: Float64Array;
  readonly shadowVms: readonly ShadowVm[];
  /** Its origin is `now`: it knows the tick just past, and nothing after it. */
  readonly forecasts: ForecastBatch;
  /** What was in force in truth, whoever set it. Left out where set-points cannot fail: in a backtest. */
  readonly inForce?: InForce;
}

/** Base units; NaN where nobody knows. */
export interface InForce {
  /** [series] */
  readonly allocations: Float64Array;
  /** [place] */
  readonly buffers: Float64Array;
}
