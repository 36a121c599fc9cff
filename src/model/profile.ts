// A workload profile: what a customer declares of a workload, so that a forecast need not begin from nothing.
import type { WorkloadClass } from "./fleet.ts";
import type { Resource } from "./resources.ts";
import { assert } from "./result.ts";
import type { Instant } from "./time.ts";

/** How the workload takes up capacity: a bigger VM, more replicas, or neither. */
export const SCALING_KINDS = ["vertical", "horizontal", "fixed"] as const;
type ScalingKind = (typeof SCALING_KINDS)[number];

export const HOURS_A_WEEK = 168;

/** Demand of one resource by hour of the week, Monday 00:00 first, in the profile's time zone. Base units. */
export interface DeclaredDemand {
  /** [168] the level that demand stays below half of the time. */
  readonly typical: Float64Array;
  /** [168] the level that demand stays below 95 % of the time; >= typical. */
  readonly peak: Float64Array;
}

/** From `at` on, demand is multiplied with `factor`: a migration, a new product, a resize. */
export interface PlannedChange {
  readonly at: Instant;
  readonly factor: number;
}

export interface WorkloadProfile {
  readonly workloadClass?: WorkloadClass;
  readonly scaling: ScalingKind;
  /** Minutes that local time is ahead of UTC: the hours of the week are local ones. */
  readonly utcOffsetMinutes: number;
  /** By resource; left out where nothing was declared. */
  readonly demand: Readonly<Partial<Record<Resource, DeclaredDemand>>>;
  /** Expected growth a month, compounded: 0.05 = 5 %. */
  readonly growthPerMonth: number;
  /** When the numbers were true: growth counts from here. */
  readonly declaredAt: Instant;
  readonly plannedChanges: readonly PlannedChange[];
}

export function declaredDemand(declared: DeclaredDemand): DeclaredDemand {
  const { typical, peak } = declared;
  const hours = `a profile declares ${HOURS_A_WEEK} hours, got ${typical.length} and ${peak.length}`;
  assert(typical.length === HOURS_A_WEEK && peak.length === HOURS_A_WEEK, hours);
  for (let hour = 0; hour < HOURS_A_WEEK; hour++) {
    const [low, high] = [typical[hour] as number, peak[hour] as number];
    assert(low >= 0 && high >= low, `hour ${hour}: 0 <= typical <= peak, got ${low} and ${high}`);
  }
  return declared;
}
