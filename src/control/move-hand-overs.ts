// Every tick hand-overs move on by their table: machines that were asked for are looked at, notices and records come of it, and
// what is wanted of hosts. It grows and goes only where guardrails allow it.

import type { CustomerId } from "../model/fleet.ts";
import { RESOURCE_COUNT, scale } from "../model/resources.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import { type DurationMs, type Instant, MINUTE_MS } from "../model/time.ts";
import { deadlineOf, HAND_OVER_TIMES, type HandOverEvent, type HandOverTimes } from "../shaping/hand-over.ts";
import { missingToAnnounce } from "../shaping/hand-over-notice.ts";
import type { LifeStage } from "../shaping/shadow-vm-lifecycle.ts";
import type { CellState } from "./cell-state.ts";
import { countShadowVms, happen, type PoolOrder } from "./follow-shadow-vms.ts";
import { isKnown, meterHandOvers, type OpenHandOver } from "./hand-over-memory.ts";
import { hasRoomStill } from "./hand-over-room.ts";
import { permissionFor } from "./permissions.ts";
import { SIZE_TOLERANCE } from "./reconcile.ts";
import { CONSENT } from "./service-terms.ts";
import { stepOpen } from "./step-hand-over.ts";

/** After `followShadowVms`. Leaves in `state.shadowVms` those that serve somebody as such. */
export function moveHandOvers(state: CellState, now: Instant): PoolOrder[] {
  const { handOvers, pool } = state;
  handOvers.moved.length = 0;
  if (handOvers.open.size === 0) return [];
  const seen = new Map(state.shadowVms.map((vm) => [vm.id, vm]));
  const orders = [...handOvers.open.values()].flatMap((open) => {
    const look: Look = { now, seen: seen.get(open.handOver.shadowVm), mayChange: mayChange(state, open, now) };
    const boots = prepare(state, open, look);
    const current = handOvers.open.get(open.handOver.id) ?? open;
    if (!isKnown(current.handOver) && !hasRoomStill(state, current))
      return stepOpen(state, current, { event: "timed-out", now, why: NO_ROOM_ANY_MORE });
    const event = nextEvent(state, current, look);
    return event === undefined ? boots : [...boots, ...stepOpen(state, current, { event, now })];
  });
  state.shadowVms = countShadowVms(pool, state.shadowVms);
  return orders;
}

const NO_ROOM_ANY_MORE = "Its host has no room for it any more, since another VM with a base of its own came.";

interface Look {
  readonly now: Instant;
  /** Undefined: its host does not show it. */
  readonly seen: ShadowVm | undefined;
  readonly mayChange: boolean;
}

/** Asks for its boot, once; takes the shadow VM as soon as it is up, before it holds anything for anybody else. */
function prepare(state: CellState, open: OpenHandOver, { now, mayChange }: Look): PoolOrder[] {
  const { handOvers, pool } = state;
  const { id, host, shadowVm } = open.handOver;
  if (open.handOver.state !== "asked") return [];
  if (!open.toBoot) {
    happen(pool, { id: shadowVm, host }, { event: "hand-over-asked", now });
    return [];
  }
  if (!mayChange || open.returnAsked) return [];
  handOvers.open.set(id, { ...open, toBoot: false });
  happen(pool, { id: shadowVm, host }, { event: "boot-asked", now });
  const image = open.template?.image;
  return [{ kind: "boot", host, shadowVm, why: "handed-over", handOver: id, ...(image !== undefined && { image }) }];
}

function nextEvent(state: CellState, open: OpenHandOver, look: Look): HandOverEvent | undefined {
  const { handOver, toBoot, returnAsked } = open;
  const stage = state.pool.lives.get(handOver.shadowVm)?.stage ?? "unknown";
  if (!toBoot && isGone(stage)) return "lost";
  // Its host has to hear that it serves before it can be given back: until then others may draw on it.
  if (handOver.state === "asked" && stage === "handed-over") return look.mayChange ? "scale-up-started" : undefined;
  const optedIn = isOptedIn(state, handOver.customer);
  if ((returnAsked || !optedIn) && handOver.state !== "draining") return "return-asked";
  if (handOver.state === "scaling-up" && isReady(open, { look, stage, optedIn })) return "readied";
  const deadline = deadlineOf(handOver, timesOf(state, open));
  return deadline !== undefined && look.now >= deadline && look.mayChange ? "timed-out" : undefined;
}

function isGone(stage: LifeStage): boolean {
  return stage === "unknown" || stage === "failed" || stage === "retiring" || stage === "retired";
}

function isReady(
  { size, replica: address, isReady: answers }: OpenHandOver,
  { look: { seen }, stage, optedIn }: { readonly look: Look; readonly stage: LifeStage; readonly optedIn: boolean },
): boolean {
  if (seen === undefined) return false;
  const replica = { shadowVm: stage, allocation: seen.allocation, address, optedIn, answers };
  return missingToAnnounce(replica, scale(size, 1 - SIZE_TOLERANCE)).length === 0;
}

/** Between two ticks, by what was seen last. */
export function announceIfReady(state: CellState, open: OpenHandOver, now: Instant): void {
  const { shadowVm, customer, state: at } = open.handOver;
  if (at !== "scaling-up" || open.returnAsked) return;
  const look = { now, seen: state.shadowVms.find(({ id }) => id === shadowVm), mayChange: false };
  const stage = state.pool.lives.get(shadowVm)?.stage ?? "unknown";
  if (!isReady(open, { look, stage, optedIn: isOptedIn(state, customer) })) return;
  meterHandOvers(state.handOvers, now);
  stepOpen(state, open, { event: "readied", now });
}

/** Of any resource, of any of its VMs here; whose last VM is gone said nothing else. */
export function isOptedIn({ layout, terms }: Pick<CellState, "layout" | "terms">, owner: CustomerId): boolean {
  const customer = layout.customers.indexOf(owner);
  const own = [...layout.customerOfVm.keys()].filter((vm) => layout.customerOfVm[vm] === customer);
  if (own.length === 0) return true;
  return own.some((vm) =>
    terms.consent.subarray(vm * RESOURCE_COUNT, (vm + 1) * RESOURCE_COUNT).includes(CONSENT.shaped),
  );
}

function mayChange({ layout, guardrails }: CellState, { handOver }: OpenHandOver, now: Instant): boolean {
  const host = layout.hostIds.indexOf(handOver.host);
  const customer = layout.customers.indexOf(handOver.customer);
  return permissionFor({ layout, guardrails, now }, { host, customer, direction: "more" }).kind === "yes";
}

/** A boot may take that long, and a few ticks must be able to go wrong. */
const BOOT_PATIENCE_MS = 11 * MINUTE_MS;
const TICKS_LEAST = 3;

function timesOf({ layout }: CellState, { drainMs }: OpenHandOver): HandOverTimes {
  const least = TICKS_LEAST * layout.stepMs;
  const longer = (ms: number) => Math.max(ms, least) as DurationMs;
  return {
    asked: longer(Math.max(HAND_OVER_TIMES.asked, BOOT_PATIENCE_MS)),
    "scaling-up": longer(HAND_OVER_TIMES["scaling-up"]),
    announced: longer(HAND_OVER_TIMES.announced),
    draining: drainMs,
  };
}
