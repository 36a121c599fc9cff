// What a customer or its load balancer says of hand-overs. A promise is made only where there is room for it now and in the hours
// to come; all else is refused with one sentence.
import type { CustomerId } from "../model/fleet.ts";
import type { HandOver } from "../model/hand-over.ts";
import { fits, RESOURCE_COUNT, RESOURCES, type ResourceVector } from "../model/resources.ts";
import type { ShadowVm, ShadowVmId } from "../model/shadow-vm.ts";
import { DAY_MS, type Instant } from "../model/time.ts";
import { readMeter } from "../pricing/meter.ts";
import { HAND_OVER_TIMES } from "../shaping/hand-over.ts";
import { type Placement, placeShadowVm } from "../shaping/placement.ts";
import type { CellState } from "./cell-state.ts";
import { countShadowVms, happen } from "./follow-shadow-vms.ts";
import { type HandOverMemory, NOTICES_EACH_MAX, NOTICES_MAX, type OpenHandOver } from "./hand-over-memory.ts";
import { offersFor } from "./hand-over-offers.ts";
import { announceIfReady, isOptedIn } from "./move-hand-overs.ts";
import { permissionFor } from "./permissions.ts";
import { burstsIntoShared } from "./service-terms.ts";
import { record, stepOpen } from "./step-hand-over.ts";
import type { AskHandOver, Command } from "./tick-input.ts";
import { meterHeld } from "./usage/meter-usage.ts";

/** Returns why it is refused; undefined where the record is in `state.handOvers.moved`. */
export function askHandOver(state: CellState, ask: AskHandOver, now: Instant): string | undefined {
  const size = ask.size ?? state.layout.shadowVm.ceiling;
  const objection = objectionTo(state, ask, size);
  if (objection !== undefined) return objection;
  const allowed = allowedHosts(state, ask, now);
  if (typeof allowed === "string") return allowed;
  const { id, workload, customer, replica, drainMs = HAND_OVER_TIMES.draining, template } = ask;
  const offers = offersFor(state, { workload, now, hosts: allowed, isOwnImage: template !== undefined });
  const placed = placeShadowVm({
    ...{ needs: size, customer, offers, burstsIntoShared: burstsIntoShared(state, workload) },
    owns: state.layout.dedicatedTo.includes(state.layout.customers.indexOf(customer)),
  });
  if (placed.kind === "nowhere") return nowhere(placed);
  const { host } = placed;
  const free = offers.find((offer) => offer.host === host)?.shadowVm;
  const shadowVm = free?.id ?? (`shadow-${host}-for-${id}` as ShadowVmId);
  const handOver: HandOver = { id, customer, workload, shadowVm, host, state: "asked", since: now };
  const open: OpenHandOver = {
    ...{ handOver, size, replica, drainMs, toBoot: free === undefined, returnAsked: false },
    ...{ isReady: template?.readiness === undefined, moves: [], ...(template && { template }) },
  };
  readMeter(state.meters.allocated, state.allocations, now);
  readMeter(state.meters.buffer, state.buffers, now);
  meterHeld(state, now);
  if (free !== undefined) take(state, free, now);
  const from = template === undefined ? "" : ` from ${template.image}`;
  const how = free === undefined ? `a shadow VM is booted there${from}` : "a shadow VM is free there";
  const why = `${host} has room for it now and in the hours to come, and ${how}.`;
  record(state, open, { from: "asked", at: now, why });
  return undefined;
}

export function askReturn(
  state: CellState,
  { id }: Extract<Command, { kind: "return" }>,
  now: Instant,
): string | undefined {
  const open = state.handOvers.open.get(id);
  if (open === undefined) return `No hand-over of this cell is called ${id}, or it has ended.`;
  if (open.returnAsked) return `${id} was asked back already.`;
  const next = { ...open, returnAsked: true };
  record(state, next, { from: open.handOver.state, at: now, why: "Asked back: it leaves with the next tick." });
  return undefined;
}

/** Said of the replica as it was last seen: where it has its size its load balancer is told at once. */
export function takeReadiness(
  state: CellState,
  { id }: Extract<Command, { kind: "replica-ready" }>,
  now: Instant,
): string | undefined {
  const open = state.handOvers.open.get(id);
  if (open === undefined) return `No hand-over of this cell is called ${id}, or it has ended.`;
  if (open.isReady) return `The replica of ${id} is known to be ready.`;
  const ready = { ...open, isReady: true };
  state.handOvers.open.set(id, ready);
  announceIfReady(state, ready, now);
  return undefined;
}

