// What became of the shadow VMs, by the table of their life: what was asked for and is not seen yet still counts as coming,
// what is on its way out holds nothing any more, and what failed is removed.
import type { HostId } from "../model/fleet.ts";
import type { HandOverId } from "../model/hand-over.ts";
import type { ShadowVm, ShadowVmId, ShadowVmState } from "../model/shadow-vm.ts";
import { durationMs, type Instant, MINUTE_MS } from "../model/time.ts";
import { type LifeEvent, type LifeStage, nextStage, waitsForReport } from "../shaping/shadow-vm-lifecycle.ts";
import type { CellState } from "./cell-state.ts";
import { type PoolMemory, rememberBoot, type ShadowVmLife } from "./pool-memory.ts";

/** What the pool wants of its hosts. */
export interface PoolOrder {
  readonly kind: "boot" | "retire";
  readonly host: HostId;
  readonly shadowVm: ShadowVmId;
  readonly why: "wanted" | "spare" | "failed" | "handed-over" | "drained";
  /** The one that it is for, or was. */
  readonly handOver?: HandOverId;
  /** What it is made from; what all shadow VMs are made from where left out. */
  readonly image?: string;
}

/** A boot or a retirement that takes longer has failed; a set-point is stated again long before. */
const PATIENCE_MS = 10 * MINUTE_MS;

interface Seen {
  readonly shadowVms: readonly ShadowVm[];
  /** Hosts that did not answer: nothing is known of what runs there. */
  readonly silent: ReadonlySet<HostId>;
  readonly now: Instant;
}

/** Leaves in `state.shadowVms` what was seen, in the stages that count. Returns the failed ones to be removed. */
export function followShadowVms(state: CellState, seen: Seen): PoolOrder[] {
  const { pool } = state;
  const found = new Map(seen.shadowVms.map((vm) => [vm.id, vm]));
  for (const vm of seen.shadowVms) for (const event of eventsOf(pool, vm)) happen(pool, vm, { event, now: seen.now });
  for (const [id, life] of pool.lives) {
    const at = { id, host: life.host };
    const patience = Math.max(PATIENCE_MS, 2 * state.layout.stepMs);
    if (!found.has(id) && !seen.silent.has(life.host)) happen(pool, at, { event: "gone", now: seen.now });
    if (waitsForReport(life.stage) && seen.now - life.since >= patience)
      happen(pool, at, { event: "timed-out", now: seen.now });
    if (pool.lives.get(id)?.stage === "retired") pool.lives.delete(id);
  }
  state.shadowVms = countShadowVms(pool, seen.shadowVms);
  return ask(
    pool,
    seen.shadowVms.filter(({ id }) => pool.lives.get(id)?.stage === "failed").map(({ id, host }) => ({ id, host })),
    seen.now,
  );
}

function ask(pool: PoolMemory, failed: readonly { id: ShadowVmId; host: HostId }[], now: Instant): PoolOrder[] {
  return failed.map(({ id, host }) => {
    happen(pool, { id, host }, { event: "retire-asked", now });
    return { kind: "retire", host, shadowVm: id, why: "failed" };
  });
}

/** A refused event changes nothing: reports come late, twice or never. Returns whether it was taken. */
export function happen(
  { lives, bootTimes, ...pool }: PoolMemory,
  { id, host }: { readonly id: ShadowVmId; readonly host: HostId },
  { event, now }: { readonly event: LifeEvent; readonly now: Instant },
): boolean {
  const life: ShadowVmLife = lives.get(id) ?? { host, stage: "unknown", since: now };
  const next = nextStage(life.stage, event);
  if (next.kind === "refused") return false;
  if (next.stage === life.stage) return true;
  const askedAt = event === "boot-asked" ? now : life.askedAt;
  if (event === "booted" && askedAt !== undefined)
    rememberBoot({ lives, bootTimes, ...pool }, durationMs(now - askedAt));
  const served = life.served || next.stage === "handed-over";
  const asked = askedAt !== undefined && { askedAt };
  lives.set(id, { host, stage: next.stage, since: now, ...asked, ...(served && { served }) });
  return true;
}

/** As they were seen, in the stages that count. */
export function countShadowVms(pool: PoolMemory, shadowVms: readonly ShadowVm[]): readonly ShadowVm[] {
  return shadowVms.map((vm) => ({ ...vm, state: countedAs(pool, vm) }));
}

/** Stages that only we know of weigh more than what a machine looks like from outside. */
function countedAs({ lives }: PoolMemory, { id, state }: ShadowVm): ShadowVmState {
  const stage = lives.get(id)?.stage;
  return stage === "retiring" || stage === "failed" || stage === "handed-over" ? stage : state;
}

function eventsOf({ lives }: PoolMemory, { id, state }: ShadowVm): readonly LifeEvent[] {
  const stage: LifeStage = lives.get(id)?.stage ?? "unknown";
  const up = stage === "requested" || stage === "booting" ? (["booted"] as const) : [];
  if (stage === "unknown") return ["adopted"];
  switch (state) {
    case "requested":
    case "retiring":
    case "handed-over":
      return [];
    case "booting":
      return ["boot-started"];
    case "failed":
      return ["broke"];
    case "idle":
      return [...up, "emptied"];
    case "scaling-up":
    case "scaling-down":
      return up;
    case "ready":
    case "lending":
      return [...up, "filled"];
  }
}

export function groupByHost(shadowVms: readonly ShadowVm[]): Map<HostId, ShadowVm[]> {
  const groups = new Map<HostId, ShadowVm[]>();
  for (const vm of shadowVms) {
    const own = groups.get(vm.host);
    if (own) own.push(vm);
    else groups.set(vm.host, [vm]);
  }
  return groups;
}
