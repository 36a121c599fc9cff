// Whether the promise was kept, by customer and month: of the time in which VMs asked for more than their base, how much found it
// there. What is missed is paid back by itself, with the hours that prove it.
import { type Micros, NO_MONEY, roundRatio, subtractMoney } from "../model/money.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { SERVICE_PLANS, type ServicePlan } from "../model/service-plan.ts";
import type { Instant } from "../model/time.ts";
import { amountOf, type UsageRecord, withoutRepeats } from "../model/usage-record.ts";
import { addTo, emptySum, exactValue } from "./exact-sum.ts";
import type { CreditRules } from "./price-book.ts";
import { isPredicted } from "./rate-usage.ts";

/** Of one plan and resource: sums over VMs, in ms. */
export interface ServiceShare {
  readonly plan: ServicePlan;
  readonly resource: Resource;
  readonly burstMs: bigint;
  /** Served out of the buffer: in time, though not ahead of time. */
  readonly lateMs: bigint;
  readonly shortMs: bigint;
  /** The hours with the most that was missing, and of which VM: what a credit is founded on. */
  readonly evidence: readonly ShortHour[];
}

interface ShortHour {
  readonly subject: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly shortMs: number;
  readonly burstMs: number;
}

const EVIDENCE_MAX = 100;

/** One for each plan and resource that asked for more than its base while it was predicted for. */
export function serviceReport(records: Iterable<UsageRecord>): readonly ServiceShare[] {
  const known = withoutRepeats(records);
  return SERVICE_PLANS.flatMap((plan) =>
    RESOURCES.flatMap((resource) => {
      const own = known.filter((record) => record.plan === plan && isPredicted(record, resource));
      const share = shareOf(own, { plan, resource });
      return share.burstMs > 0n ? [share] : [];
    }),
  );
}

/** The share of burst time in which it was there, for people and for the steps of a credit; 1 where nobody asked. */
export function coverageOf({ burstMs, shortMs }: Pick<ServiceShare, "burstMs" | "shortMs">): number {
  return burstMs === 0n ? 1 : 1 - Number(shortMs) / Number(burstMs);
}

/** What is paid back for a share: never more than `charged` for the same plan and resource beyond the base. */
export function creditFor(
  share: ServiceShare,
  { rules, charged }: { readonly rules: CreditRules; readonly charged: Micros },
): Micros {
  const { plans, objective, steps } = rules;
  if (!plans.includes(share.plan)) return NO_MONEY;
  const isMissed = (level: number) => isBelow(share, level);
  if (!isMissed(objective)) return NO_MONEY;
  const step = steps.find(({ below }) => isMissed(below));
  if (step === undefined) return NO_MONEY;
  return subtractMoney(NO_MONEY, roundRatio(BigInt(charged) * millionths(step.credit), MILLION));
}

const MILLION = 1_000_000n;

function millionths(share: number): bigint {
  return BigInt(Math.round(share * Number(MILLION)));
}

/** In whole numbers, so that a month that met its objective to the millisecond did meet it. */
function isBelow({ burstMs, shortMs }: ServiceShare, level: number): boolean {
  return (burstMs - shortMs) * MILLION < burstMs * millionths(level);
}

function shareOf(records: readonly UsageRecord[], of: Pick<ServiceShare, "plan" | "resource">): ServiceShare {
  const [burst, late, short] = [emptySum(), emptySum(), emptySum()];
  const missed: ShortHour[] = [];
  for (const record of records) {
    const [burstMs, shortMs] = [amountOf(record, "burst", of.resource), amountOf(record, "short", of.resource)];
    addTo(burst, burstMs);
    addTo(late, amountOf(record, "late", of.resource));
    addTo(short, shortMs);
    const { subject, from, to } = record;
    if (shortMs > 0) missed.push({ subject: `${subject.kind} ${subject.id}`, from, to, shortMs, burstMs });
  }
  missed.sort(
    (left, right) => right.shortMs - left.shortMs || left.from - right.from || (left.subject < right.subject ? -1 : 1),
  );
  const sums = { burstMs: exactValue(burst), lateMs: exactValue(late), shortMs: exactValue(short) };
  return { ...of, ...sums, evidence: missed.slice(0, EVIDENCE_MAX) };
}