export function takeAcknowledgement(
  state: CellState,
  { idempotencyKey }: Extract<Command, { kind: "notice-acknowledged" }>,
  now: Instant,
): string | undefined {
  const { outbox, open } = state.handOvers;
  const notice = outbox.get(idempotencyKey);
  if (notice === undefined) return `No notice ${idempotencyKey} waits for an answer: it came late or twice.`;
  outbox.delete(idempotencyKey);
  const known = open.get(notice.handOver);
  if (notice.kind === "joins" && known !== undefined) stepOpen(state, known, { event: "acknowledged", now });
  return undefined;
}

function objectionTo(state: CellState, ask: AskHandOver, size: ResourceVector): string | undefined {
  const { layout, scalesOut, handOvers, promise, terms } = state;
  const { id, customer, workload } = ask;
  const index = layout.workloads.findIndex((each) => each.id === workload);
  if (index < 0) return `No workload of this cell is called ${workload}.`;
  if (layout.workloads[index]?.customer !== customer) return `Workload ${workload} does not belong to ${customer}.`;
  if (promise.kind !== "pooled") return "This cell runs no shadow VMs.";
  if (handOvers.open.has(id) || handOvers.ended.has(id)) return `There is or was a hand-over ${id}: use a new id.`;
  if (![...(layout.vmsOfWorkload[index] ?? [])].some((vm) => scalesOut[vm] === 1))
    return `The profile of ${workload} does not say that it scales horizontally.`;
  if (!isOptedIn({ layout, terms }, customer)) return `Customer ${customer} opted out.`;
  return (
    faultOf(ask, { size, ...layout.shadowVm }) ??
    (noticesAhead(handOvers, customer) > NOTICES_MAX
      ? `Too many notices wait for an answer of ${customer}: acknowledge some first.`
      : undefined)
  );
}

/** That wait by now, and that one more may bring. */
function noticesAhead({ outbox, open }: HandOverMemory, customer: CustomerId): number {
  const waiting = [...outbox.values()].filter((notice) => notice.customer === customer).length;
  const running = [...open.values()].filter(({ handOver }) => handOver.customer === customer).length;
  return waiting + NOTICES_EACH_MAX * (running + 1);
}

function faultOf(
  { replica: { host, port }, drainMs = HAND_OVER_TIMES.draining }: AskHandOver,
  { size, minimum, ceiling }: Readonly<Record<"size" | "minimum" | "ceiling", ResourceVector>>,
): string | undefined {
  if (!fits(size, ceiling) || !fits(minimum, size))
    return "A shadow VM of this cell cannot have that size: it lies between its minimum and its ceiling.";
  if (host.length === 0 || host.length > HOST_NAME_MAX) return "The replica's host has no name to use.";
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) return `${port} is no port.`;
  return drainMs >= 0 && drainMs <= DAY_MS ? undefined : "Work has between nothing and a day to leave.";
}

const HOST_NAME_MAX = 253;

/** Or the sentence with which the last one was forbidden. */
function allowedHosts(state: CellState, { customer }: AskHandOver, now: Instant): readonly number[] | string {
  const { layout, guardrails } = state;
  const owner = layout.customers.indexOf(customer);
  let sentence = "This cell has no hosts.";
  const hosts = [...layout.hostIds.keys()].filter((host) => {
    const permission = permissionFor({ layout, guardrails, now }, { host, customer: owner, direction: "more" });
    if (permission.kind === "no") sentence = permission.sentence;
    return permission.kind === "yes";
  });
  return hosts.length === 0 ? sentence : hosts;
}

const WHY_NOT = {
  "other-customer": "is another customer's",
  "own-pool-only": "is shared, and the plan stays in its own pool",
  "no-room-now": "has no room now",
  "no-room-later": "has no room in the hours to come",
} as const;
const NAMED_MAX = 5;

function nowhere({ refused }: Extract<Placement, { kind: "nowhere" }>): string {
  const named = refused.slice(0, NAMED_MAX).map(({ host, why }) => `${host} ${WHY_NOT[why]}`);
  const more = refused.length > NAMED_MAX ? `, and ${refused.length - NAMED_MAX} more` : "";
  return `No host has room for it: ${named.join(", ")}${more}.`;
}

/** From now on it holds buffer for nobody. */
function take(state: CellState, { id, host, minimum, allocation }: ShadowVm, now: Instant): void {
  const { pool, buffers, layout } = state;
  const told = state.told.get(id)?.now ?? allocation;
  for (const [offset, resource] of RESOURCES.entries()) {
    const place = layout.hostIds.indexOf(host) * RESOURCE_COUNT + offset;
    buffers[place] = Math.max((buffers[place] as number) - (told[resource] - minimum[resource]), 0);
  }
  happen(pool, { id, host }, { event: "hand-over-asked", now });
  state.shadowVms = countShadowVms(pool, state.shadowVms);
}
