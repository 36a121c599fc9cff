import fc from "fast-check";
import { expect, test } from "vitest";
import { addMoney, NO_MONEY } from "../model/money.ts";
import { RESOURCES } from "../model/resources.ts";
import { HOUR_MS, instant } from "../model/time.ts";
import { amountsOf, aRecord, someRecords, splitAt } from "../model/usage.arbitrary.ts";
import { amountOf, type UsageRecord } from "../model/usage-record.ts";
import { premiumAt, versionAt } from "./price-book.ts";
import { A_BOOK, A_VERSION, aBook } from "./pricing.arbitrary.ts";
import { isPredicted, lineAmount, rateUsage, type UsageLine } from "./rate-usage.ts";

const MID_MONTH = { ...A_VERSION, id: "2026-03b", validFrom: "2026-03-02T00:00:00Z", burst: { cpu: 0.07 } };
const BOOK = aBook({ ...A_BOOK, versions: [A_VERSION, MID_MONTH] });

function rated(records: Iterable<UsageRecord>): readonly UsageLine[] {
  const lines = rateUsage(records, BOOK);
  if (!lines.ok) throw new Error(lines.error.message);
  return lines.value;
}

const hours = someRecords({ hours: 60 });

test("an hour of one core and half a core lent, with its share of the buffer", () => {
  const amounts = amountsOf({
    base: 1000 * HOUR_MS,
    leased: 500 * HOUR_MS,
    over: 250 * HOUR_MS,
    buffer: 100 * HOUR_MS,
  });
  const told = rated([aRecord({ amounts })]).map(({ charge, resource, amount }) => [charge, resource, amount]);
  expect(told).toEqual([
    ["base", "cpu", 32_000],
    ["leased", "cpu", 8_000],
    ["used", "cpu", 6_000],
    ["premium", "cpu", 4_000],
  ]);
});

test("without a plan that predicts, what was used beyond the base is charged as burst, and nothing that was held", () => {
  const amounts = amountsOf({
    base: 1000 * HOUR_MS,
    leased: 500 * HOUR_MS,
    over: 250 * HOUR_MS,
    buffer: 100 * HOUR_MS,
  });
  for (const terms of [{ plan: "standard" as const }, { shaped: 0 }]) {
    const told = rated([aRecord({ amounts, ...terms })]).map(({ charge, amount }) => [charge, amount]);
    expect(told).toEqual([
      ["base", 32_000],
      ["burst", 16_000],
    ]);
  }
});

/** Every record priced on its own in exact fractions: amounts x rates, over one divisor for all resources. */
function priceExactly(records: readonly UsageRecord[]): bigint {
  let sum = 0n;
  for (const record of records)
    for (const resource of RESOURCES) {
      const version = versionAt(BOOK, record.from);
      if (version === undefined) throw new Error("no price");
      const prices = version.plans[record.plan];
      const unit = resource === "memory" ? 1024n : 1000n;
      const add = (meter: Parameters<typeof amountOf>[1], rate: number) => {
        sum += (BigInt(amountOf(record, meter, resource)) * BigInt(rate) * 128_000n) / unit;
      };
      add("base", prices.base[resource]);
      add("handOver", version.handOver[resource]);
      if (isPredicted(record, resource)) {
        add("leased", prices.leased[resource]);
        add("over", prices.used[resource]);
        add("buffer", premiumAt(prices, record.serviceLevel)[resource]);
      } else add("over", version.burst[resource]);
    }
  return sum;
}

test("the sum of lines is the sum of usage x rate, half a micro-unit a line off at most", () => {
  const law = fc.property(hours, (records) => {
    const lines = rated(records);
    const total = lines.reduce((sum, { amount }) => addMoney(sum, amount), NO_MONEY);
    const divisor = 128_000n * BigInt(HOUR_MS);
    const off = BigInt(total) * divisor - priceExactly(records);
    const bound = (BigInt(lines.length) * divisor) / 2n;
    expect((off < 0n ? -off : off) <= bound).toBe(true);
    for (const line of lines) expect(lineAmount(line)).toBe(line.amount);
  });
  fc.assert(law, { seed: 1 });
});

test("records in any order give the same lines", () => {
  const law = fc.property(
    hours.chain((records) =>
      fc.tuple(fc.constant(records), fc.shuffledSubarray([...records], { minLength: records.length })),
    ),
    ([records, shuffled]) => {
      expect(rated(shuffled)).toEqual(rated(records));
    },
  );
  fc.assert(law, { seed: 2 });
});

test("usage cut into any pieces costs the same, to the last micro-unit", () => {
  const law = fc.property(
    hours,
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 5 }),
    (records, cuts) => {
      let pieces: readonly UsageRecord[] = records;
      for (const cut of cuts)
        pieces = pieces.flatMap((each) => splitAt(each, instant(Math.round(each.from + cut * (each.to - each.from)))));
      expect(rated(pieces)).toEqual(rated(records));
    },
  );
  fc.assert(law, { seed: 3 });
});

test("a correction changes the bill by what it corrects, and one that takes all back leaves nothing", () => {
  const law = fc.property(hours, (records) => {
    const back = records.map((record) => ({
      ...record,
      amounts: Float64Array.from(record.amounts, (amount) => -amount),
      correction: { number: 1, reason: "never happened" },
    }));
    expect(rated([...records, ...back])).toEqual([]);
  });
  fc.assert(law, { seed: 4 });
});

test("usage at a time without a price is no bill of nothing but a failure that says when", () => {
  const lines = rateUsage([aRecord({ from: instant(0), to: instant(HOUR_MS) })], BOOK);
  expect(lines).toMatchObject({ ok: false, error: { kind: "not-found" } });
});
