// A range of time from which nothing is to be learned: a load test, a broken meter, a day that will not come again.
import type { VmId } from "./fleet.ts";
import type { Instant } from "./time.ts";

export interface DoNotLearnRange {
  readonly start: Instant;
  /** Exclusive. */
  readonly end: Instant;
  /** Whom it concerns; everybody where left out. */
  readonly vms?: readonly VmId[];
  /** In the words of whoever said so. */
  readonly reason: string;
}
