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

/** Plain lists that JSON can carry, and one column with the amounts of all, row by row. */
export interface PackedBatch {
  readonly heads: unknown;
  readonly amounts: Float64Array;
}

export function packBatch({ records }: Pick<UsageBatch, "records">): PackedBatch {
  const amounts = new Float64Array(records.length * AMOUNT_COUNT);
  const heads = records.map((record, row) => {
    const { subject, from, to, plan, shaped, serviceLevel, correction } = record;
    amounts.set(Float64Array.from(record.amounts), row * AMOUNT_COUNT);
    const corrected = correction === undefined ? null : [correction.number, correction.reason];
    return [subject.kind, subject.id, from, to, SERVICE_PLANS.indexOf(plan), shaped, serviceLevel, corrected];
  });
  return { heads, amounts };
}

/** Fails with "bad-input" on what `packBatch` did not make. */
export function unpackBatch(
  { heads, amounts }: PackedBatch,
  { cell, customer }: Pick<UsageBatch, "cell" | "customer">,
): Result<UsageBatch> {
  if (!Array.isArray(heads) || amounts.length !== heads.length * AMOUNT_COUNT) return NO_BATCH;
  const records: UsageRecord[] = [];
  for (const [row, head] of heads.entries()) {
    const read = headOf(head);
    if (read === undefined) return NO_BATCH;
    const own = amounts.subarray(row * AMOUNT_COUNT, (row + 1) * AMOUNT_COUNT);
    records.push({ cell, customer, ...read, amounts: own });
  }
  for (const record of records) {
    const fault = faultOf(record);
    if (fault !== undefined) return failure("bad-input", fault);
  }
  return success({ cell, customer, records });
}

const NO_BATCH = failure("bad-input", "These are no usage records: take them from where they were written.");

function headOf(head: unknown): Omit<UsageRecord, "cell" | "customer" | "amounts"> | undefined {
  if (!Array.isArray(head) || head.length !== 8) return undefined;
  const [kind, id, from, to, plan, shaped, serviceLevel, corrected] = head as unknown[];
  const isSubject = (kind === "vm" || kind === "workload") && typeof id === "string";
  const areNumbers = [from, to, plan, shaped, serviceLevel].every((each) => typeof each === "number");
  if (!isSubject || !areNumbers) return undefined;
  const [number, reason] = Array.isArray(corrected) ? (corrected as unknown[]) : [];
  const isCorrected = typeof number === "number" && typeof reason === "string";
  if (corrected !== null && !isCorrected) return undefined;
  return {
    subject: { kind, id } as UsageRecord["subject"],
    from: from as Instant,
    to: to as Instant,
    plan: SERVICE_PLANS[plan as number] ?? "standard",
    shaped: shaped as number,
    serviceLevel: serviceLevel as number,
    ...(isCorrected && { correction: { number, reason } }),
  };
}
