// What a replica of a workload is made from, and when it counts as ready: declared by its customer, in base units.
import type { WorkloadId } from "./fleet.ts";
import type { ResourceVector } from "./resources.ts";
import type { DurationMs } from "./time.ts";

export interface WorkloadTemplate {
  readonly workload: WorkloadId;
  /** As the hosts know it. A shadow VM that was made from anything else never serves this workload. */
  readonly image: string;
  /** What a replica gets where nobody asks for anything else; the most that a shadow VM can have where left out. */
  readonly size?: ResourceVector;
  /** Left out: only the customer's load balancer makes health checks. */
  readonly readiness?: ReadinessCheck;
}

/** Of the replica's own port: a connection is taken, or a GET is answered with 200 to 399. */
export type ReadinessCheck = ReadinessPace &
  ({ readonly kind: "tcp" } | { readonly kind: "http"; readonly path: string });

interface ReadinessPace {
  readonly intervalMs: DurationMs;
  readonly timeoutMs: DurationMs;
  /** So many in a row: one good answer can be luck. */
  readonly successes: number;
}
