// THE DOORS of the control plane: everything that is not a pure function comes in or goes out here.
// Real machines and the simulated fleet stand behind the same doors and keep the same contracts.
import type { Action, ActionOutcome } from "../model/action.ts";
import type { DoNotLearnRange } from "../model/do-not-learn.ts";
import type { ExternalEvent } from "../model/event.ts";
import type { HostId, VmId } from "../model/fleet.ts";
import type { ReplicaAddress } from "../model/hand-over.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import type { Resource, ResourceVector } from "../model/resources.ts";
import type { Result } from "../model/result.ts";
import type { ShadowVm, ShadowVmId } from "../model/shadow-vm.ts";
import type { Instant } from "../model/time.ts";
import type { ReadinessCheck } from "../model/workload-template.ts";

export interface Clock {
  /** Never goes back while the process lives. */
  now(): Instant;
  /** Resolves at `at` (at once if that is past), or as soon as `stopped` resolves. */
  sleepUntil(at: Instant, stopped: Promise<void>): Promise<void>;
}

/**
 * Amounts as a source said them, base units: what is absurd is sorted out and counted behind the door, never in front
 * of it.
 */
type SeenAmounts = Readonly<Record<Resource, number>>;

/** What one VM was seen to use over the tick just past, mean rates and levels. */
export interface VmObservation {
  readonly vm: VmId;
  /** "running" where left out. */
  readonly power?: "running" | "off";
  readonly usage: SeenAmounts;
  /**
   * What the VM was kept from using, as far as the source measures it (steal and run-queue delay, throttling, swapped
   * or refused memory): demand = usage + unmet. Left out for a resource of which the source cannot tell: there, usage
   * at the allocation counts as "at least this much".
   */
  readonly unmet: Partial<SeenAmounts>;
  /**
   * Resources of which the source saw that the VM was held back by more than it measured: CPU steal, memory pressure.
   */
  readonly pressed?: readonly Resource[];
  /** What the VM is allowed in truth, whoever set it. */
  readonly allocation: ResourceVector;
  /**
   * The most that the machine can be given as it is now, whoever resized it; the ceiling of its contract where left
   * out.
   */
  readonly size?: ResourceVector;
}

/** A sample of an earlier tick that came only now. */
interface LateObservation extends Pick<VmObservation, "vm" | "usage" | "unmet"> {
  /** End of the tick that it belongs to. */
  readonly at: Instant;
}

export interface FleetObservation {
  /** End of the tick that was observed. */
  readonly at: Instant;
  /** VMs without a sample are left out: a silent zero would look like demand. Of several of one VM the last stands. */
  readonly vms: readonly VmObservation[];
  /** In any order; of several for one tick the last stands. */
  readonly late?: readonly LateObservation[];
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

export interface AskedReplica {
  readonly shadowVm: ShadowVmId;
  readonly replica: ReplicaAddress;
  readonly check: ReadinessCheck;
}

export interface ReplicaProbe {
  /** Whether it takes work: asked once, answered once, within the time of its check. Safe to call again. */
  probe(asked: AskedReplica): Promise<Result<void>>;
}

/** What people said of the VMs of a cell and of what is to come. */
export interface Declarations {
  readonly profiles: ReadonlyMap<VmId, WorkloadProfile>;
  /** In any order, each with an id of its own; those announced later than now are not looked at. */
  readonly events: readonly ExternalEvent[];
  readonly doNotLearn: readonly DoNotLearnRange[];
}

export const NOTHING_DECLARED: Declarations = { profiles: new Map(), events: [], doNotLearn: [] };
