// The life of a shadow VM as a total table: for every state and every event the next state, or a refusal with its reason.
// docs/shadow-vm-lifecycle.md shows the same table, and a test compares the two cell by cell.
import type { ShadowVmState } from "../model/shadow-vm.ts";

/** Before and after its states: an id that nobody knows yet, and one whose machine is gone for good. */
export const LIFE_STAGES = [
  "unknown",
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
  "retired",
] as const satisfies readonly (ShadowVmState | "unknown" | "retired")[];
export type LifeStage = (typeof LIFE_STAGES)[number];

/** `...-asked` are decisions, made before anything is done; the others are what the world reported. */
export const LIFE_EVENTS = [
  "boot-asked",
  "boot-started",
  "booted",
  "adopted",
  "scale-up-asked",
  "filled",
  "scale-down-asked",
  "emptied",
  "lend-asked",
  "returned",
  "hand-over-asked",
  "drained",
  "retire-asked",
  "broke",
  "timed-out",
  "gone",
] as const;
export type LifeEvent = (typeof LIFE_EVENTS)[number];

/** Why an event changes nothing. */
export const REFUSALS = {
  "never asked": "Nobody asked for a shadow VM of this id.",
  known: "There is one of this id already.",
  "not up": "It is not up yet.",
  empty: "It holds nothing above its minimum.",
  moving: "It is on its way to another size.",
  shrinking: "What it still holds is promised to those it shrinks for.",
  lends: "VMs draw on what it holds: a new set-point settles that first.",
  serves: "It serves a customer: it drains first.",
  ending: "It is on its way out.",
  over: "It is retired: an id is never used twice.",
  late: "The report comes late or twice, and fits no longer.",
} as const;
type Refusal = keyof typeof REFUSALS;

export type LifeStep =
  | { readonly kind: "next"; readonly stage: LifeStage }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Total: never throws. The stage that went in comes out where the event is fine and changes nothing. */
export function nextStage(stage: LifeStage, event: LifeEvent): LifeStep {
  const { moves, otherwise } = ROWS[stage];
  const cell = moves[event] ?? otherwise;
  return isRefusal(cell) ? { kind: "refused", refusal: cell } : { kind: "next", stage: cell };
}

/** The machine runs: it can be resized, or serves. */
export function isUp(stage: LifeStage): boolean {
  return UP.includes(stage);
}

/** It waits for a report, and a time-out must be set: without one nothing would ever move it on. */
export function waitsForReport(stage: LifeStage): boolean {
  return WAITING.includes(stage);
}

const UP: readonly LifeStage[] = ["idle", "scaling-up", "ready", "lending", "handed-over", "scaling-down"];
const WAITING: readonly LifeStage[] = ["requested", "booting", "scaling-up", "scaling-down", "retiring"];

function isRefusal(cell: LifeStage | Refusal): cell is Refusal {
  return Object.hasOwn(REFUSALS, cell);
}

interface Row {
  readonly moves: Readonly<Partial<Record<LifeEvent, LifeStage | Refusal>>>;
  /** For every event that is not among the moves. */
  readonly otherwise: Refusal;
}

const LIVE = { "boot-asked": "known", adopted: "known", broke: "failed", gone: "retired" } as const;
const RESIZABLE = {
  ...LIVE,
  "scale-up-asked": "scaling-up",
  "scale-down-asked": "scaling-down",
  filled: "ready",
  emptied: "idle",
  "retire-asked": "retiring",
} as const;

const ROWS: Readonly<Record<LifeStage, Row>> = {
  unknown: { moves: { "boot-asked": "requested", adopted: "ready" }, otherwise: "never asked" },
  requested: {
    moves: {
      ...LIVE,
      "boot-started": "booting",
      booted: "idle",
      "retire-asked": "retiring",
      "timed-out": "failed",
      // Its host has no such machine because the boot has not begun.
      gone: "requested",
    },
    otherwise: "not up",
  },
  booting: {
    moves: { ...LIVE, "boot-started": "late", booted: "idle", "retire-asked": "retiring", "timed-out": "failed" },
    otherwise: "not up",
  },
  idle: {
    moves: { ...RESIZABLE, "scale-down-asked": "idle", "lend-asked": "empty", "hand-over-asked": "handed-over" },
    otherwise: "late",
  },
  "scaling-up": {
    moves: {
      ...RESIZABLE,
      emptied: "late",
      "lend-asked": "lending",
      "hand-over-asked": "moving",
      "timed-out": "ready",
    },
    otherwise: "late",
  },
  ready: {
    moves: { ...RESIZABLE, "lend-asked": "lending", "hand-over-asked": "handed-over" },
    otherwise: "late",
  },
  lending: {
    // All of it may be lent, so that it is seen at its minimum.
    moves: {
      ...RESIZABLE,
      filled: "lending",
      emptied: "lending",
      "lend-asked": "lending",
      returned: "ready",
      "hand-over-asked": "lends",
      "retire-asked": "lends",
    },
    otherwise: "late",
  },
  // Somebody's data was on it: it never comes back into the pool.
  "handed-over": { moves: { ...LIVE, filled: "handed-over", drained: "retiring" }, otherwise: "serves" },
  "scaling-down": {
    moves: { ...RESIZABLE, "lend-asked": "shrinking", "hand-over-asked": "moving", "timed-out": "ready" },
    otherwise: "late",
  },
  retiring: {
    moves: { ...LIVE, "retire-asked": "retiring", broke: "retiring", "timed-out": "failed" },
    otherwise: "ending",
  },
  failed: { moves: { ...LIVE, "retire-asked": "retiring" }, otherwise: "ending" },
  retired: { moves: {}, otherwise: "over" },
};
