// A hand-over: a whole shadow VM serves a customer as one more replica, from the wish for it to its return.
// What the customer's load balancer is told is plain data here; signing and sending it is for an adapter.
import type { CustomerId, HostId, Id, WorkloadId } from "./fleet.ts";
import type { ResourceVector } from "./resources.ts";
import type { ShadowVmId } from "./shadow-vm.ts";
import type { Instant } from "./time.ts";

export type HandOverId = Id<"hand-over">;

export const HAND_OVER_STATES = [
  "asked",
  "scaling-up",
  "announced",
  "serving",
  "draining",
  "returned",
  "failed",
] as const;
export type HandOverState = (typeof HAND_OVER_STATES)[number];

export interface HandOver {
  readonly id: HandOverId;
  readonly customer: CustomerId;
  readonly workload: WorkloadId;
  readonly shadowVm: ShadowVmId;
  readonly host: HostId;
  readonly state: HandOverState;
  /** When it came into this state. */
  readonly since: Instant;
}

/** What the customer's load balancer is told: send it work; send it no more; it is lost, send it nothing at once. */
export const HAND_OVER_NOTICES = ["joins", "leaves", "lost"] as const;
export type HandOverNoticeKind = (typeof HAND_OVER_NOTICES)[number];

export const HAND_OVER_NOTICE_SCHEMA = "headroom.hand-over/1";

/** The body of the webhook. The same notice sent twice has the same key, and means once. */
export interface HandOverNotice {
  readonly schema: typeof HAND_OVER_NOTICE_SCHEMA;
  /** For the receiver to tell repeats: one for each hand-over and kind of notice. */
  readonly idempotencyKey: string;
  readonly kind: HandOverNoticeKind;
  readonly at: Instant;
  readonly handOver: HandOverId;
  readonly customer: CustomerId;
  readonly workload: WorkloadId;
  readonly replica: ReplicaAddress;
  /** What the replica has. Base units. */
  readonly capacity: ResourceVector;
  /** "leaves" only: whatever is not finished by then is cut off. */
  readonly drainBy?: Instant;
}

/** Where a customer's load balancer wants to be told. */
export interface WebhookTarget {
  readonly url: string;
  /** Shared with the receiver, who checks the signature with it. */
  readonly secret: string;
}

export interface ReplicaAddress {
  /** As the customer's network knows it. */
  readonly host: string;
  readonly port: number;
}
