// What a cell remembers of its pool of shadow VMs: the life of each, how long boots took, and how much buffer each hour of the
// last day asked for, which stands for the day to come.
import type { HostId } from "../model/fleet.ts";
import { RESOURCES, type ResourceVector } from "../model/resources.ts";
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
}

export interface PoolMemory {
  readonly lives: Map<ShadowVmId, ShadowVmLife>;
  /** The last boots that came up. */
  readonly bootTimes: DurationMs[];
  /** [hour of the day x place] largest buffer that was wanted in that hour when it was last lived through; base units. */
  readonly hourlyPeaks: Float64Array;
  /** [place] the same for the hour that is now. */
  readonly peaks: Float64Array;
  /** Hours since 1970 of that hour. */
  hour: number;
}

const HOURS = 24;
const BOOTS_KEPT = 40;

export function createPoolMemory({ capacity }: CellLayout): PoolMemory {
  const placeCount = capacity.length;
  const hourlyPeaks = new Float64Array(HOURS * placeCount);
  return { lives: new Map(), bootTimes: [], hourlyPeaks, peaks: new Float64Array(placeCount), hour: -1 };
}

/** Returns true at the first tick of an hour. */
export function rememberWanted(pool: PoolMemory, wanted: Float64Array, now: Instant): boolean {
  const hour = Math.floor(now / HOUR_MS);
  const isNew = hour !== pool.hour;
  if (isNew) {
    if (pool.hour >= 0) pool.hourlyPeaks.set(pool.peaks, (pool.hour % HOURS) * wanted.length);
    pool.peaks.fill(0);
    pool.hour = hour;
  }
  for (let place = 0; place < wanted.length; place++)
    pool.peaks[place] = Math.max(pool.peaks[place] as number, wanted[place] as number);
  return isNew;
}

export function rememberBoot({ bootTimes }: PoolMemory, took: DurationMs): void {
  bootTimes.push(took);
  if (bootTimes.length > BOOTS_KEPT) bootTimes.shift();
}

/** The next 24 hours of one host, the current one first: as a day ago, and never less than now. */
export function hoursAhead(
  { hourlyPeaks, peaks, hour }: PoolMemory,
  host: number,
): { readonly startsAt: Instant; readonly buffer: ResourceVector }[] {
  const places = peaks.length;
  return Array.from({ length: HOURS }, (_, ahead) => {
    const ofDay = (hour + ahead) % HOURS;
    const column = hourlyPeaks.subarray(ofDay * places, (ofDay + 1) * places);
    const buffer = ahead === 0 ? largest(vectorAt(column, host), vectorAt(peaks, host)) : vectorAt(column, host);
    return { startsAt: instant((hour + ahead) * HOUR_MS), buffer };
  });
}

function largest(left: ResourceVector, right: ResourceVector): ResourceVector {
  const sum = { ...left } as Record<keyof ResourceVector, number>;
  for (const resource of RESOURCES) sum[resource] = Math.max(left[resource], right[resource]);
  return sum as ResourceVector;
}
