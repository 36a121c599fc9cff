// Usage records of one customer and cell as plain lists, for whoever keeps or sends many: in and out without loss.
import type { CellId, CustomerId } from "./fleet.ts";
import { failure, type Result, success } from "./result.ts";
import { SERVICE_PLANS } from "./service-plan.ts";
import type { Instant } from "./time.ts";
import { AMOUNT_COUNT, faultOf, type UsageRecord, usageKey } from "./usage-record.ts";

export interface UsageBatch {
  readonly cell: CellId;
  readonly customer: CustomerId;
  readonly records: readonly UsageRecord[];
}

/** Each batch has one cell and one customer. */
export function batchesOf(records: readonly UsageRecord[]): readonly UsageBatch[] {
  const batches = new Map<string, UsageBatch & { readonly records: UsageRecord[] }>();
  for (const record of records) {
    const { cell, customer } = record;
    const name = `${cell}/${customer}`;
    const batch = batches.get(name) ?? { cell, customer, records: [] };
    batches.set(name, batch);
    batch.records.push(record);
  }
  return [...batches.values()];
}

/** The same for the same pieces, in whichever order. */
export function namesOfBatch({ records }: UsageBatch): string {
  return records.map(usageKey).toSorted().join("\n");
}

export function packBatch({ records }: UsageBatch): unknown {
  return records.map(({ subject, from, to, plan, shaped, serviceLevel, amounts, correction }) => [
    subject.kind,
    subject.id,
    from,
    to,
    SERVICE_PLANS.indexOf(plan),
    shaped,
    serviceLevel,
    correction === undefined ? null : [correction.number, correction.reason],
    Array.from(amounts),
  ]);
}

/** Fails with "bad-input" on what `packBatch` did not make. */
export function unpackBatch(
  packed: unknown,
  { cell, customer }: Pick<UsageBatch, "cell" | "customer">,
): Result<UsageBatch> {
  if (!Array.isArray(packed)) return NO_BATCH;
  const records: UsageRecord[] = [];
  for (const row of packed) {
    const record = recordOf(row);
    if (record === undefined) return NO_BATCH;
    records.push({ cell, customer, ...record });
  }
  const fault = records.map(faultOf).find((each) => each !== undefined);
  return fault === undefined ? success({ cell, customer, records }) : failure("bad-input", fault);
}

const NO_BATCH = failure("bad-input", "These are no usage records: take them from where they were written.");

function recordOf(row: unknown): Omit<UsageRecord, "cell" | "customer"> | undefined {
  if (!Array.isArray(row) || row.length !== 9) return undefined;
  const [kind, id, from, to, plan, shaped, serviceLevel, corrected, amounts] = row as unknown[];
  const isSubject = (kind === "vm" || kind === "workload") && typeof id === "string";
  const isSpan = typeof from === "number" && typeof to === "number";
  const areNumbers = Array.isArray(amounts) && amounts.length === AMOUNT_COUNT;
  if (!isSubject || !isSpan || !areNumbers || typeof shaped !== "number" || typeof serviceLevel !== "number")
    return undefined;
  const [number, reason] = Array.isArray(corrected) ? (corrected as unknown[]) : [];
  const isCorrected = typeof number === "number" && typeof reason === "string";
  if (corrected !== null && !isCorrected) return undefined;
  return {
    subject: { kind, id } as UsageRecord["subject"],
    from: from as Instant,
    to: to as Instant,
    plan: SERVICE_PLANS[plan as number] ?? "standard",
    shaped,
    serviceLevel,
    amounts: Float64Array.from(amounts as number[]),
    ...(isCorrected && { correction: { number, reason } }),
  };
}
