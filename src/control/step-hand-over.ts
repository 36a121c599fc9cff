// One event of one hand-over: its next state, the notice and the record that come of it, and what it means for its shadow VM.
import type { HandOver, HandOverState } from "../model/hand-over.ts";
import { type Instant, iso } from "../model/time.ts";
import { type HandOverEvent, stepHandOver } from "../shaping/hand-over.ts";
import { noticeOf } from "../shaping/hand-over-notice.ts";
import type { CellState } from "./cell-state.ts";
import { happen, type PoolOrder } from "./follow-shadow-vms.ts";
import { endHandOver, type OpenHandOver } from "./hand-over-memory.ts";

/** A refused event changes nothing. Returns what is wanted of the host. */
export function stepOpen(
  state: CellState,
  open: OpenHandOver,
  { event, now, why }: { readonly event: HandOverEvent; readonly now: Instant; readonly why?: string },
): PoolOrder[] {
  const { handOvers, pool } = state;
  const before = open.handOver;
  const step = stepHandOver(before, { event, now });
  if (step.kind === "refused" || step.handOver.state === before.state) return [];
  const next = { ...open, handOver: step.handOver };
  if (step.notice !== undefined) notify(state, next, step.notice);
  const from = before.state;
  const told = record(state, next, { from, at: now, why: why ?? whyOf({ event, next, from }) });
  const { id, host, shadowVm } = step.handOver;
  if (isOver(step.handOver)) endHandOver(handOvers, told);
  if (step.shadowVm === undefined) return [];
  const isTaken = happen(pool, { id: shadowVm, host }, { event: step.shadowVm, now });
  return isTaken && step.shadowVm === "drained"
    ? [{ kind: "retire", host, shadowVm, why: "drained", handOver: id }]
    : [];
}

/** Returns it with its newest move, as it is kept. */
export function record(
  { handOvers }: CellState,
  open: OpenHandOver,
  told: { readonly from: HandOverState; readonly at: Instant; readonly why: string },
): OpenHandOver {
  const { handOver, size } = open;
  const { id, customer, workload, host, shadowVm, state: to } = handOver;
  handOvers.moved.push({ kind: "hand-over", handOver: id, customer, workload, host, shadowVm, to, size, ...told });
  const moved = { ...open, moves: [...open.moves, { at: told.at, to, why: told.why }] };
  handOvers.open.set(id, moved);
  return moved;
}

function notify({ handOvers }: CellState, open: OpenHandOver, kind: Parameters<typeof noticeOf>[1]["kind"]): void {
  const { handOver, replica, size: capacity, drainMs } = open;
  const notice = noticeOf(handOver, { kind, at: handOver.since, replica, capacity, drainMs });
  // Whoever has not heard yet that it joins must not hear it after it left.
  if (kind !== "joins") handOvers.outbox.delete(`${handOver.id}/joins`);
  handOvers.outbox.set(notice.idempotencyKey, notice);
}

function isOver({ state }: HandOver): boolean {
  return state === "returned" || state === "failed";
}

function whyOf(told: {
  readonly event: HandOverEvent;
  readonly next: OpenHandOver;
  readonly from: HandOverState;
}): string {
  const { event, next, from } = told;
  switch (event) {
    case "scale-up-started":
      return "Its shadow VM is up and grows to the size that was promised.";
    case "readied":
      return next.template?.readiness === undefined
        ? "It was seen to have its size: the customer's load balancer is told."
        : "It has its size and passed its readiness check: the customer's load balancer is told.";
    case "acknowledged":
      return "The customer's load balancer knows of it.";
    case "return-asked":
      return next.handOver.state === "draining" ? `It is wanted no more: ${leavesBy(next)}` : "It is wanted no more.";
    case "drained":
      return "The customer's work has left it: its capacity goes back.";
    case "timed-out":
      if (from === "announced") return `No answer came, so that it may be known or not: ${leavesBy(next)}`;
      return from === "scaling-up" && lacksAnswer(next)
        ? "It did not reach its size and pass its readiness check in time."
        : LATE[from];
    case "lost":
      return "Its shadow VM failed or is gone.";
  }
}

function leavesBy({ handOver, drainMs }: OpenHandOver): string {
  return `its customer's work has until ${iso((handOver.since + drainMs) as Instant)} to leave.`;
}

function lacksAnswer({ template, isReady }: OpenHandOver): boolean {
  return template?.readiness !== undefined && !isReady;
}

const LATE: Readonly<Record<Exclude<HandOverState, "announced">, string>> = {
  asked: "Its shadow VM did not come up in time.",
  "scaling-up": "It did not reach its size in time.",
  serving: "It serves for as long as it is wanted.",
  draining: "The time of its customer's work to leave is over: its capacity goes back.",
  returned: "It has ended.",
  failed: "It has ended.",
};
