// What a customer bought: how far Headroom goes ahead of demand for their VMs, and who goes first when there is not enough.
import type { CustomerId } from "./fleet.ts";
import type { QuantileLevel } from "./forecast.ts";
import { type Resource, type ResourceVector, resourceVector, smaller } from "./resources.ts";

/** In the order in which they give way: the first one goes short first. */
export const SERVICE_PLANS = ["standard", "predictive", "guaranteed", "dedicated"] as const;
export type ServicePlan = (typeof SERVICE_PLANS)[number];

export interface PlanTerms {
  /** No VM that opted in is lent less than this quantile of its demand. Index into QUANTILE_LEVELS: `levelIndex`. */
  readonly leaseFloor: QuantileLevel;
  /** Larger goes first: on the fast path, and when leases must be cut. */
  readonly priority: number;
  /** How much dearer than for `predictive` demand is that comes late, out of the buffer: the more, the more is lent ahead. */
  readonly latePriceTimes: number;
  /** Whether the fast path may give what no forecast foresaw. */
  readonly bursts: boolean;
  /** Whether shadow VMs on shared hosts may serve the customer when its own pool is full. */
  readonly burstsIntoShared: boolean;
}

/**
 * `predictive` is what was measured (floor 0.8: 24 changes per VM-day at about the score of unlimited ones).
 * The others stand around it by choice: standard leaves more to the buffer, guaranteed less.
 */
export const PLAN_TERMS: Readonly<Record<ServicePlan, PlanTerms>> = {
  standard: { leaseFloor: 0.5, priority: 0, latePriceTimes: 0.4, bursts: true, burstsIntoShared: false },
  predictive: { leaseFloor: 0.8, priority: 1, latePriceTimes: 1, bursts: true, burstsIntoShared: false },
  guaranteed: { leaseFloor: 0.9, priority: 2, latePriceTimes: 2, bursts: true, burstsIntoShared: false },
  dedicated: { leaseFloor: 0.9, priority: 3, latePriceTimes: 2, bursts: true, burstsIntoShared: true },
};

/** What one customer agreed to, for all of its VMs. */
export interface ServiceContract {
  readonly customer: CustomerId;
  readonly plan: ServicePlan;
  /** Resources that Headroom may shape. A resource that is left out is opted out: its VMs go back to their bases. */
  readonly optedIn: readonly Resource[];
  /** The most that one VM may get by this contract; what the VM itself allows where left out. */
  readonly ceiling?: ResourceVector;
}

/** Nobody is touched who did not ask for it. */
export function optedOut(customer: CustomerId): ServiceContract {
  return { customer, plan: "standard", optedIn: [] };
}

export function isOptedIn({ optedIn }: ServiceContract, resource: Resource): boolean {
  return optedIn.includes(resource);
}

/**
 * The most that a VM may get: by its own contract and its customer's, and its base for a resource that is opted out.
 * Never below the base, which is always there.
 */
export function ceilingOf(
  contract: ServiceContract,
  { base, ceiling }: { readonly base: ResourceVector; readonly ceiling: ResourceVector },
): ResourceVector {
  const allowed = contract.ceiling === undefined ? ceiling : smaller(ceiling, contract.ceiling);
  const of = (resource: Resource) =>
    isOptedIn(contract, resource) ? Math.max(allowed[resource], base[resource]) : base[resource];
  return resourceVector({ cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") });
}
