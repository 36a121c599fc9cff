// What must be true before a customer's load balancer is told of a replica, and what it is told.
import {
  HAND_OVER_NOTICE_SCHEMA,
  type HandOver,
  type HandOverNotice,
  type HandOverNoticeKind,
  type ReplicaAddress,
} from "../model/hand-over.ts";
import { fits, type ResourceVector } from "../model/resources.ts";
import { type DurationMs, type Instant, instant } from "../model/time.ts";
import type { LifeStage } from "./shadow-vm-lifecycle.ts";

/** What is known of the replica, as it was seen, not as it was asked for. */
export interface ReplicaSeen {
  readonly shadowVm: LifeStage;
  readonly allocation: ResourceVector;
  /** It passed its workload's readiness check, or there is none: only the customer's load balancer checks it then. */
  readonly answers: boolean;
  readonly address?: ReplicaAddress;
  /** The customer still wants to be shaped. */
  readonly optedIn: boolean;
}

export const MISSING = {
  consent: "The customer opted out.",
  machine: "The shadow VM is not up for this customer.",
  size: "It has not reached the size that was promised.",
  readiness: "It has not passed its readiness check.",
  address: "Its address is not known.",
} as const;
export type Missing = keyof typeof MISSING;

/** All that is missing; nothing when the customer may be told. A replica that is told too early loses requests. */
export function missingToAnnounce(seen: ReplicaSeen, promised: ResourceVector): readonly Missing[] {
  const fine: Readonly<Record<Missing, boolean>> = {
    consent: seen.optedIn,
    machine: seen.shadowVm === "handed-over",
    size: fits(promised, seen.allocation),
    readiness: seen.answers,
    address: seen.address !== undefined,
  };
  return (Object.keys(MISSING) as Missing[]).filter((each) => !fine[each]);
}

/** Equal inputs give an equal notice, to the letter: a repeat after a crash is the same notice. */
export function noticeOf(
  handOver: HandOver,
  told: {
    readonly kind: HandOverNoticeKind;
    /** When the hand-over came into the state that is told of. */
    readonly at: Instant;
    readonly replica: ReplicaAddress;
    readonly capacity: ResourceVector;
    readonly drainMs: DurationMs;
  },
): HandOverNotice {
  const { id, customer, workload } = handOver;
  return {
    schema: HAND_OVER_NOTICE_SCHEMA,
    idempotencyKey: `${id}/${told.kind}`,
    kind: told.kind,
    at: told.at,
    handOver: id,
    customer,
    workload,
    replica: told.replica,
    capacity: told.capacity,
    ...(told.kind === "leaves" && { drainBy: instant(told.at + told.drainMs) }),
  };
}
