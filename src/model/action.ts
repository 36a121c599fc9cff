// An action is one idempotent set-point: doing it twice does no harm, doing the newest one is enough.
import type { HostId, Id, VmId } from "./fleet.ts";
import type { ResourceVector } from "./resources.ts";
import type { ShadowVmId } from "./shadow-vm.ts";
import type { Instant } from "./time.ts";

export type ActionId = Id<"action">;

/** In this order, so that a host is never over its capacity, not even for a moment. */
export const ACTION_PHASES = ["shrink", "grow", "pool"] as const;

interface ActionHead {
  readonly id: ActionId;
  readonly host: HostId;
  /** All of one phase may run side by side; the next begins when the one before has ended. */
  readonly phase: (typeof ACTION_PHASES)[number];
  /** One plain sentence, with the numbers. */
  readonly reason: string;
  /** Not worth doing any more after this instant: the next tick decides anew. */
  readonly deadline: Instant;
}

export type Action =
  | (ActionHead & { readonly kind: "resize-vm"; readonly vm: VmId; readonly setPoint: ResourceVector })
  | (ActionHead & {
      readonly kind: "resize-shadow-vm";
      readonly shadowVm: ShadowVmId;
      readonly setPoint: ResourceVector;
      /** It serves a customer whole, until it is retired: VMs draw on nothing of it any more. */
      readonly handedOver?: true;
    })
  | (ActionHead & {
      readonly kind: "boot-shadow-vm";
      readonly shadowVm: ShadowVmId;
      readonly minimum: ResourceVector;
      /** What it is made from; what all shadow VMs are made from where left out. */
      readonly image?: string;
    })
  | (ActionHead & { readonly kind: "retire-shadow-vm"; readonly shadowVm: ShadowVmId });

export type ActionOutcome =
  | { readonly action: ActionId; readonly kind: "done"; readonly at: Instant }
  | { readonly action: ActionId; readonly kind: "failed"; readonly at: Instant; readonly message: string };
