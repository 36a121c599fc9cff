// What a cell knows of its hand-overs: those that have not ended, what they are promised, and the notices that no load balancer
// has acknowledged yet. A promise counts from the moment it is made until the shadow VM is given back.
import type { HandOverRecord } from "../model/decision.ts";
import type { WorkloadId } from "../model/fleet.ts";
import type { HandOver, HandOverId, HandOverNotice, HandOverState, ReplicaAddress } from "../model/hand-over.ts";
import { RESOURCE_COUNT, RESOURCES, type ResourceVector } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import type { DurationMs, Instant } from "../model/time.ts";
import type { WorkloadTemplate } from "../model/workload-template.ts";
import { type Meter, readMeter, startMeter } from "../pricing/meter.ts";
import type { CellState } from "./cell-state.ts";
import { hostOf, resourceOf } from "./series.ts";

export interface OpenHandOver {
  readonly handOver: HandOver;
  /** Base units, minimum of the shadow VM included. */
  readonly size: ResourceVector;
  readonly replica: ReplicaAddress;
  readonly drainMs: DurationMs;
  /** Its shadow VM does not run yet, and its host was not asked for it. */
  readonly toBoot: boolean;
  readonly returnAsked: boolean;
  /** Of its workload, when it was asked for. */
  readonly template?: Pick<WorkloadTemplate, "image" | "readiness">;
  /** It passed its readiness check. */
  readonly isReady: boolean;
  /** From the wish on, oldest first. */
  readonly moves: readonly HandOverMove[];
}

interface HandOverMove {
  readonly at: Instant;
  readonly to: HandOverState;
  /** One plain sentence. */
  readonly why: string;
}

export interface HandOverMemory {
  readonly open: Map<HandOverId, OpenHandOver>;
  /** By idempotency key, oldest first: to be sent until acknowledged. */
  readonly outbox: Map<string, HandOverNotice>;
  /** The last ones that ended, oldest first: their ids are not used again. */
  readonly ended: Map<HandOverId, OpenHandOver>;
  /** As they moved at the last step. */
  readonly moved: HandOverRecord[];
  /** By workload, one amount for each resource: what customers' load balancers could count on. */
  readonly meters: Map<WorkloadId, Meter>;
}

/** No more of one customer ever wait: a new hand-over that could bring more is refused. */
export const NOTICES_MAX = 300;
/** Of one hand-over: joins, leaves, lost. */
export const NOTICES_EACH_MAX = 3;
const ENDED_KEPT = 1000;

export function createHandOverMemory(): HandOverMemory {
  return { open: new Map(), outbox: new Map(), ended: new Map(), moved: [], meters: new Map() };
}

export function endHandOver({ open, ended }: HandOverMemory, over: OpenHandOver): void {
  const { id } = over.handOver;
  open.delete(id);
  ended.set(id, over);
  const [oldest] = ended.keys();
  if (ended.size > ENDED_KEPT && oldest !== undefined) ended.delete(oldest);
}

/** What hand-overs of a host are promised beyond what is `counted` of their shadow VMs already. */
export function promisedBeyond(
  { handOvers, layout }: CellState,
  { place, counted }: { readonly place: number; readonly counted: (shadowVm: ShadowVmId) => number },
): number {
  const host = layout.hostIds[hostOf(place)];
  let sum = 0;
  for (const { handOver, size } of handOvers.open.values())
    if (handOver.host === host) sum += Math.max(size[resourceOf(place)] - counted(handOver.shadowVm), 0);
  return sum;
}

/** Those that are to have what was promised; not those that are not to grow yet. */
export function servedShadowVms({ handOvers }: Pick<CellState, "handOvers">): ReadonlyMap<ShadowVmId, OpenHandOver> {
  const served = [...handOvers.open.values()].filter(({ handOver }) => handOver.state !== "asked");
  return new Map(served.map((open) => [open.handOver.shadowVm, open]));
}

/** Hand-overs are announced and end between two readings, never within what is read. An earlier instant adds nothing. */
export function meterHandOvers({ meters, open }: HandOverMemory, now: Instant): void {
  const known = [...open.values()].filter(({ handOver }) => isKnown(handOver));
  for (const { handOver } of open.values())
    if (!meters.has(handOver.workload)) meters.set(handOver.workload, startMeter(RESOURCE_COUNT, now));
  for (const [workload, meter] of meters) {
    const own = known.filter(({ handOver }) => handOver.workload === workload);
    const amounts = RESOURCES.map((resource) => own.reduce((sum, { size }) => sum + size[resource], 0));
    readMeter(meter, Float64Array.from(amounts), now > meter.readUntil ? now : meter.readUntil);
  }
}

/** The customer's load balancer may send it work. */
export function isKnown({ state }: HandOver): boolean {
  return state === "announced" || state === "serving" || state === "draining";
}
