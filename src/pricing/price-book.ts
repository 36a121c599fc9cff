// THE PRICE BOOK: what capacity and the promise to have it in time cost, version by version. A version that was in force is never
// changed: what was rated once is rated the same for ever.
import { type Micros, NO_MONEY } from "../model/money.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { failure, type Result, success } from "../model/result.ts";
import type { ServicePlan } from "../model/service-plan.ts";
import { HOUR_MS, type Instant, iso } from "../model/time.ts";

/** Micro-units of the currency for one priced unit (core, GiB, MB/s) for one hour. */
export type Rates = Readonly<Record<Resource, Micros>>;

export const NO_RATES: Rates = { cpu: NO_MONEY, memory: NO_MONEY, network: NO_MONEY, storage: NO_MONEY };

export interface PlanPrices {
  /** What a VM always has. */
  readonly base: Rates;
  /** What it was lent beyond that, used or not. */
  readonly leased: Rates;
  /** What it used beyond its base. */
  readonly used: Rates;
  /** Its share of the buffers held, ascending by the service level from which it counts. The first one is from 0. */
  readonly premium: readonly { readonly fromLevel: number; readonly rates: Rates }[];
}

/**
 * What telling the truth is worth: `discountPerSkill` x skill of what was charged for leases and premium, from 0 to `discountMax`.
 * A straight line, since a step would reward gambling beside its edge; the tiers are names for stretches of that line.
 */
export interface TierRules {
  readonly silverFrom: number;
  readonly goldFrom: number;
  /** A tier is lost only so far below where it begins. */
  readonly hysteresis: number;
  readonly discountPerSkill: number;
  readonly discountMax: number;
}

/** What is paid back, by itself, where a promise was missed. */
export interface CreditRules {
  /** Plans that promise it. */
  readonly plans: readonly ServicePlan[];
  /** Share of burst time in which capacity must have been there. */
  readonly objective: number;
  /** Ascending by `below`: the first one that holds counts. Shares of what was charged for the resource beyond its base. */
  readonly steps: readonly { readonly below: number; readonly credit: number }[];
}

export interface PriceVersion {
  /** Unique in the book; on every line that it rated. */
  readonly id: string;
  /** A whole hour, so that no usage record lies in two versions. */
  readonly validFrom: Instant;
  /** A whole hour; in force until the next version begins where left out. */
  readonly validTo?: Instant;
  readonly plans: Readonly<Record<ServicePlan, PlanPrices>>;
  /** What a VM used beyond its base where nothing was predicted for it: plan `standard`, or opted out. */
  readonly burst: Rates;
  /** Whole shadow VMs handed over. */
  readonly handOver: Rates;
  readonly tiers: TierRules;
  readonly credits: CreditRules;
}

export interface PriceBook {
  /** Who sells: on invoices and exports. */
  readonly issuer: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Ascending by `validFrom`, which are all different, as are ids. */
  readonly versions: readonly PriceVersion[];
}

/** Undefined: nothing is for sale at that time. */
export function versionAt({ versions }: PriceBook, at: Instant): PriceVersion | undefined {
  const version = versions.findLast(({ validFrom }) => validFrom <= at);
  return version?.validTo !== undefined && at >= version.validTo ? undefined : version;
}

/** Of a service level that lies below all that are named the first one counts. */
export function premiumAt({ premium }: PlanPrices, serviceLevel: number): Rates {
  return premium.findLast(({ fromLevel }) => fromLevel <= serviceLevel)?.rates ?? premium[0]?.rates ?? NO_RATES;
}

/**
 * The book that follows. "conflict" where it would change what was in force before `ratedUntil`: all versions that began before
 * must be there unchanged, and what is new begins at or after it.
 */
export function succeed(
  before: PriceBook,
  { next, ratedUntil }: { readonly next: PriceBook; readonly ratedUntil: Instant },
): Result<PriceBook> {
  if (next.currency !== before.currency && before.versions.some(({ validFrom }) => validFrom < ratedUntil))
    return failure(
      "conflict",
      `The currency was ${before.currency} when usage was rated: it cannot be ${next.currency}.`,
    );
  for (const old of before.versions) {
    if (old.validFrom >= ratedUntil) continue;
    const kept = next.versions.find(({ id }) => id === old.id);
    if (kept === undefined) return failure("conflict", `Version ${old.id} was in force: it must stay in the book.`);
    const isAlike = isSamePrices(old, kept) && isSameEnd(old, kept, ratedUntil);
    if (!isAlike)
      return failure("conflict", `Version ${old.id} was in force: add another version instead of changing it.`);
  }
  const late = next.versions.find(
    ({ id, validFrom }) => validFrom < ratedUntil && !before.versions.some((old) => old.id === id),
  );
  if (late === undefined) return success(next);
  const when = `usage is rated until ${iso(ratedUntil)}`;
  return failure(
    "conflict",
    `Version ${late.id} begins at ${iso(late.validFrom)}, but ${when}: let it begin then or later.`,
  );
}

function isSamePrices(old: PriceVersion, kept: PriceVersion): boolean {
  const { validTo: _old, ...before } = old;
  const { validTo: _kept, ...after } = kept;
  return JSON.stringify(before) === JSON.stringify(after);
}

/** It may be told to end later than now, or no more. */
function isSameEnd(old: PriceVersion, kept: PriceVersion, ratedUntil: Instant): boolean {
  const isOpen = (end: Instant | undefined) => end === undefined || end >= ratedUntil;
  return old.validTo === kept.validTo || (isOpen(old.validTo) && isOpen(kept.validTo));
}

/** The first hour that nothing was rated of, after `at`. */
export function nextWholeHour(at: Instant): Instant {
  return (Math.ceil(at / HOUR_MS) * HOUR_MS) as Instant;
}

export function ratesOf(rate: (resource: Resource) => Micros): Rates {
  const [cpu, memory, network, storage] = RESOURCES.map(rate) as [Micros, Micros, Micros, Micros];
  return { cpu, memory, network, storage };
}
