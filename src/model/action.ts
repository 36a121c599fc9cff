// An action is one idempotent set-point: doing it twice does no harm, doing the newest one is enough.
import type { HostId, Id, VmId } from "./fleet.ts";
import type { ResourceVector } from "./resources.ts";
import type { ShadowVmId } from "./shadow-vm.ts";
import type { Instant } from "./time.ts";

export type ActionId = Id<"action">;

interface ActionHead {
  readonly id: ActionId;
  readonly host: HostId;
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
    })
  | (ActionHead & { readonly kind: "boot-shadow-vm"; readonly shadowVm: ShadowVmId; readonly minimum: ResourceVector })
  | (ActionHead & { readonly kind: "retire-shadow-vm"; readonly shadowVm: ShadowVmId });

export type ActionOutcome =
  | { readonly action: ActionId; readonly kind: "done"; readonly at: Instant }
  | { readonly action: ActionId; readonly kind: "failed"; readonly at: Instant; readonly message: string };
