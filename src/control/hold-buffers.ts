// From wanted to held: the buffer is cut to what a host's shadow VMs can hold, leases and buffer to the host's room, and the
// pool of shadow VMs grows ahead of need or shrinks long after it.
import type { HostId } from "../model/fleet.ts";
import { RESOURCES, type ResourceVector, smaller, subtract } from "../model/resources.ts";
import type { ShadowVm, ShadowVmId } from "../model/shadow-vm.ts";
import { durationMs, type Instant, MINUTE_MS } from "../model/time.ts";
import { bootTimeOf } from "../shaping/boot-time.ts";
import { sizePool } from "../shaping/pool-size.ts";
import { holdsBuffer, room, spareOne } from "../shaping/shadow-pool.ts";
import { advise } from "./advise.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { fitToHost } from "./fit-to-host.ts";
import { followShadowVms, groupByHost, happen, type PoolOrder } from "./follow-shadow-vms.ts";
import { foreseeBuffers } from "./foresee-buffers.ts";
import { moveHandOvers } from "./move-hand-overs.ts";
import { hoursAhead, isComing, rememberWanted } from "./pool-memory.ts";
import type { InForce, TickInput } from "./tick-input.ts";

export function holdBuffers(state: CellState, input: TickInput): readonly PoolOrder[] {
  const { layout, pool, buffers } = state;
  const { now, shadowVms, inForce } = input;
  state.cuts.length = 0;
  const isNewHour = rememberWanted(pool, buffers, now);
  foreseeBuffers(state, now);
  const orders = followShadowVms(state, { shadowVms, silent: silentHosts(state, inForce), now });
  orders.push(...moveHandOvers(state, now));
  const ofHost = groupByHost(state.shadowVms);
  const coming = comingByHost(state);
  const promised = new Set([...state.handOvers.open.values()].map(({ handOver }) => handOver.shadowVm));
  for (const [host, id] of layout.hostIds.entries()) {
    const own = ofHost.get(id) ?? [];
    const held = smaller(vectorAt(buffers, host), room(own));
    const asked = coming.get(id) ?? [];
    const unseen = asked.filter((each) => !own.some((vm) => vm.id === each)).length;
    const spare = fitToHost(state, input, { host, held, own, unseen });
    if (state.promise.kind === "pooled" && state.permissions.frozen[host] === 0)
      orders.push(
        ...sizeHost(state, { host, own, spare, now, coming: asked.filter((each) => !promised.has(each)).length }),
      );
  }
  state.advice.splice(0, state.advice.length, ...(isNewHour ? advise(state, now) : []));
  return state.permissions.frozen.includes(1) ? orders.filter(({ host }) => !isFrozen(state, host)) : orders;
}

function isFrozen({ layout, permissions }: CellState, host: HostId): boolean {
  return permissions.frozen[layout.hostIds.indexOf(host)] === 1;
}

/** Until boots were measured. */
const ASSUMED_BOOT_MS = durationMs(2 * MINUTE_MS);

interface HostPool {
  readonly host: number;
  readonly own: readonly ShadowVm[];
  readonly spare: ResourceVector;
  readonly coming: number;
  readonly now: Instant;
}

function sizeHost(state: CellState, { host, own, spare, now, coming }: HostPool): PoolOrder[] {
  const { layout, pool, tick } = state;
  const id = layout.hostIds[host] as HostId;
  const { minimum, ceiling } = layout.shadowVm;
  const size = sizePool({
    now,
    hours: hoursAhead(pool, host, now),
    holds: subtract(ceiling, minimum),
    up: own.filter((vm) => holdsBuffer(vm.state)).length,
    coming,
    fitting: timesIn(minimum, spare),
    bootMs: bootTimeOf(pool.bootTimes, ASSUMED_BOOT_MS),
    stepMs: durationMs(layout.stepMs),
  });
  const boots = Array.from({ length: size.boot }, (_, index): PoolOrder => {
    const shadowVm = `shadow-${id}-${tick}${index > 0 ? `-${index + 1}` : ""}` as ShadowVmId;
    return { kind: "boot", host: id, shadowVm, why: "wanted" };
  });
  const spareVm = size.retire > 0 ? spareOne(own) : undefined;
  const retires: PoolOrder[] = spareVm ? [{ kind: "retire", host: id, shadowVm: spareVm, why: "spare" }] : [];
  return [...boots, ...retires].filter(({ kind, shadowVm }) =>
    happen(pool, { id: shadowVm, host: id }, { event: `${kind}-asked`, now }),
  );
}

const FITTING_MAX = 16;

/** How many of these there is room for. */
function timesIn(part: ResourceVector, whole: ResourceVector): number {
  const counts = RESOURCES.filter((resource) => part[resource] > 0).map((resource) =>
    Math.floor(whole[resource] / part[resource]),
  );
  return Math.min(FITTING_MAX, ...counts);
}

/** Asked for and not up yet, whether their hosts show them or not. */
function comingByHost({ pool }: CellState): Map<HostId, ShadowVmId[]> {
  const coming = new Map<HostId, ShadowVmId[]>();
  for (const [id, { host, stage }] of pool.lives)
    if (isComing(stage)) coming.set(host, [...(coming.get(host) ?? []), id]);
  return coming;
}

/** Of a host that did not answer nobody knows what its shadow VMs hold. */
function silentHosts({ layout }: CellState, inForce: InForce | undefined): ReadonlySet<HostId> {
  if (inForce === undefined) return new Set();
  return new Set(layout.hostIds.filter((_, host) => Number.isNaN(inForce.buffers[host * RESOURCES.length])));
}
