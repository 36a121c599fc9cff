import fc from "fast-check";
import { expect, test } from "vitest";
import { micros } from "../model/money.ts";
import { HOUR_MS, MINUTE_MS } from "../model/time.ts";
import { amountsOf, aRecord, someRecords } from "../model/usage.arbitrary.ts";
import type { CreditRules } from "./price-book.ts";
import { aBook } from "./pricing.arbitrary.ts";
import { coverageOf, creditFor, serviceReport } from "./service-report.ts";

const RULES = aBook().versions[0]?.credits as CreditRules;
const charged = micros(10_000_000);
const guaranteed = (hour: number, shortMs: number, burstMs = HOUR_MS) =>
  aRecord({ hour, plan: "guaranteed", amounts: amountsOf({ burst: burstMs, short: shortMs, late: 0 }) });

test("a month in which a tenth of the burst time went short: what is paid back, and which hours prove it", () => {
  const records = [guaranteed(0, 0), guaranteed(1, 6 * MINUTE_MS), guaranteed(2, 12 * MINUTE_MS)];
  const [share, ...others] = serviceReport(records);
  expect(others).toEqual([]);
  expect(share && coverageOf(share)).toBeCloseTo(0.9);
  expect(share?.evidence.map(({ shortMs }) => shortMs)).toEqual([12 * MINUTE_MS, 6 * MINUTE_MS]);
  expect(share && creditFor(share, { rules: RULES, charged })).toBe(-10_000_000);
});

test("the objective met to the millisecond is met; one millisecond less is not", () => {
  const creditOf = (shortMs: number) => {
    const [share] = serviceReport([guaranteed(0, shortMs, 1_000_000)]);
    return share && creditFor(share, { rules: RULES, charged });
  };
  expect([0, 1000, 1001, 10_000, 10_001, 50_000, 50_001].map(creditOf)).toEqual([
    0, 0, -1_000_000, -1_000_000, -2_500_000, -2_500_000, -10_000_000,
  ]);
});

test("plans that promise nothing are reported and pay nothing back; who was not predicted for is not reported", () => {
  const amounts = amountsOf({ burst: HOUR_MS, short: HOUR_MS });
  const [share] = serviceReport([aRecord({ plan: "predictive", amounts })]);
  expect(share && creditFor(share, { rules: RULES, charged })).toBe(0);
  expect(
    serviceReport([aRecord({ plan: "standard", amounts }), aRecord({ plan: "guaranteed", shaped: 0, amounts })]),
  ).toEqual([]);
});

test("the report is the same for records in any order and told twice, and a credit never exceeds what was charged", () => {
  const law = fc.property(someRecords({ hours: 100 }), fc.nat({ max: 1e9 }), (records, amount) => {
    const report = serviceReport(records);
    expect(serviceReport([...records.toReversed(), ...records])).toEqual(report);
    for (const share of report) {
      const credit = creditFor(share, { rules: RULES, charged: micros(amount) });
      expect(credit).toBeLessThanOrEqual(0);
      expect(credit).toBeGreaterThanOrEqual(-amount);
    }
  });
  fc.assert(law, { seed: 1 });
});
