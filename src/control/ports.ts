// THE DOORS of the control plane: everything that is not a pure function comes in or goes out here.
// Real machines and the simulated fleet stand behind the same doors and keep the same contracts.
import type { Action, ActionOutcome } from "../model/action.ts";
import type { HostId, VmId } from "../model/fleet.ts";
import type { ResourceVector } from "../model/resources.ts";
import type { Result } from "../model/result.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import type { Instant } from "../model/time.ts";

export interface Clock {
  /** Never goes back while the process lives. */
  now(): Instant;
  /** Resolves at `at` (at once if that is past), or as soon as `stopped` resolves. */
  sleepUntil(at: Instant, stopped: Promise<void>): Promise<void>;
}

/** What one VM was seen to use over the tick just past, mean rates and levels. */
export interface VmObservation {
  readonly vm: VmId;
  readonly usage: ResourceVector;
  /**
   * What the VM was kept from using, as far as the source can tell (steal and run-queue delay, throttling, swapped or
   * refused memory): demand = usage + unmet. Zero where the source cannot tell.
   */
  readonly unmet: ResourceVector;
  /** What the VM is allowed in truth, whoever set it. */
  readonly allocation: ResourceVector;
}

export interface FleetObservation {
  /** End of the tick that was observed. */
  readonly at: Instant;
  /** VMs without a sample are left out: a silent zero would look like demand. */
  readonly vms: readonly VmObservation[];
  readonly shadowVms: readonly ShadowVm[];
  /** Hosts that did not answer; what runs there keeps its last safe allocation. */
  readonly unreachable: readonly HostId[];
}

export interface Telemetry {
  /** The tick that ends now. Safe to call again: it reads, it changes nothing. */
  observe(): Promise<Result<FleetObservation>>;
}

export interface Actuator {
  /**
   * Applies one set-point. Idempotent: the same action twice leaves the same state. Within one host the caller awaits
   * shrinks before it sends grows, and an actuator refuses ("no-capacity") what would pass the host's capacity.
   * An action past its deadline is refused ("rejected").
   */
  apply(action: Action): Promise<ActionOutcome>;
}
