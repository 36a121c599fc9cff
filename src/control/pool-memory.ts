// What a cell knows of its pool of shadow VMs: the life of each, how long boots took, and how much buffer each hour of the next
// day is forecast to ask for.
import type { HostId } from "../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type ResourceVector } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { type DurationMs, HOUR_MS, type Instant, instant } from "../model/time.ts";
import type { LifeStage } from "../shaping/shadow-vm-lifecycle.ts";
import { type CellLayout, vectorAt } from "./cell-layout.ts";

export interface ShadowVmLife {
  readonly host: HostId;
  readonly stage: LifeStage;
  /** When it came into this stage. */
  readonly since: Instant;
  /** When its boot was asked for; left out where nobody here did. */
  readonly askedAt?: Instant;
  /** It was handed over: what it has is nobody's buffer any more, until it is gone. */
  readonly served?: true;
}

export interface PoolMemory {
  readonly lives: Map<ShadowVmId, ShadowVmLife>;
  /** The last boots that came up. */
  readonly bootTimes: DurationMs[];
  /** [place x hour] what each of the 24 hours after `foreseenAt` was forecast to ask for; base units. */
  readonly foreseen: Float64Array;
  /** [host] milliseconds since 1970; NaN before its first forecast. */
  readonly foreseenAt: Float64Array;
  /** [place] the largest buffer that was wanted in the hour that is now. */
  readonly peaks: Float64Array;
  /** Hours since 1970 of that hour. */
  hour: number;
}

export const HOURS_FORESEEN = 24;
const BOOTS_KEPT = 40;

/** Asked for and not up yet, whether its host shows it or not. */
export function isComing(stage: LifeStage): boolean {
  return stage === "requested" || stage === "booting";
}

export function createPoolMemory({ capacity, hostIds }: CellLayout): PoolMemory {
  return {
    lives: new Map(),
    bootTimes: [],
    foreseen: new Float64Array(capacity.length * HOURS_FORESEEN),
    foreseenAt: new Float64Array(hostIds.length).fill(Number.NaN),
    peaks: new Float64Array(capacity.length),
    hour: -1,
  };
}

/** Returns true at the first tick of an hour. */
export function rememberWanted(pool: PoolMemory, wanted: Float64Array, now: Instant): boolean {
  const hour = Math.floor(now / HOUR_MS);
  const isNew = hour !== pool.hour;
  if (isNew) pool.peaks.fill(0);
  pool.hour = hour;
  for (let place = 0; place < wanted.length; place++)
    pool.peaks[place] = Math.max(pool.peaks[place] as number, wanted[place] as number);
  return isNew;
}

export function rememberBoot({ bootTimes }: PoolMemory, took: DurationMs): void {
  bootTimes.push(took);
  if (bootTimes.length > BOOTS_KEPT) bootTimes.shift();
}

interface ComingHour {
  readonly startsAt: Instant;
  readonly buffer: ResourceVector;
}

/** The hours of one host that are not over, the current one first: as forecast, and the current one never less than what was wanted in it. */
export function hoursAhead({ foreseen, foreseenAt, peaks }: PoolMemory, host: number, now: Instant): ComingHour[] {
  const wanted = vectorAt(peaks, host);
  const from = foreseenAt[host] as number;
  if (Number.isNaN(from)) return [{ startsAt: now, buffer: wanted }];
  const isOver = Math.floor((now - from) / HOUR_MS);
  return Array.from({ length: HOURS_FORESEEN - isOver }, (_, index) => {
    const hour = isOver + index;
    const amounts = RESOURCES.map((_, offset) => foreseen[(host * RESOURCE_COUNT + offset) * HOURS_FORESEEN + hour]);
    const forecast = vectorAt(
      Float64Array.from(amounts, (amount) => amount ?? 0),
      0,
    );
    return { startsAt: instant(from + hour * HOUR_MS), buffer: index === 0 ? largest(forecast, wanted) : forecast };
  });
}

function largest(left: ResourceVector, right: ResourceVector): ResourceVector {
  const sum = { ...left } as Record<keyof ResourceVector, number>;
  for (const resource of RESOURCES) sum[resource] = Math.max(left[resource], right[resource]);
  return sum as ResourceVector;
}
