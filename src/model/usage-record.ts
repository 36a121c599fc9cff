// One integrated piece of usage: what one VM (or the hand-overs of one workload) had and used from one instant to another, within one
// hour and under one set of terms. Whole numbers throughout. A record is never edited: what was wrong is put right by another one.
import type { CellId, CustomerId, VmId, WorkloadId } from "./fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "./resources.ts";
import { SERVICE_PLANS, type ServicePlan } from "./service-plan.ts";
import { HOUR_MS, type Instant } from "./time.ts";

/**
 * In quanta x ms: what the VM always has (`base`), what it was lent beyond (`leased`), what it used (`used`) and used beyond its base
 * (`over`), its share of the buffer of its host (`buffer`), shadow VMs handed over whole (`handOver`). In ms: demand was above the
 * base (`burst`), above what it had and served out of the buffer (`late`), above both (`short`), not seen at all (`unseen`).
 */
export const USAGE_METERS = [
  "base",
  "leased",
  "used",
  "over",
  "buffer",
  "handOver",
  "burst",
  "late",
  "short",
  "unseen",
] as const;
export type UsageMeter = (typeof USAGE_METERS)[number];
export const AMOUNT_COUNT = USAGE_METERS.length * RESOURCE_COUNT;

type UsageSubject = { readonly kind: "vm"; readonly id: VmId } | { readonly kind: "workload"; readonly id: WorkloadId };

export interface UsageRecord {
  readonly cell: CellId;
  readonly customer: CustomerId;
  readonly subject: UsageSubject;
  readonly from: Instant;
  /** Later than `from`; both in the same whole hour of UTC. */
  readonly to: Instant;
  readonly plan: ServicePlan;
  /** Which resources were acted for: bits in the order of RESOURCES. */
  readonly shaped: number;
  /** That the cell promised, 0..1. */
  readonly serviceLevel: number;
  /** [meter x resource] whole; of a correction what is to be added, which may be negative. */
  readonly amounts: ArrayLike<number>;
  /** Of a correction: its number, from 1 up, for the piece it belongs to, and why it was made. */
  readonly correction?: { readonly number: number; readonly reason: string };
}

/** The same for the same piece, whoever tells it and how often. */
export function usageKey({ cell, subject, from, correction }: UsageRecord): string {
  return `${cell}/${subject.kind}/${subject.id}/${from}/${correction?.number ?? 0}`;
}

export function amountOf({ amounts }: Pick<UsageRecord, "amounts">, meter: UsageMeter, resource: Resource): number {
  return amounts[amountIndex(meter, resource)] ?? 0;
}

export function amountIndex(meter: UsageMeter, resource: Resource): number {
  return USAGE_METERS.indexOf(meter) * RESOURCE_COUNT + RESOURCES.indexOf(resource);
}

export function isShaped({ shaped }: Pick<UsageRecord, "shaped">, resource: Resource): boolean {
  return (shaped & (1 << RESOURCES.indexOf(resource))) !== 0;
}

/** Each key once, whichever order they came in: the first one stands, as the others say the same. */
export function withoutRepeats(records: Iterable<UsageRecord>): readonly UsageRecord[] {
  const known = new Map<string, UsageRecord>();
  for (const record of records) if (!known.has(usageKey(record))) known.set(usageKey(record), record);
  return [...known.values()];
}

/** The first fault of a piece, in a sentence; undefined where there is none. */
export function faultOf(record: UsageRecord): string | undefined {
  const fault = faultIn(record);
  return fault && `usage of ${record.subject.kind} ${record.subject.id} from ${record.from} ${fault}`;
}

function faultIn({ from, to, amounts, plan, shaped, correction }: UsageRecord): string | undefined {
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && to > from)) return "does not last.";
  if (Math.floor(from / HOUR_MS) !== Math.ceil(to / HOUR_MS) - 1) return `crosses a whole hour.`;
  if (amounts.length !== AMOUNT_COUNT) return `has ${amounts.length} amounts instead of ${AMOUNT_COUNT}.`;
  if (!SERVICE_PLANS.includes(plan)) return `is under no plan that is known.`;
  if (!(Number.isInteger(shaped) && shaped >= 0 && shaped < 2 ** RESOURCE_COUNT)) return `shapes what is unknown.`;
  for (let index = 0; index < AMOUNT_COUNT; index++) {
    const amount = amounts[index];
    if (!Number.isSafeInteger(amount)) return `has an amount that is no whole number.`;
    if (correction === undefined && (amount as number) < 0) return `has a negative amount.`;
  }
  return undefined;
}

export interface CoverageFault {
  readonly kind: "gap" | "overlap";
  readonly subject: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** Where the pieces of a subject leave something out, or count something twice. Corrections are no pieces of their own. */
export function coverageFaults(records: Iterable<UsageRecord>): readonly CoverageFault[] {
  const bySubject = new Map<string, UsageRecord[]>();
  for (const record of records) {
    if (record.correction !== undefined) continue;
    const name = `${record.subject.kind} ${record.subject.id}`;
    bySubject.set(name, [...(bySubject.get(name) ?? []), record]);
  }
  return [...bySubject].flatMap(([subject, pieces]) => faultsBetween(subject, pieces));
}

function faultsBetween(subject: string, pieces: UsageRecord[]): CoverageFault[] {
  const inOrder = pieces.toSorted((left, right) => left.from - right.from);
  return inOrder.slice(1).flatMap((piece, index): CoverageFault[] => {
    const before = inOrder[index]?.to ?? piece.from;
    if (before === piece.from) return [];
    const isGap = before < piece.from;
    const [from, to] = isGap ? [before, piece.from] : [piece.from, before];
    return [{ kind: isGap ? "gap" : "overlap", subject, from, to }];
  });
}
