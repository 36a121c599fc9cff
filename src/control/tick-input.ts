// What comes into a step: everything it may know, as columns.
import type { CustomerId, VmId, WorkloadId } from "../model/fleet.ts";
import type { ForecastBatch } from "../model/forecast.ts";
import type { HandOverId, ReplicaAddress } from "../model/hand-over.ts";
import type { Resource, ResourceVector } from "../model/resources.ts";
import type { ServiceContract } from "../model/service-plan.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import type { DurationMs, Instant } from "../model/time.ts";
import type { WorkloadTemplate } from "../model/workload-template.ts";
import type { Guardrails } from "../shaping/guardrails.ts";

export type StepInput = TickInput | PressureInput | CommandInput;

/** One tick just ended: what was seen, and what is forecast for the tick that begins. */
export interface TickInput {
  readonly kind: "tick";
  /** End of the tick just past = begin of the next. */
  readonly now: Instant;
  /** [series] demand of the tick just past, base units; NaN where no sample came. */
  readonly demand: Float64Array;
  /** [series] what was used of what there was; as much as was demanded where left out. NaN counts as that too. */
  readonly used?: Float64Array;
  /** [series] MARKS of each sample, as far as the source says more than an amount. */
  readonly marks?: Uint8Array;
  readonly shadowVms: readonly ShadowVm[];
  /** Its origin is `now`: it knows the tick just past, and nothing after it. */
  readonly forecasts: ForecastBatch;
  /** What was in force in truth, whoever set it. Left out where set-points cannot fail: in a backtest. */
  readonly inForce?: InForce;
}

/** Base units; NaN where nobody knows. */
export interface InForce {
  /** [series] */
  readonly allocations: Float64Array;
  /** [place] */
  readonly buffers: Float64Array;
}

/** Between two ticks VMs are about to run out: the fast path. */
export interface PressureInput {
  readonly kind: "pressure";
  readonly now: Instant;
  readonly pressed: readonly PressedSample[];
}

export interface PressedSample {
  readonly vm: VmId;
  readonly resource: Resource;
  /** What it wants: usage and what it was kept from using; NaN where unknown. */
  readonly demand: number;
  /** What the VM has in truth, of all resources. */
  readonly allocation: ResourceVector;
}

/** Somebody wants something to be so from now on. */
export interface CommandInput {
  readonly kind: "command";
  readonly now: Instant;
  readonly command: Command;
}

export type Command =
  | { readonly kind: "set-terms"; readonly contract: ServiceContract }
  | { readonly kind: "set-guardrails"; readonly guardrails: Guardrails }
  /** What was set by hand may be changed again. */
  | { readonly kind: "hand-back"; readonly vm: VmId }
  | AskHandOver
  /** A shadow VM that was handed over is wanted no more. */
  | { readonly kind: "return"; readonly id: HandOverId }
  /** The replica passed its workload's readiness check. */
  | { readonly kind: "replica-ready"; readonly id: HandOverId }
  /** The customer's load balancer took a notice in. */
  | { readonly kind: "notice-acknowledged"; readonly idempotencyKey: string };

/** A workload that scales horizontally wants a whole shadow VM as one more replica. */
export interface AskHandOver {
  readonly kind: "hand-over";
  /** Of whoever asks; never used twice. */
  readonly id: HandOverId;
  readonly workload: WorkloadId;
  readonly customer: CustomerId;
  /** Base units; the most that a shadow VM can have where left out. */
  readonly size?: ResourceVector;
  readonly replica: ReplicaAddress;
  /** How long its work has to leave; `HAND_OVER_TIMES` where left out. */
  readonly drainMs?: DurationMs;
  /** Of its workload, as it is declared now; any shadow VM will do, and is ready as soon as it has its size, where left out. */
  readonly template?: Pick<WorkloadTemplate, "image" | "readiness">;
}
