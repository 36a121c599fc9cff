// A decision record says what was decided, from which numbers, and why: data first, one sentence on demand.
import type { HostId, VmId } from "./fleet.ts";
import type { Resource } from "./resources.ts";
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
    }
  | { readonly kind: "held"; readonly at: Instant; readonly vm: VmId; readonly host: HostId };
