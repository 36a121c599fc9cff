// How many shadow VMs a host should have: enough for what the next 24 h are forecast to ask of its buffer, each booted in time
// and none retired that would soon be booted again.
import { RESOURCES, type ResourceVector } from "../model/resources.ts";
import { type DurationMs, HOUR_MS, type Instant, instant } from "../model/time.ts";

/** The buffer that one hour will ask for: a high quantile of its peak, or what is asked for right now if that is more. */
interface PoolHour {
  readonly startsAt: Instant;
  readonly buffer: ResourceVector;
}

export interface PoolQuestion {
  readonly now: Instant;
  /** Ascending, the current one first. */
  readonly hours: readonly PoolHour[];
  /** What one shadow VM holds above its minimum. */
  readonly holds: ResourceVector;
  readonly up: number;
  /** Requested or booting. */
  readonly coming: number;
  /** How many more minimums the host has room for, now and while they are wanted. */
  readonly fitting: number;
  /** A high quantile of measured boots: `bootTimeOf`. */
  readonly bootMs: DurationMs;
  /** Decisions come once a tick, so that one may come a tick late. */
  readonly stepMs: number;
}

export interface PoolSize {
  /** To boot now. */
  readonly boot: number;
  /** To retire now; never together with a boot. */
  readonly retire: number;
  /** The next boot or retirement as things look now. */
  readonly next?: { readonly kind: "boot" | "retire"; readonly at: Instant };
  /** Wanted within the day and without room here: for placement elsewhere, and for advice. */
  readonly short: number;
}

/** They are called full, and one more is booted, at this share of what they can hold. */
const FULL = 0.8;
/** One is retired when the others would be no fuller than this. */
const SPARE = 0.5;
/** What will be wanted again within this time is kept. */
const KEPT_MS = 3 * HOUR_MS;
const SHADOW_VMS_PER_HOST_MAX = 16;
/** Boots disturb a host: 3 to 6 s of CPU each. */
const BOOTS_AT_ONCE = 2;

export function sizePool(question: PoolQuestion): PoolSize {
  const { now, hours, up, coming, fitting } = question;
  const have = up + coming;
  const missing = hours.map((hour) => ({ hour, count: Math.max(countFor(hour, question, FULL) - have, 0) }));
  const boots = missing
    .filter(({ count }) => count > 0)
    .map(({ hour, count }) => ({ count, at: hour.startsAt - leadMs(count, question) }));
  const due = Math.max(...boots.filter(({ at }) => at <= now).map(({ count }) => count), 0);
  const boot = Math.max(Math.min(due, BOOTS_AT_ONCE - coming, fitting), 0);
  const retire = due === 0 && coming === 0 && have > countKept(question, now) ? 1 : 0;
  const next = nextChange(question, boots);
  const short = Math.max(Math.max(...missing.map(({ count }) => count), 0) - fitting, 0);
  return { boot, retire, short, ...(next && { next }) };
}

/** At least one stays, so that the fast path has something to give from; a resource that none can hold does not count. */
function countFor({ buffer }: PoolHour, { holds }: PoolQuestion, full: number): number {
  const counts = RESOURCES.filter((resource) => holds[resource] > 0).map((resource) =>
    Math.ceil(buffer[resource] / (full * holds[resource])),
  );
  return Math.min(Math.max(1, ...counts), SHADOW_VMS_PER_HOST_MAX);
}

/** How long before an hour the first of `count` boots begins: so many rounds of whole ticks, and one in case it comes late. */
function leadMs(count: number, { bootMs, stepMs }: PoolQuestion): number {
  const ticksPerRound = Math.max(Math.ceil(bootMs / stepMs), 1);
  return (Math.ceil(count / BOOTS_AT_ONCE) * ticksPerRound + 1) * stepMs;
}

function countKept(question: PoolQuestion, from: number): number {
  const near = question.hours.filter(
    ({ startsAt }) => startsAt > from - HOUR_MS && startsAt < from + Math.max(KEPT_MS, leadMs(1, question)),
  );
  return Math.max(1, ...near.map((hour) => countFor(hour, question, SPARE)));
}

function nextChange(question: PoolQuestion, boots: readonly { readonly at: number }[]): PoolSize["next"] {
  const { now, hours, up, coming } = question;
  const boot = Math.min(...boots.map(({ at }) => at).filter((at) => at > now));
  if (Number.isFinite(boot)) return { kind: "boot", at: instant(boot) };
  const free = hours.find(({ startsAt }) => startsAt > now && up + coming > countKept(question, startsAt));
  return free && { kind: "retire", at: free.startsAt };
}
