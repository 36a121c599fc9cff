// The stages of a hand-over as a total table: whoever might have heard of the replica hears of its end before capacity goes.
import { HAND_OVER_STATES, type HandOver, type HandOverNoticeKind, type HandOverState } from "../model/hand-over.ts";
import { type DurationMs, type Instant, instant, MINUTE_MS } from "../model/time.ts";
import type { LifeEvent } from "./shadow-vm-lifecycle.ts";

export const HAND_OVER_EVENTS = [
  "scale-up-started",
  "readied",
  "acknowledged",
  "return-asked",
  "drained",
  "timed-out",
  "lost",
] as const;
export type HandOverEvent = (typeof HAND_OVER_EVENTS)[number];

export const HAND_OVER_REFUSALS = {
  late: "The report comes late or twice, and fits no longer.",
  "too soon": "The customer's load balancer was not told of it yet.",
  unlimited: "It serves for as long as it is wanted.",
  over: "The hand-over has ended.",
} as const;
type HandOverRefusal = keyof typeof HAND_OVER_REFUSALS;

type Cell = HandOverState | HandOverRefusal;

const ENDED = {
  "scale-up-started": "over",
  readied: "over",
  acknowledged: "over",
  "return-asked": "over",
  drained: "over",
  "timed-out": "over",
  lost: "over",
} as const;

const TABLE: Readonly<Record<HandOverState, Readonly<Record<HandOverEvent, Cell>>>> = {
  asked: {
    "scale-up-started": "scaling-up",
    readied: "announced",
    acknowledged: "too soon",
    "return-asked": "returned",
    drained: "too soon",
    "timed-out": "failed",
    lost: "failed",
  },
  "scaling-up": {
    "scale-up-started": "late",
    readied: "announced",
    acknowledged: "too soon",
    "return-asked": "returned",
    drained: "too soon",
    "timed-out": "failed",
    lost: "failed",
  },
  announced: {
    "scale-up-started": "late",
    readied: "late",
    acknowledged: "serving",
    "return-asked": "draining",
    drained: "late",
    // The notice may have arrived although its answer did not: work may be on its way.
    "timed-out": "draining",
    lost: "failed",
  },
  serving: {
    "scale-up-started": "late",
    readied: "late",
    acknowledged: "late",
    "return-asked": "draining",
    drained: "late",
    "timed-out": "unlimited",
    lost: "failed",
  },
  draining: {
    "scale-up-started": "late",
    readied: "late",
    acknowledged: "late",
    "return-asked": "draining",
    drained: "returned",
    "timed-out": "returned",
    lost: "failed",
  },
  returned: ENDED,
  failed: ENDED,
};

export type HandOverMove =
  | { readonly kind: "next"; readonly state: HandOverState }
  | { readonly kind: "refused"; readonly refusal: HandOverRefusal };

/** Total: never throws. The state that went in comes out where the event is fine and changes nothing. */
export function nextHandOverState(state: HandOverState, event: HandOverEvent): HandOverMove {
  const cell = TABLE[state][event];
  return isState(cell) ? { kind: "next", state: cell } : { kind: "refused", refusal: cell };
}

function isState(cell: Cell): cell is HandOverState {
  return HAND_OVER_STATES.some((state) => state === cell);
}

export type HandOverStep =
  | {
      readonly kind: "next";
      readonly handOver: HandOver;
      /** To be sent until it is acknowledged. */
      readonly notice?: HandOverNoticeKind;
      /** What it means for the life of the shadow VM. */
      readonly shadowVm?: LifeEvent;
    }
  | { readonly kind: "refused"; readonly refusal: HandOverRefusal };

export function stepHandOver(handOver: HandOver, { event, now }: { event: HandOverEvent; now: Instant }): HandOverStep {
  const move = nextHandOverState(handOver.state, event);
  if (move.kind === "refused") return move;
  if (move.state === handOver.state) return { kind: "next", handOver };
  const notice = noticeFor(handOver.state, move.state);
  const shadowVm = lifeEventFor(move.state);
  return {
    kind: "next",
    handOver: { ...handOver, state: move.state, since: now },
    ...(notice && { notice }),
    ...(shadowVm && { shadowVm }),
  };
}

function noticeFor(from: HandOverState, to: HandOverState): HandOverNoticeKind | undefined {
  if (to === "announced") return "joins";
  if (to === "draining") return "leaves";
  return to === "failed" && mayBeKnown(from) ? "lost" : undefined;
}

/** Whether the customer's load balancer may have heard of it. */
function mayBeKnown(state: HandOverState): boolean {
  return state === "announced" || state === "serving" || state === "draining";
}

function lifeEventFor(state: HandOverState): LifeEvent | undefined {
  if (state === "returned") return "drained";
  return state === "failed" ? "broke" : undefined;
}

/** How long a hand-over may stay in each state that ends by itself. */
export interface HandOverTimes {
  readonly asked: DurationMs;
  readonly "scaling-up": DurationMs;
  readonly announced: DurationMs;
  /** How long the customer's work has to leave: set by the workload. */
  readonly draining: DurationMs;
}

export const HAND_OVER_TIMES = {
  asked: MINUTE_MS,
  "scaling-up": 5 * MINUTE_MS,
  announced: 2 * MINUTE_MS,
  draining: 5 * MINUTE_MS,
} as HandOverTimes;

/** When "timed-out" is due; undefined while it may stay. */
export function deadlineOf({ state, since }: HandOver, times: HandOverTimes): Instant | undefined {
  if (state === "serving" || state === "returned" || state === "failed") return undefined;
  return instant(since + times[state]);
}
