// A lease is capacity lent from the pool to one VM, on top of its base, until it expires or is taken back in stages.
import type { Id, VmId } from "./fleet.ts";
import type { Resource } from "./resources.ts";
import type { Instant } from "./time.ts";

export type LeaseId = Id<"lease">;

/** Stages of taking capacity back: held -> trimming -> draining -> returned. */
export const LEASE_STAGES = ["held", "trimming", "draining", "returned"] as const;
export type LeaseStage = (typeof LEASE_STAGES)[number];

export interface Lease {
  readonly id: LeaseId;
  readonly vm: VmId;
  readonly resource: Resource;
  /** Above the base, in base units of the resource. */
  readonly amount: number;
  readonly grantedAt: Instant;
  readonly expiresAt: Instant;
  readonly state: LeaseStage;
}
