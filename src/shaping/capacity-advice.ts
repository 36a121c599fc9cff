// Where capacity will run out within the forecast's day, and when: data for a page, and a sentence for people.
import { formatAmount } from "../model/format-amount.ts";
import { DEMAND_FLOORS, RESOURCES, type Resource, type ResourceVector } from "../model/resources.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, iso, MINUTE_MS } from "../model/time.ts";

/** What a host, a pool or a cell has, and what is forecast to be wanted of it: bases, leases and buffer together. */
export interface CapacityOutlook {
  readonly name: string;
  readonly capacity: ResourceVector;
  /** Ascending, an hour each. The total of an hour is forecast as a total: a quantile of sums is no sum of quantiles. */
  readonly hours: readonly { readonly startsAt: Instant; readonly wanted: ResourceVector }[];
  /** The level that `wanted` is a quantile at. */
  readonly level: number;
}

export interface CapacityAdvice {
  readonly name: string;
  readonly resource: Resource;
  readonly from: Instant;
  /** Exclusive. */
  readonly to: Instant;
  /** The most that is missing in any of these hours, base units. */
  readonly short: number;
  readonly level: number;
}

/** One for each unbroken stretch of hours that a resource is short in; earliest first. */
export function adviseCapacity(outlook: CapacityOutlook): readonly CapacityAdvice[] {
  return RESOURCES.flatMap((resource) => shortStretches(outlook, resource)).sort((a, b) => a.from - b.from);
}

function shortStretches({ name, capacity, hours, level }: CapacityOutlook, resource: Resource): CapacityAdvice[] {
  const stretches: CapacityAdvice[] = [];
  for (const { startsAt, wanted } of hours) {
    const short = wanted[resource] - capacity[resource];
    if (!(short > DEMAND_FLOORS[resource])) continue;
    const to = instant(startsAt + HOUR_MS);
    const before = stretches.at(-1);
    if (before?.to === startsAt) stretches.splice(-1, 1, { ...before, to, short: Math.max(short, before.short) });
    else stretches.push({ name, resource, from: startsAt, to, short, level });
  }
  return stretches;
}

/** "cell-3 will be short of 40 cores tomorrow 09:00-11:00." In local time; of network and storage the name is said too. */
export function adviceSentence(
  { name, resource, from, to, short }: CapacityAdvice,
  { now, utcOffsetMinutes }: { readonly now: Instant; readonly utcOffsetMinutes: number },
): string {
  const local = (at: Instant) => instant(at + utcOffsetMinutes * MINUTE_MS);
  const amount = formatAmount(resource, short);
  const of = resource === "cpu" ? "" : ` of ${resource}`;
  return `${name} will be short of ${amount}${of} ${spanInWords(local(from), local(to), local(now))}.`;
}

function spanInWords(from: Instant, to: Instant, now: Instant): string {
  const midnight = dayOf(from) + 1 === dayOf(to) && to % DAY_MS === 0;
  const end = midnight ? "24:00" : hourOf(to);
  if (midnight || dayOf(from) === dayOf(to)) return `${dayInWords(from, now)} ${hourOf(from)}-${end}`;
  return `from ${dayInWords(from, now)} ${hourOf(from)} to ${dayInWords(to, now)} ${end}`;
}

function dayInWords(at: Instant, now: Instant): string {
  const days = dayOf(at) - dayOf(now);
  if (days === 0) return "today";
  return days === 1 ? "tomorrow" : iso(at).slice(0, 10);
}

function dayOf(at: Instant): number {
  return Math.floor(at / DAY_MS);
}

function hourOf(at: Instant): string {
  return iso(at).slice(11, 16);
}
