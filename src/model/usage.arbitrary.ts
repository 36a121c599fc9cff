// Usage records that are right, of any piece of time: for tests.
import fc from "fast-check";
import type { CellId, CustomerId, VmId } from "./fleet.ts";
import { SERVICE_PLANS } from "./service-plan.ts";
import { HOUR_MS, type Instant, instant } from "./time.ts";
import { AMOUNT_COUNT, amountIndex, USAGE_METERS, type UsageMeter, type UsageRecord } from "./usage-record.ts";

export const USAGE_START = instant(Date.UTC(2026, 2, 1));

/** One hour of one VM: a core always there, half a core lent, what is given on top. */
export function aRecord(
  given: Partial<UsageRecord> & { readonly id?: string; readonly hour?: number } = {},
): UsageRecord {
  const { id = "web-1", hour = 0, ...rest } = given;
  const from = instant(USAGE_START + hour * HOUR_MS);
  const amounts = amountsOf({ base: 1000 * HOUR_MS, leased: 500 * HOUR_MS });
  return {
    ...{ cell: "cell-1" as CellId, customer: "acme" as CustomerId, subject: { kind: "vm", id: id as VmId }, from },
    ...{ to: instant(from + HOUR_MS), plan: "predictive", shaped: 15, serviceLevel: 0.99, amounts, ...rest },
  };
}

/** Of CPU; nothing of what is left out. */
export function amountsOf(cpu: Readonly<Partial<Record<UsageMeter, number>>>): Float64Array {
  const amounts = new Float64Array(AMOUNT_COUNT);
  for (const meter of USAGE_METERS) amounts[amountIndex(meter, "cpu")] = cpu[meter] ?? 0;
  return amounts;
}

/** Of different pieces, over `hours` from the start on. */
export function someRecords({ hours }: { readonly hours: number }): fc.Arbitrary<readonly UsageRecord[]> {
  const piece = fc
    .record({
      hour: fc.nat({ max: hours - 1 }),
      vm: fc.nat({ max: 5 }),
      plan: fc.constantFrom(...SERVICE_PLANS),
      shaped: fc.nat({ max: 15 }),
      serviceLevel: fc.constantFrom(0.95, 0.99, 0.999),
      amounts: fc.array(fc.nat({ max: 2 ** 40 }), { minLength: AMOUNT_COUNT, maxLength: AMOUNT_COUNT }),
    })
    .map(({ hour, vm, amounts, ...terms }) =>
      aRecord({ hour, id: `vm-${vm}`, amounts: Float64Array.from(amounts), ...terms }),
    );
  return fc.uniqueArray(piece, { maxLength: 40, selector: ({ subject, from }) => `${subject.id}/${from}` });
}

/** The same usage in two pieces: exactly, whatever the amounts. */
export function splitAt(record: UsageRecord, at: Instant): readonly UsageRecord[] {
  const { from, to, amounts } = record;
  if (at <= from || at >= to) return [record];
  const first = Float64Array.from(amounts, (amount) => Math.floor((amount * (at - from)) / (to - from)));
  const second = Float64Array.from(amounts, (amount, index) => amount - (first[index] as number));
  return [
    { ...record, to: at, amounts: first },
    { ...record, from: at, amounts: second },
  ];
}
