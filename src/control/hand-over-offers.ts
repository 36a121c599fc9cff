// What each host has to offer to a hand-over: a shadow VM that is free, or room to boot one, beside all leases, the buffer and
// what others are promised.
import type { HostId, WorkloadId } from "../model/fleet.ts";
import { add, larger, NOTHING, RESOURCE_COUNT, RESOURCES, type ResourceVector, subtract } from "../model/resources.ts";
import type { ShadowVm, ShadowVmId } from "../model/shadow-vm.ts";
import { HOUR_MS, type Instant } from "../model/time.ts";
import type { HostOffer } from "../shaping/placement.ts";
import { nextStage } from "../shaping/shadow-vm-lifecycle.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { allocated, roomForVms } from "./fit-to-host.ts";
import { groupByHost } from "./follow-shadow-vms.ts";
import { hoursAhead, isComing } from "./pool-memory.ts";

export interface HandOverOffer extends HostOffer {
  /** Up, and free; one must be booted where left out. */
  readonly shadowVm?: ShadowVm;
}

export interface OfferQuestion {
  readonly workload: WorkloadId;
  readonly now: Instant;
  /** Those that may be changed. */
  readonly hosts: readonly number[];
  /** It is made from an image of its own: no shadow VM that runs will do. */
  readonly isOwnImage: boolean;
}

export function offersFor(state: CellState, given: OfferQuestion): HandOverOffer[] {
  const ofHost = groupByHost(state.shadowVms);
  const hidden = hiddenByHost(state);
  return given.hosts.flatMap((host) => {
    const id = state.layout.hostIds[host];
    return id === undefined ? [] : [offerOf(state, { ...given, host, id, own: ofHost.get(id) ?? [], hidden })];
  });
}

interface AskedHost extends Omit<OfferQuestion, "hosts"> {
  readonly host: number;
  readonly id: HostId;
  readonly own: readonly ShadowVm[];
  readonly hidden: ReadonlyMap<HostId, Hidden>;
}

function offerOf(state: CellState, { host, id, own, hidden, workload, now, isOwnImage }: AskedHost): HandOverOffer {
  const { layout, buffers, handOvers } = state;
  const shadowVm = isOwnImage ? undefined : freeOne(state, own);
  const { coming = 0, unknown = false } = hidden.get(id) ?? {};
  // What runs there is not seen: nobody knows what it has.
  const room = unknown ? NOTHING : roomVector(state, { host, own, unseen: coming });
  const keeps = shadowVm?.minimum ?? NOTHING;
  const owner = layout.customers[layout.dedicatedTo[host] ?? -1];
  return {
    host: id,
    capacity: vectorAt(layout.capacity, host),
    spareNow: add(subtract(room, vectorAt(buffers, host)), unknown ? NOTHING : keeps),
    spareLater: add(subtract(room, bufferAhead(state, host, now)), keeps),
    alike: [...handOvers.open.values()].filter(({ handOver }) => handOver.host === id && handOver.workload === workload)
      .length,
    ...(owner !== undefined && { dedicatedTo: owner }),
    ...(shadowVm && { shadowVm }),
  };
}

/** One that holds nothing, else one on which nobody draws. */
function freeOne({ pool, handOvers }: CellState, own: readonly ShadowVm[]): ShadowVm | undefined {
  const taken = new Set<ShadowVmId>([...handOvers.open.values()].map(({ handOver }) => handOver.shadowVm));
  const free = own.filter(({ id, state }) => {
    const life = pool.lives.get(id)?.stage ?? "unknown";
    return (state === "idle" || state === "ready") && !taken.has(id) && isNext(life, "hand-over-asked");
  });
  return free.find(({ state }) => state === "idle") ?? free.at(-1);
}

function isNext(...asked: Parameters<typeof nextStage>): boolean {
  return nextStage(...asked).kind === "next";
}

function roomVector(
  state: CellState,
  given: { readonly host: number; readonly own: readonly ShadowVm[]; readonly unseen: number },
): ResourceVector {
  const amounts = RESOURCES.map((_, offset) => {
    const place = given.host * RESOURCE_COUNT + offset;
    return Math.max(roomForVms(state, { ...given, place }) - allocated(state, place), 0);
  });
  return vectorAt(Float64Array.from(amounts), 0);
}

const HOURS_KEPT = 6;

/** The largest buffer that the next hours are forecast to ask for. */
function bufferAhead({ pool }: CellState, host: number, now: Instant): ResourceVector {
  return hoursAhead(pool, host, now)
    .filter(({ startsAt }) => startsAt <= now + HOURS_KEPT * HOUR_MS)
    .reduce((most, { buffer }) => larger(most, buffer), NOTHING);
}

interface Hidden {
  readonly coming: number;
  readonly unknown: boolean;
}

/** Shadow VMs that their hosts do not show. */
function hiddenByHost({ pool, shadowVms }: CellState): Map<HostId, Hidden> {
  const seen = new Set(shadowVms.map(({ id }) => id));
  const hidden = new Map<HostId, Hidden>();
  for (const [id, { host, stage }] of pool.lives) {
    if (seen.has(id)) continue;
    const { coming, unknown } = hidden.get(host) ?? { coming: 0, unknown: false };
    hidden.set(host, isComing(stage) ? { coming: coming + 1, unknown } : { coming, unknown: true });
  }
  return hidden;
}
