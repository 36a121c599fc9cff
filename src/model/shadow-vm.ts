// A shadow VM physically holds a part of its host's buffer; lending shrinks it and grows a customer's VM on the same host.
import type { HostId, Id } from "./fleet.ts";
import type { ResourceVector } from "./resources.ts";

export type ShadowVmId = Id<"shadow-vm">;

export const SHADOW_VM_STATES = [
  "requested",
  "booting",
  "idle",
  "scaling-up",
  "ready",
  "lending",
  "handed-over",
  "scaling-down",
  "retiring",
  "failed",
] as const;
export type ShadowVmState = (typeof SHADOW_VM_STATES)[number];

export interface ShadowVm {
  readonly id: ShadowVmId;
  readonly host: HostId;
  readonly state: ShadowVmState;
  /** What it needs to stay up while it holds nothing. */
  readonly minimum: ResourceVector;
  /** The most it can hold, minimum included. */
  readonly ceiling: ResourceVector;
  /** What it is allowed now; the part above the minimum is buffer. */
  readonly allocation: ResourceVector;
}
