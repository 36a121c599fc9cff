// How long rating takes: a month of many VMs, all their hours and resources, on one core; and the draft of one customer's invoice, as
// it would come out of the store.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { formatMoney } from "../src/model/money.ts";
import { RESOURCE_COUNT } from "../src/model/resources.ts";
import { seededRandom } from "../src/model/seeded-random.ts";
import { HOUR_MS, instant } from "../src/model/time.ts";
import { aRecord } from "../src/model/usage.arbitrary.ts";
import { batchesOf, packBatch, unpackBatch } from "../src/model/usage-batch.ts";
import { AMOUNT_COUNT, type UsageRecord } from "../src/model/usage-record.ts";
import { aBook } from "../src/pricing/pricing.arbitrary.ts";
import { rateUsage } from "../src/pricing/rate-usage.ts";

const HOURS = 744;
const VMS = 10_000;
const CUSTOMER_VMS = 20;

export async function benchPricing(): Promise<void> {
  rateMonth();
  for (const turn of ["the first time", "again"]) readAndRate(turn);
}

function rateMonth(): void {
  const took = stopwatch();
  const lines = rateUsage(monthOf(VMS), aBook());
  const told = took();
  if (!lines.ok) throw new Error(lines.error.message);
  const total = lines.value.reduce((sum, { amount }) => sum + amount, 0);
  const intervals = VMS * HOURS * RESOURCE_COUNT;
  process.stdout.write(
    `rating ${(intervals / 1e6).toFixed(1)} million intervals (${VMS} VMs, ${HOURS} h, ${RESOURCE_COUNT} resources): ` +
      `${told}, ${lines.value.length} lines, ${formatMoney(total as never)} EUR\n`,
  );
}

/** One record after the other, as they come from a store: never all at once. */
function* monthOf(vms: number): Generator<UsageRecord> {
  const random = seededRandom(1);
  const amounts = Float64Array.from({ length: 997 * AMOUNT_COUNT }, () => Math.floor(random.next() * 4000 * HOUR_MS));
  const plans = ["standard", "predictive", "guaranteed", "dedicated"] as const;
  for (let vm = 0; vm < vms; vm++) {
    const head = aRecord({ id: `vm-${vm}`, plan: plans[vm % plans.length] ?? "standard" });
    for (let hour = 0; hour < HOURS; hour++) {
      const from = instant(head.from + hour * HOUR_MS);
      const at = ((vm * HOURS + hour) % 997) * AMOUNT_COUNT;
      yield { ...head, from, to: instant(from + HOUR_MS), amounts: amounts.subarray(at, at + AMOUNT_COUNT) };
    }
  }
}

function readAndRate(turn: string): void {
  const hours = new Map<number, UsageRecord[]>();
  for (const record of monthOf(CUSTOMER_VMS)) hours.set(record.from, [...(hours.get(record.from) ?? []), record]);
  const [first] = batchesOf([...hours.values()][0] ?? []);
  if (first === undefined) return;
  const bodies = [...hours.values()].map((records) => {
    const { heads, amounts } = packBatch({ records });
    return { heads: JSON.stringify(heads), amounts: deflateRawSync(Buffer.from(amounts.buffer), { level: 1 }) };
  });
  const took = stopwatch();
  const records = bodies.flatMap((body) => {
    const amounts = new Float64Array(Uint8Array.prototype.slice.call(inflateRawSync(body.amounts)).buffer);
    const batch = unpackBatch({ heads: JSON.parse(body.heads), amounts }, first);
    return batch.ok ? batch.value.records : [];
  });
  const lines = rateUsage(records, aBook());
  const told = took();
  if (!lines.ok) throw new Error(lines.error.message);
  const bytes = bodies.reduce((sum, body) => sum + body.heads.length + body.amounts.length, 0) / records.length;
  process.stdout.write(
    `draft of a customer with ${CUSTOMER_VMS} VMs (${records.length} records unpacked and rated, ${turn}): ${told}, ` +
      `${bytes.toFixed(0)} bytes a record with random amounts\n`,
  );
}

/** Time of the wall and of the processor, which is what it takes where nothing else runs. */
function stopwatch(): () => string {
  const begin = performance.now();
  const used = process.cpuUsage();
  return () => {
    const wall = performance.now() - begin;
    const { user, system } = process.cpuUsage(used);
    return `${wall.toFixed(0)} ms (${((user + system) / 1000).toFixed(0)} ms of processor)`;
  };
}
