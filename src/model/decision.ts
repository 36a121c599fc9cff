// A decision record says what was decided, from which numbers, and why: data first, one sentence on demand.
import type { CustomerId, HostId, VmId, WorkloadId } from "./fleet.ts";
import type { HandOverId, HandOverState } from "./hand-over.ts";
import type { Resource, ResourceVector } from "./resources.ts";
import type { ServicePlan } from "./service-plan.ts";
import type { ShadowVmId } from "./shadow-vm.ts";
import type { Instant } from "./time.ts";

/** All amounts in base units of the resource. */
export type DecisionRecord =
  | {
      readonly kind: "raise" | "trim";
      readonly at: Instant;
      readonly vm: VmId;
      readonly host: HostId;
      readonly resource: Resource;
      readonly from: number;
      readonly to: number;
      /** The quantile level that was leased, and the likely demand (0.5) beside it. */
      readonly level: number;
      readonly likely: number;
      readonly base: number;
      /** True when the host had less room than was asked for. */
      readonly short: boolean;
    }
  | {
      readonly kind: "buffer";
      readonly at: Instant;
      readonly host: HostId;
      readonly resource: Resource;
      readonly from: number;
      readonly to: number;
      /** What the host's VMs were expected to need beyond their leases, and how sure the buffer is to hold it. */
      readonly expectedExcess: number;
      readonly level: number;
    }
  | {
      readonly kind: "went-short";
      readonly at: Instant;
      readonly host: HostId;
      readonly resource: Resource;
      readonly excess: number;
      readonly buffer: number;
      readonly vmsAbove: number;
    }
  | {
      readonly kind: "shadow-vm";
      readonly at: Instant;
      readonly host: HostId;
      readonly shadowVm: ShadowVmId;
      readonly change: "boot" | "retire";
      /** The customer's work that it is for, or was; left out where it holds buffer. */
      readonly handOver?: HandOverId;
    }
  | { readonly kind: "held"; readonly at: Instant; readonly vm: VmId; readonly host: HostId }
  | RefusedChange
  | ReliefRecord
  | ScarcityRecord
  | WorldRecord
  | HandOverRecord
  | CommandRecord;

/** A change that was wished and that a guardrail, the guest or somebody's hand forbids for now. */
export interface RefusedChange {
  readonly kind: "refused";
  readonly at: Instant;
  readonly vm: VmId;
  readonly host: HostId;
  readonly resource: Resource;
  readonly has: number;
  readonly wished: number;
  /** One plain sentence. */
  readonly why: string;
}

/** The fast path answered a VM under pressure. */
export interface ReliefRecord {
  readonly kind: "relief";
  readonly at: Instant;
  readonly vm: VmId;
  readonly host: HostId;
  readonly resource: Resource;
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

export type ScarcityRecord =
  | {
      /** Leases of one plan were cut, since their host has less room than was asked for. */
      readonly kind: "cut";
      readonly at: Instant;
      readonly host: HostId;
      readonly resource: Resource;
      readonly plan: ServicePlan;
      readonly asked: number;
      readonly granted: number;
      /** No lease of the plan reaches above this level of its own VM's demand, 0..1. */
      readonly level: number;
    }
  | {
      /** Changes that would gain something wait for a later tick, since others gain more. */
      readonly kind: "budget-spent";
      readonly at: Instant;
      readonly host: HostId;
      readonly resource: Resource;
      readonly wishes: number;
      readonly budget: number;
    }
  | {
      readonly kind: "capacity-advice";
      readonly at: Instant;
      readonly host: HostId;
      readonly resource: Resource;
      readonly from: Instant;
      readonly to: Instant;
      readonly short: number;
      readonly sentence: string;
    };

/** What the world did, and not we. */
export type WorldRecord =
  | {
      /** Somebody else set an amount; it stays until then. */
      readonly kind: "drift";
      readonly at: Instant;
      readonly vm: VmId;
      readonly host: HostId;
      readonly resource: Resource;
      readonly expected: number;
      readonly found: number;
      readonly until: Instant;
    }
  | {
      /** A set-point was not seen to come true for so many ticks; it is stated anew every time. */
      readonly kind: "overdue";
      readonly at: Instant;
      readonly vm: VmId;
      readonly host: HostId;
      readonly resource: Resource;
      readonly asked: number;
      readonly has: number;
      readonly ticks: number;
    };

/** A hand-over moved on. */
export interface HandOverRecord {
  readonly kind: "hand-over";
  readonly at: Instant;
  readonly handOver: HandOverId;
  readonly customer: CustomerId;
  readonly workload: WorkloadId;
  readonly host: HostId;
  readonly shadowVm: ShadowVmId;
  /** The same as `to` where it only was asked back; "asked" where it begins. */
  readonly from: HandOverState;
  readonly to: HandOverState;
  /** What the replica is promised. */
  readonly size: ResourceVector;
  /** One plain sentence. */
  readonly why: string;
}

export type CommandRecord =
  | {
      readonly kind: "terms";
      readonly at: Instant;
      readonly customer: CustomerId;
      readonly plan: ServicePlan;
      readonly optedIn: readonly Resource[];
    }
  | { readonly kind: "guardrails"; readonly at: Instant; readonly killSwitch: boolean; readonly sentence: string }
  | { readonly kind: "handed-back"; readonly at: Instant; readonly vm: VmId }
  | { readonly kind: "command-refused"; readonly at: Instant; readonly command: string; readonly why: string };
