// What was agreed for each VM, as columns: whom Headroom may touch at all, how far it goes ahead of demand, and up to where.
import type { WorkloadId } from "../model/fleet.ts";
import { levelIndex } from "../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import { isOptedIn, PLAN_TERMS, SERVICE_PLANS, type ServiceContract, type ServicePlan } from "../model/service-plan.ts";
import { type CellLayout, NOBODY } from "./cell-layout.ts";

/** Whether a series may be touched. What has left is never touched again, whoever changes it. */
export const CONSENT = { left: 0, leaving: 1, shaped: 2 } as const;

export interface ServiceTerms {
  /** [vm] index into SERVICE_PLANS */
  readonly plans: Uint8Array;
  /** [series] CONSENT */
  readonly consent: Uint8Array;
  /** [series] the most it may get, base units; never below its base. */
  readonly ceilings: Float64Array;
}

const DEFAULT_PLAN: ServicePlan = "predictive";

/** Until a contract says otherwise every VM is shaped in every resource, by the plan that was measured. */
export function createServiceTerms({ vmIds, ceiling }: CellLayout): ServiceTerms {
  return {
    plans: new Uint8Array(vmIds.length).fill(SERVICE_PLANS.indexOf(DEFAULT_PLAN)),
    consent: new Uint8Array(ceiling.length).fill(CONSENT.shaped),
    ceilings: ceiling.slice(),
  };
}

/** Returns false where the customer owns no VM here. */
export function setTerms(terms: ServiceTerms, layout: CellLayout, contract: ServiceContract): boolean {
  const customer = layout.customers.indexOf(contract.customer);
  if (customer === NOBODY) return false;
  for (const [vm, owner] of layout.customerOfVm.entries()) {
    if (owner !== customer) continue;
    terms.plans[vm] = SERVICE_PLANS.indexOf(contract.plan);
    for (const [offset, resource] of RESOURCES.entries()) {
      const series = vm * RESOURCE_COUNT + offset;
      const [base, most] = [layout.base[series] as number, layout.ceiling[series] as number];
      terms.ceilings[series] = Math.max(Math.min(most, contract.ceiling?.[resource] ?? most), base);
      if (isOptedIn(contract, resource)) terms.consent[series] = CONSENT.shaped;
      else if (terms.consent[series] === CONSENT.shaped) terms.consent[series] = CONSENT.leaving;
    }
  }
  return true;
}

const FLOOR_LEVELS = SERVICE_PLANS.map((plan) => levelIndex(PLAN_TERMS[plan].leaseFloor));
const LATE_PRICE_TIMES = SERVICE_PLANS.map((plan) => PLAN_TERMS[plan].latePriceTimes);
const PRIORITIES = SERVICE_PLANS.map((plan) => PLAN_TERMS[plan].priority);

/** Index of the lowest level that a VM may be lent. */
export function floorLevelOf({ plans }: ServiceTerms, vm: number): number {
  return FLOOR_LEVELS[plans[vm] as number] as number;
}

export function latePriceTimesOf({ plans }: ServiceTerms, vm: number): number {
  return LATE_PRICE_TIMES[plans[vm] as number] as number;
}

/** Larger goes first. */
export function priorityOf({ plans }: ServiceTerms, vm: number): number {
  return PRIORITIES[plans[vm] as number] as number;
}

/** Where a plan lets a customer's replicas into shared pools when its own is full. */
export function burstsIntoShared(
  { terms, layout }: { readonly terms: ServiceTerms; readonly layout: CellLayout },
  workload: WorkloadId,
): boolean {
  const index = layout.workloads.findIndex(({ id }) => id === workload);
  const [vm] = layout.vmsOfWorkload[index] ?? [];
  return vm !== undefined && PLAN_TERMS[planOf(terms, vm)].burstsIntoShared;
}

function planOf({ plans }: ServiceTerms, vm: number): ServicePlan {
  return SERVICE_PLANS[plans[vm] as number] ?? DEFAULT_PLAN;
}

/** The plan of a priority: priorities are all different. */
export function planOfPriority(priority: number): ServicePlan {
  return SERVICE_PLANS[PRIORITIES.indexOf(priority)] ?? DEFAULT_PLAN;
}

export function mayBurst(terms: ServiceTerms, series: number): boolean {
  const vm = Math.floor(series / RESOURCE_COUNT);
  return terms.consent[series] === CONSENT.shaped && PLAN_TERMS[planOf(terms, vm)].bursts;
}
